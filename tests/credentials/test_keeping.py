"""`open` keeps openers, and not the specs and environments that they were made of."""

from __future__ import annotations

import gc
import os
import tracemalloc
import weakref
from collections import OrderedDict, UserDict
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from tests.credentials.sealing import OLD, PLAIN, TEXT, loaded, sealed

import assay
from assay import credentials
from assay.credentials import openers
from assay.credentials.openers import Kept
from assay.errors import KeyFault

HOW: Any = {"credential": "mpesa", "column": "secret"}


@pytest.fixture(autouse=True)
def kept(monkeypatch) -> Kept:
    made = Kept(openers.KEPT)
    monkeypatch.setattr(openers, "_kept", made)
    return made


def environment(number: int) -> UserDict[str, str]:
    """Variables of a process: a key, and a hundred kilobytes of others."""
    return UserDict(KEY=TEXT, NUMBER=str(number), OTHERS=f"{number:06}" * 17_000)


def test_neither_specs_nor_environments_are_kept_alive(project):
    folder = project.folder / "specs"
    loaded(project)
    gone: list[weakref.ref[Any]] = []

    def opened(number: int) -> None:
        spec, process = assay.load(folder), environment(number)
        assert credentials.open(sealed(), spec=spec, environment="ci", process=process, **HOW)
        assert credentials.open(sealed(), spec=spec, environment="production", **HOW)
        gone.extend([weakref.ref(spec), weakref.ref(process)])

    for number in range(5):
        opened(number)
    gc.collect()
    assert [alive() for alive in gone] == [None] * 10


def test_memory_stays_flat_however_many_environments_come_by(project):
    spec = loaded(project)

    def opened(first: int, last: int) -> int:
        for number in range(first, last):
            how = {"spec": spec, "environment": "ci", "process": environment(number), **HOW}
            assert credentials.open(sealed(), **how) == PLAIN
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        opened(0, 10)
        before = opened(10, 20)
        assert opened(20, 120) - before < 2_000_000  # a hundred environments have 10 MB
    finally:
        tracemalloc.stop()


def test_openers_are_kept_up_to_a_limit(kept, project):
    spec = loaded(project)
    for number in range(openers.KEPT + 20):
        process = {"KEY": TEXT, "NUMBER": str(number)}
        credentials.open(sealed(), spec=spec, environment="ci", process=process, **HOW)
    assert len(kept._openers) == openers.KEPT


def test_equal_arguments_share_an_opener(kept, project):
    spec = loaded(project)
    for process in ({"KEY": TEXT, "A": "1"}, {"A": "1", "KEY": TEXT}):
        credentials.open(sealed(), spec=spec, environment="ci", process=process, **HOW)
    assert len(kept._openers) == 1
    for given in (None, os.environ):
        credentials.open(sealed(), spec=spec, environment="production", process=given, **HOW)
    assert len(kept._openers) == 2
    for _ in range(3):
        credentials.open(
            sealed(),
            key=credentials.Recipe(cipher="aes-128-gcm", encoding="hex"),
            text=TEXT,
            envelope={"cipher": "aes-128-gcm", "layout": ["iv:12", "tag:16", "ciphertext"]},
            previous={"OLD": OLD},
        )
    assert len(kept._openers) == 3


def test_what_was_used_last_is_kept():
    kept = Kept(2)
    made: Any = [Dummy(), Dummy(), Dummy()]
    kept.put("a", made[0])
    kept.put("b", made[1])
    assert kept.get("a") is made[0]
    kept.put("c", made[2])
    assert [kept.get(name) for name in "abc"] == [made[0], None, made[2]]
    assert kept.put(None, made[1]) is made[1]
    assert [kept.get("b"), kept.get(None)] == [None, None]


class Contended(OrderedDict[Any, Any]):
    """Openers that another thread drops at any time."""

    def move_to_end(self, key: Any, last: bool = True) -> None:
        raise KeyError(key, last)


def test_what_another_thread_drops_is_still_used():
    kept, made = Kept(2), Dummy()
    kept._openers = Contended()
    kept.put("a", made)  # type: ignore[arg-type]
    assert kept.get("a") is made  # type: ignore[comparison-overlap]


class Dummy:
    def forget_process(self) -> None:
        pass


def test_another_spec_at_the_same_address_is_another_spec(kept, project):
    loaded(project)
    for _ in range(20):  # one dies before the next is made, mostly at its place in memory
        spec = assay.load(project.folder / "specs")
        assert credentials.open(sealed(), spec=spec, environment="production", **HOW) == PLAIN
        del spec
    other = assay.load(project.folder / "specs")
    project.env(f"KEY={OLD}\n")
    with pytest.raises(KeyFault):
        credentials.open(sealed(), spec=other, environment="production", **HOW)


def test_an_environment_with_another_key_has_an_opener_of_its_own(project):
    spec = loaded(project)
    one, other = {"KEY": TEXT}, {"KEY": OLD}
    for _ in range(2):
        how = {"spec": spec, "environment": "ci", **HOW}
        assert credentials.open(sealed(), process=one, **how) == PLAIN
        assert credentials.open(sealed(OLD), process=other, **how) == PLAIN
        with pytest.raises(KeyFault):
            credentials.open(sealed(OLD), process=one, **how)


def test_a_failure_looks_at_the_environment_of_its_own_call(project):
    spec = loaded(project)
    how = {"spec": spec, "environment": "ci", **HOW}
    with pytest.raises(KeyFault, match="encrypted with KEY_OLD, an earlier key"):
        credentials.open(sealed(OLD), process={"KEY": TEXT, "KEY_OLD": OLD}, **how)


def test_threads_use_what_is_kept_at_once(kept, project):
    spec = loaded(project)

    def work(number: int) -> bytes:
        process = {"KEY": TEXT, "NUMBER": str(number % 300)}
        return credentials.open(sealed(), spec=spec, environment="ci", process=process, **HOW)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(work, range(1200))) == {PLAIN}
    assert len(kept._openers) <= openers.KEPT
