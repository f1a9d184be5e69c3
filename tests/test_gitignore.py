"""Which files git ignores, compared with git."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from assay.gitignore import ignored

if TYPE_CHECKING:
    from pathlib import Path

PATHS = [
    *(".env", ".env.local", ".env.ci", "app.env", "a/.env", "a/.env.local", "a/b/.env.local"),
    *("a/b/c/.env", "conf/.env", "conf/x/.env", "keep/.env.local", "b/.env", "x y.env", "#.env"),
    *("!x.env", "1.env", "Q.env", "a*.env", "ab.env", "build/.env", "a/build/.env"),
]
RULES = [
    ".env.local",
    ".env*\n!.env.ci",
    "*.local",
    ".env*.local\n",
    "/.env",
    "/a/.env",
    "a/.env",
    "a/**",
    "a/**/.env",
    "**/b/.env*",
    "conf/",
    "conf\n!conf/.env",
    "conf/*\n!conf/x/",
    "build/\n!build/.env",
    "[0-9].env",
    "[!a-z].env",
    "?.env",
    "a\\*.env",
    "\\#.env\n# .env\n",
    "\\!x.env",
    "x y.env   ",
    "*\n!.env",
    "[",
    "a/*/.env*",
]


def git(folder: Path, *argv: str, stdin: str = "") -> str:
    command = ["git", "-c", "core.excludesFile=", "-C", str(folder), *argv]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False).stdout


def agrees(folder: Path) -> set[str]:
    said = git(folder, "check-ignore", "-z", "--stdin", stdin="\0".join(PATHS))
    theirs = set(filter(None, said.split("\0")))
    assert {path for path in PATHS if ignored(str(folder / path))} == theirs
    return theirs


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repository")
    git(folder, "init", "--quiet")
    return folder


@pytest.mark.parametrize("rules", RULES)
def test_the_same_files_are_ignored_as_by_git(repository, rules):
    (repository / ".gitignore").write_text(rules)
    found = agrees(repository)
    assert bool(found) == (rules != "[")


def test_a_nearer_file_has_the_last_word_and_what_is_tracked_is_not_ignored(tmp_path):
    git(tmp_path, "init", "--quiet")
    (tmp_path / ".gitignore").write_text(".env*\n")
    for folder, rules in (("a", "!.env.local\n"), ("a/b", ".env.local\n")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / ".gitignore").write_text(rules)
    assert {".env", "a/b/.env.local"} <= agrees(tmp_path)
    assert not ignored(str(tmp_path / "a/.env.local"))
    (tmp_path / "a" / ".env").write_text("A=1\n")
    git(tmp_path, "add", "--force", "a/.env")
    assert "a/.env" not in agrees(tmp_path)
    assert ignored(str(tmp_path / ".env"))
    git(tmp_path, "update-index", "--skip-worktree", "a/.env")  # an entry with more flags
    assert "a/.env" not in agrees(tmp_path)


def test_outside_of_a_repository_nothing_is_ignored(tmp_path):
    (tmp_path / ".gitignore").write_text("*\n")
    assert not ignored(str(tmp_path / ".env"))


def test_a_worktree_has_its_own_index(tmp_path):
    main = tmp_path / "main"
    main.mkdir()
    git(main, "init", "--quiet")
    (main / ".gitignore").write_text(".env\n")
    (main / ".env").write_text("A=1\n")
    git(main, "add", "--force", ".env", ".gitignore")
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    git(main, *who, "commit", "--quiet", "--no-verify", "-m", "x")
    git(main, "worktree", "add", "--quiet", str(tmp_path / "other"))
    assert not ignored(str(tmp_path / "other" / ".env"))
    assert ignored(str(tmp_path / "other" / "a" / ".env"))
