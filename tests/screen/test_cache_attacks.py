"""Nothing that others put into the cache is believed, and no entry outlives what it was made of."""

from __future__ import annotations

import contextlib
import marshal
import os
import shutil
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assay.screen import private, store
from assay.screen.store import PLAN, TREE, recall
from assay.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.project import Project

NOBODY = 65534


@pytest.fixture
def cache(project: Project) -> Path:
    """The cache folder, filled by a hook on a clean file."""
    project.spec("variables: {PORT: {type: port}}")
    project.env("PORT=80\n")
    assert project.run("hook", ".env") == (0, "", "")
    assert known(project)
    return Path(os.environ["XDG_CACHE_HOME"]) / "assay"


def known(project: Project, part: str = PLAN) -> bool:
    with contextlib.chdir(project.folder):
        return recall(None, os.getcwd(), part) is not None


def still_judged(project: Project) -> None:
    """A hook finds what is wrong, and a clean file is clean, whatever the cache holds."""
    project.env("PORT=0\n")
    ran = project.run("hook", ".env")
    assert (ran.code, ran.err) == (1, "")
    assert "port-out-of-range" in ran.out
    project.env("PORT=80\n")
    assert project.run("hook", ".env") == (0, "", "")


def plan(cache: Path) -> Path:
    [found] = cache.glob("*.plan")
    return found


def test_only_the_user_may_read_what_is_remembered(cache):
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700
    files = list(cache.iterdir())
    assert len(files) == 3
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert all("project" not in file.name for file in files)


BOMBS = {
    "truncated": lambda data: data[:-5],
    "a flipped bit": lambda data: data[:40] + bytes([data[40] ^ 1]) + data[41:],
    "a flipped bit of the checksum": lambda data: bytes([data[0] ^ 1]) + data[1:],
    "nothing": lambda _: b"",
    "garbage": lambda _: b"\xff" * 500,
    "deep nesting": lambda _: bytes(32) + b"[\x01\0\0\0" * 100_000,
    "a huge list": lambda _: bytes(32) + b"[\xff\xff\xff\x7f",
    "a reference to nothing": lambda _: bytes(32) + b"r\xff\xff\xff\x7f",
    "code": lambda _: bytes(32) + marshal.dumps(compile("1", "x", "eval")),
    "marshal without a checksum": lambda data: data[32:],
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_what_has_no_checksum_is_never_unmarshalled(project, cache, monkeypatch, bomb):
    for entry in (*cache.glob("*.plan"), *cache.glob("*.tree")):
        entry.write_bytes(BOMBS[bomb](entry.read_bytes()))
    with monkeypatch.context() as patch:
        patch.setattr("assay.screen.store.marshal.loads", lambda _: pytest.fail("unmarshalled"))
        assert not known(project)
        assert not known(project, TREE)
    still_judged(project)
    assert known(project), "it was made again"


def test_an_entry_of_another_project_or_part_is_not_believed(project, cache, tmp_path):
    other = type(project)(tmp_path / "other")
    other.spec("variables: {PORT: {required: false}}")
    other.env("PORT=80\n")
    own = plan(cache)
    assert other.run("hook", ".env").code == 0
    [others] = [found for found in cache.glob("*.plan") if found != own]
    own.write_bytes(others.read_bytes())
    assert not known(project)
    own.write_bytes(own.with_suffix(".tree").read_bytes())
    assert not known(project)
    still_judged(project)


def test_a_cache_that_was_brought_along_is_not_believed(project, cache, monkeypatch, tmp_path):
    """Key, entries, owner and modes are the same: as in an archive, or a cache that CI restores."""
    shutil.copytree(cache, tmp_path / "brought" / "assay")
    (tmp_path / "brought").chmod(0o700)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "brought"))
    assert not known(project)
    still_judged(project)
    assert known(project), "the key is as good as any for new entries"


def _link(path: Path) -> None:
    away = path.parent.parent / f"away-{path.name}"
    path.rename(away)
    path.symlink_to(away)


def plan_path(cache: Path) -> Path:
    [tree] = cache.glob("*.tree")
    return tree.with_suffix(".plan")


def _replaced(path: Path, make: Callable[[Path], object]) -> None:
    path.unlink()
    make(path)


MISUSED: dict[str, Callable[[Path], object]] = {
    "a folder for all": lambda cache: cache.chmod(0o777),
    "a folder to be read by others": lambda cache: cache.chmod(0o755),
    "a folder for the group": lambda cache: cache.chmod(0o770),
    "a shared cache, as /tmp": lambda cache: cache.parent.chmod(0o1777),
    "a folder that is a link": _link,
    "an entry that is a link": lambda cache: _link(plan_path(cache)),
    "an entry that is a pipe": lambda cache: _replaced(plan_path(cache), os.mkfifo),
    "an entry that is a folder": lambda cache: _replaced(plan_path(cache), Path.mkdir),
    "an entry to be read by others": lambda cache: plan_path(cache).chmod(0o644),
    "an entry that is too large": lambda cache: os.truncate(plan_path(cache), private.LARGEST + 1),
    "a key that is a link": lambda cache: _link(cache / "key"),
    "a key that is a pipe": lambda cache: _replaced(cache / "key", os.mkfifo),
    "a key that is a folder": lambda cache: _replaced(cache / "key", Path.mkdir),
    "a key to be read by others": lambda cache: (cache / "key").chmod(0o644),
    "a key that was written again": lambda cache: (cache / "key").write_bytes(b"k" * 32),
    "a short key": lambda cache: os.truncate(cache / "key", 31),
    "an empty key": lambda cache: os.truncate(cache / "key", 0),
    "a long key": lambda cache: os.truncate(cache / "key", 33),
    "no key": lambda cache: (cache / "key").unlink(),
}


@pytest.mark.parametrize("misuse", MISUSED)
def test_what_is_not_the_users_alone_is_not_believed(project, cache, misuse):
    MISUSED[misuse](cache)
    assert not known(project)
    still_judged(project)


@pytest.mark.parametrize("misuse", [name for name in MISUSED if "entry" in name])
def test_an_entry_that_was_misused_is_made_again(project, cache, misuse):
    MISUSED[misuse](cache)
    still_judged(project)
    assert known(project) == ("is a folder" not in misuse)


@pytest.mark.parametrize("misuse", [name for name in MISUSED if "key" in name])
def test_a_key_that_was_misused_is_made_again(project, cache, misuse):
    MISUSED[misuse](cache)
    still_judged(project)
    assert known(project) == ("is a folder" not in misuse)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a file away")
@pytest.mark.parametrize("path", ["", "key", "plan"])
def test_what_belongs_to_somebody_else_is_not_believed(project, cache, path):
    os.chown(plan(cache) if path == "plan" else cache / path, NOBODY, NOBODY)
    assert not known(project)
    still_judged(project)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can make a link for somebody else")
def test_a_link_of_somebody_else_is_not_followed(project, cache, monkeypatch, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(cache.parent)
    monkeypatch.setenv("XDG_CACHE_HOME", str(link))
    assert known(project), "a link of the user's own is no harm"
    os.lchown(link, NOBODY, NOBODY)
    assert not known(project)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be in the home of another user")
@pytest.mark.parametrize("there", [True, False])
def test_nothing_is_made_in_the_home_of_another_user(project, monkeypatch, tmp_path, there):
    """As under sudo, which keeps HOME: a `.cache` of root's would be of no use to its owner."""
    home = tmp_path / "home"
    home.mkdir()
    if there:
        (home / ".cache").mkdir()
        os.chown(home / ".cache", NOBODY, NOBODY)
    os.chown(home, NOBODY, NOBODY)
    before = sorted(home.rglob("*"))
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(home))
    project.spec("variables: {PORT: {type: port}}")
    still_judged(project)
    assert sorted(home.rglob("*")) == before


@pytest.mark.parametrize("place", ["cache", "specs", ".", "../beside", "inner/../cache", "link"])
@pytest.mark.parametrize("name", ["XDG_CACHE_HOME", "HOME"])
def test_there_is_no_cache_in_the_project(project, monkeypatch, tmp_path, place, name):
    """`.git` stands above the project, as in a monorepo."""
    (tmp_path / ".git").mkdir()
    (project.folder / "inner").mkdir()
    project.spec("variables: {PORT: {type: port}}")
    project.env("PORT=80\n")
    away = Path(os.environ["XDG_CACHE_HOME"]) / "away"
    away.mkdir()
    (project.folder / "link").symlink_to(away)
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv(name, str(project.folder / place))
    assert project.run("hook", ".env") == (0, "", "")
    assert not known(project)
    assert not list(tmp_path.rglob("*.plan")) + list(away.rglob("*.plan"))


def test_there_is_no_cache_in_the_repository_that_a_spec_from_elsewhere_judges(
    project, cache, monkeypatch, tmp_path
):
    stranger = type(project)(tmp_path / "stranger")
    (stranger.folder / ".git").mkdir(parents=True)
    stranger.env("PORT=80\n")
    monkeypatch.setenv("XDG_CACHE_HOME", str(stranger.folder / "cache"))
    assert stranger.run("hook", "--spec", str(project.folder / "specs"), ".env").code == 0
    assert not (stranger.folder / "cache").exists()


@pytest.mark.parametrize("given", ["", "relative", "./cache"])
def test_a_relative_cache_is_none_of_the_specification(project, cache, monkeypatch, given):
    monkeypatch.setenv("HOME", str(cache.parent / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", given)
    assert project.run("hook", ".env").code == 0
    assert known(project)
    assert len(list((cache.parent / "home" / ".cache" / "assay").glob("*.plan"))) == 1
    monkeypatch.setenv("HOME", given or "relative")
    assert project.run("hook", ".env").code == 0
    assert not known(project)
    assert not list(project.folder.rglob("*.plan"))


def _pipe(file: Path) -> None:
    _replaced(file, os.mkfifo)


def _device(file: Path) -> None:
    _replaced(file, lambda path: path.symlink_to("/dev/zero"))


def _folder_link(file: Path) -> None:
    _link(file.parent)


@pytest.mark.parametrize("change", [_pipe, _device, _link, _folder_link, Path.unlink])
def test_a_spec_file_that_became_something_else_is_not_the_same(project, cache, change):
    """As `lint` on the changed spec, without waiting for a pipe that nobody writes to."""
    change(project.folder / "specs" / "app.yaml")
    assert not known(project)
    assert not known(project, TREE)


def test_a_project_whose_spec_is_reached_by_a_link_has_no_entry(project, cache):
    _link(project.folder / "specs" / "app.yaml")
    still_judged(project)
    assert not known(project)


def test_a_spec_file_that_arrives_while_the_others_are_read_is_not_forgotten(project, monkeypatch):
    project.spec("variables: {PORT: {type: port}}")
    project.env("PORT=80\n")
    real = store.remember

    def later(*given: object, **options: object) -> None:
        project.spec("variables: {HOST: }", "specs/b.yaml")
        real(*given, **options)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(store, "remember", later)
        assert project.run("hook", ".env").code == 0
    assert not known(project)
    ran = project.run("hook", ".env")
    assert ran.code == 1
    assert "HOST is not set" in ran.out
    (project.folder / "specs" / "b.yaml").unlink()
    assert not known(project), "the entry is that of both files"


def test_a_spec_file_that_changes_after_it_was_read_is_not_remembered(project, monkeypatch):
    project.spec("variables: {PORT: {type: port}}")
    project.env("PORT=80\n")
    real = store.remember

    def later(*given: object, **options: object) -> None:
        project.spec("variables: {POR2: {type: port}}")
        real(*given, **options)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(store, "remember", later)
        project.run("hook", ".env")
    assert not known(project)
    assert project.run("hook", ".env").code == 1


def test_a_spec_of_the_library_that_changes_is_read_again(project, monkeypatch, tmp_path):
    library = tmp_path / "library"
    library.mkdir()
    (library / "shop.yaml").write_text("assay: 1\nvariables: {PORT: {type: port}}\n")
    for module in ("gate", "spec.merging", "spec.files"):
        monkeypatch.setattr(f"assay.{module}.folder", lambda _: str(library))
    project.spec("imports: ['builtin:shop']")
    project.env("PORT=80\n")
    assert project.run("hook", ".env") == (0, "", "")
    assert known(project)
    (library / "shop.yaml").write_text("assay: 1\nvariables: {HOST: {type: port}}\n")
    assert not known(project)
    assert "HOST is not set" in project.run("hook", ".env").out


@pytest.mark.parametrize("part", store._JUDGING)
def test_the_same_version_with_other_code_has_entries_of_its_own(
    project, cache, monkeypatch, tmp_path, part
):
    package = Path(store.__file__).parent.parent
    for name in store._JUDGING:
        shutil.copytree(package / name, tmp_path / "assay" / name, dirs_exist_ok=True)
    monkeypatch.setattr(store, "__file__", str(tmp_path / "assay" / "screen" / "store.py"))
    assert known(project), "the copy is the same to the nanosecond"
    own = tmp_path / "assay" / part
    [module, *_] = [*sorted(own.glob("*/kind.py")), *sorted(own.glob("*.py"))]
    module.write_bytes(module.read_bytes() + b"\n")
    assert not known(project)
    still_judged(project)
    assert known(project)


def test_the_same_version_that_was_installed_again_has_entries_of_its_own(
    project, cache, monkeypatch, tmp_path
):
    package = Path(store.__file__).parent.parent
    for name in store._JUDGING:
        shutil.copytree(package / name, tmp_path / "assay" / name, dirs_exist_ok=True)
    record = tmp_path / f"assay-{__version__}.dist-info" / "RECORD"
    record.parent.mkdir()
    record.write_text("assay/screen/store.py,sha256=1,1\n")
    monkeypatch.setattr(store, "__file__", str(tmp_path / "assay" / "screen" / "store.py"))
    assert not known(project), "that is another installation"
    still_judged(project)
    assert known(project)
    record.unlink()
    record.write_text("assay/screen/store.py,sha256=2,1\n")
    assert not known(project)
    still_judged(project)
    module = tmp_path / "assay" / "kinds" / "rule" / "kind.py"
    module.rename(module.with_suffix(".old"))
    assert not known(project), "somebody has edited it where it is installed"


def test_a_spec_that_gives_a_secret_a_default_is_not_written_elsewhere(project, tmp_path):
    project.spec("variables: {KEY: {secret: true, default: not-for-production}}")
    project.env("KEY=9fK2mQ7xT4vL8wR3pZ6y\n")
    assert project.run("hook", ".env").code == 0
    assert not known(project)
    cache = Path(os.environ["XDG_CACHE_HOME"])
    assert not [file for file in cache.rglob("*.*") if b"not-for-production" in file.read_bytes()]


def test_a_key_that_another_run_has_just_made_is_used(cache, monkeypatch):
    real, calls = private.key, []

    def key(folder: str) -> private.CacheKey | None:
        calls.append(folder)
        if len(calls) == 1:
            raise FileNotFoundError
        return real(folder)

    monkeypatch.setattr(private, "key", key)
    before = (cache / "key").read_bytes()
    assert private.make_key(str(cache)) is not None
    assert (cache / "key").read_bytes() == before


def test_a_key_is_not_shown(cache):
    key = private.key(str(cache))
    assert repr(key) == "Key(...)"


def test_an_entry_that_can_t_be_written_leaves_nothing(cache, monkeypatch):
    key = private.key(str(cache))
    assert key is not None
    before = sorted(cache.iterdir())

    def full(*_: object) -> None:
        raise OSError("no space")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="no space"):
        private.seal(str(cache), "x.plan", key, b"data")
    assert sorted(cache.iterdir()) == before
