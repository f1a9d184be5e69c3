"""A spec can't have a document written where it would be run, or outside of the project."""

from __future__ import annotations

import os

import pytest

from assay.documents import places
from assay.errors import OutputError

LIMIT = 1000


def refused(root: object, path: str) -> str:
    said = []
    for act in (
        lambda: places.read_document(str(root), path, limit=LIMIT),
        lambda: places.write_document(str(root), path, b"x"),
    ):
        with pytest.raises(OutputError) as failure:
            act()
        assert failure.value.remedy
        said.append(failure.value.message)
    assert said[0] == said[1]
    return said[0]


@pytest.mark.parametrize(
    "path",
    [
        ".git/hooks/pre-commit",
        ".GIT/hooks/pre-commit",
        "sub/.git/config",
        "sub/.Git /config",
        ".git./config",
        "GIT~1/config",
        ".git::$INDEX_ALLOCATION/config",
        ".g\u200cit/config",
        ".hg/hgrc",
        ".svn/x",
        "sub/.git",
    ],
)
def test_nothing_is_written_for_version_control(tmp_path, path):
    assert "belongs to version control" in refused(tmp_path, path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("names", [("objects", "refs"), ("commondir",)])
def test_the_files_of_a_repository_are_known_by_what_they_are(tmp_path, names):
    (tmp_path / "meta/hooks").mkdir(parents=True)
    for name in ("HEAD", *names):
        (tmp_path / "meta" / name).touch()
    assert "the data of a Git repository" in refused(tmp_path, "meta/hooks/pre-commit")
    assert "the data of a Git repository" in refused(tmp_path / "meta", "config")


def test_no_link_is_followed(tmp_path):
    root = tmp_path / "project"
    (root / "real").mkdir(parents=True)
    (tmp_path / "target.md").write_text("mine\n")
    (root / "a.md").symlink_to(tmp_path / "target.md")
    (root / "nowhere.md").symlink_to(tmp_path / "new.md")
    (root / "out").symlink_to(tmp_path)
    (root / "in").symlink_to("real")
    for path in ("a.md", "nowhere.md", "out/target.md", "out/new.md", "in/a.md", "in/x/a.md"):
        assert "goes through a symbolic link" in refused(root, path)
    for path in ("../new.md", "real/../../new.md", f"{tmp_path}/new.md"):
        assert "is outside the project" in refused(root, path)
    assert (tmp_path / "target.md").read_text() == "mine\n"
    assert not (tmp_path / "new.md").exists()
    assert list((root / "real").iterdir()) == []


def test_a_folder_that_becomes_a_link_while_it_is_entered_is_not_followed(tmp_path, monkeypatch):
    root = tmp_path / "project"
    (root / "docs").mkdir(parents=True)
    real = os.open

    def swapped(path: str, flags: int, *rest: int, dir_fd: int | None = None) -> int:
        if path == "docs":
            (root / "docs").rename(root / "was")
            (root / "docs").symlink_to(tmp_path)
        return real(path, flags, *rest, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", swapped)
    monkeypatch.setattr(places, "ANCHORED", True)
    with pytest.raises(OutputError):
        places.write_document(str(root), "docs/a.md", b"x")
    assert not (tmp_path / "a.md").exists()


def test_only_files_of_a_sensible_size_are_read(tmp_path):
    (tmp_path / "large").write_bytes(b"x" * 11)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    codes = {
        name: places.read_document(str(tmp_path), name, limit=10)[0]
        for name in ("large", "pipe", "folder", "none", "none/below")
    }
    assert codes == {
        "large": "too-large",
        "pipe": "not-a-file",
        "folder": "directory",
        "none": "missing",
        "none/below": "missing",
    }


def test_what_fails_leaves_the_old_content_and_nothing_else(tmp_path, monkeypatch):
    (tmp_path / "a.md").write_text("old\n")

    def full(_: int) -> None:
        raise OSError(28, "no space")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match=r"a\.md could not be written"):
        places.write_document(str(tmp_path), "a.md", b"new\n")
    assert [file.name for file in tmp_path.iterdir()] == ["a.md"]
    assert (tmp_path / "a.md").read_text() == "old\n"
