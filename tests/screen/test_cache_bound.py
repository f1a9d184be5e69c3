"""The cache keeps to its bound by itself, and its file names reveal nothing."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from assay.screen import private


@pytest.fixture
def cache(project):
    project.spec("variables: {PORT: {type: port}}", name="billing/specs/app.yaml")
    assert project.run("check", "--spec", "billing/specs").code in (0, 1)
    return Path(os.environ["XDG_CACHE_HOME"]) / "assay"


def again(project):
    """A run that remembers something."""
    file = project.folder / "billing/specs/app.yaml"
    file.write_text(file.read_text() + "# more\n")
    project.run("check", "--spec", "billing/specs")


def aged(path, seconds, size=1):
    path.write_bytes(b"x" * size)
    now = os.stat(path).st_mtime
    os.utime(path, (now - seconds, now - seconds))
    return path


def test_names_reveal_nothing(cache):
    names = [file.name for file in cache.iterdir()]
    assert len(names) > 1
    for name in names:
        assert name == private.KEY or re.fullmatch(r"[0-9a-f]{32}\.(plan|tree)", name)


def test_the_oldest_entries_beyond_the_bound_go(project, cache, monkeypatch):
    monkeypatch.setattr(private, "MOST", 5)
    old = [aged(cache / f"{number:032x}.plan", 100 + number) for number in range(8)]
    again(project)
    kept = [file for file in old if file.exists()]
    assert kept == old[: 5 - 2]  # those of this run are the newest


def test_the_oldest_entries_beyond_the_bytes_go(project, cache, monkeypatch):
    monkeypatch.setattr(private, "MOST_BYTES", 100_000)
    new = aged(cache / f"{1:032x}.tree", 10, size=50_000)
    old = aged(cache / f"{2:032x}.tree", 20, size=50_000)
    again(project)
    assert (new.exists(), old.exists()) == (True, False)


def test_what_earlier_versions_left_goes_and_nothing_else(project, cache):
    legacy = aged(cache / "-srv-shop-billing-145722ea7cab5158.plan", 10)
    torn = aged(cache / f"{1:032x}.plan.4711.0a1b2c3d", 7200)
    being_written = aged(cache / f"{1:032x}.plan.4711.0a1b2c3e", 10)
    foreign = aged(cache / "notes.txt", 10**6)
    folder = cache / f"{1:032x}.tree"
    folder.mkdir()
    again(project)
    assert not legacy.exists()
    assert not torn.exists()
    assert being_written.exists()
    assert foreign.exists()
    assert folder.is_dir()
    assert (cache / private.KEY).exists()
