"""Garbage can't keep an application busy, be it in threads or beside an event loop."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from typing import Any

import pytest
from tests.credentials.sealing import (
    OLD,
    PLAIN,
    TEXT,
    garbage,
    loaded,
    opener,
    sealed,
)

from assay import credentials
from assay.credentials import Recipe
from assay.credentials import opening as module
from assay.credentials.faults import HURRIED, fault
from assay.credentials.opening import ExplainingBudget
from assay.crypto.autopsy.diagnosing import BRIEF, Effort
from assay.errors import CredentialError, FormatFault, KeyFault, UsageError

BUFFER = json.dumps({"type": "Buffer", "data": list(sealed())})


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_budget_lets_no_more_through_than_it_has():
    clock = Clock()
    budget = ExplainingBudget(1.0, clock)
    spent = 0
    for _ in range(10):
        if (reserved := budget.reserve()) is not None:
            budget.pay(reserved, 0.4)
            spent += 1
    assert spent == 3  # the last begins with 0.2 seconds left
    clock.now += 11.9
    assert budget.reserve() is None
    clock.now += 0.2
    assert budget.reserve() is not None


def test_a_budget_fills_up_again_and_no_further():
    clock = Clock()
    budget = ExplainingBudget(1.0, clock)
    clock.now += 1e6
    begun = 0
    while (reserved := budget.reserve()) is not None:
        budget.pay(reserved, 0.5)
        begun += 1
    assert begun == 2


def test_work_that_is_being_done_is_set_aside():
    budget = ExplainingBudget(1.0, Clock())
    first = budget.reserve()
    assert first is not None
    budget.pay(first, 0.3)
    taken = [budget.reserve() for _ in range(9)]
    assert taken == [0.3, 0.3, 0.3, *[None] * 6]


def test_a_budget_of_nothing_lets_nothing_through():
    assert ExplainingBudget(0, Clock()).reserve() is None
    assert ExplainingBudget(float("inf"), Clock()).reserve() is not None


@pytest.fixture
def efforts(monkeypatch) -> list[Effort]:
    """How thoroughly each ciphertext was examined."""
    real: Any = vars(module)["examined"]
    seen: list[Effort] = []

    def watched(*given: Any) -> Any:
        seen.append(given[-1])
        return real(*given)

    monkeypatch.setattr(module, "examined", watched)
    return seen


def failed(made: credentials.Opener, cell: Any) -> CredentialError:
    with pytest.raises(CredentialError) as caught:
        made.open(cell)
    assert caught.value.__context__ is None
    return caught.value


def test_ten_texts_of_garbage_take_no_longer_than_the_budget(project, efforts):
    made = opener(loaded(project), budget=0.3)
    begun = time.perf_counter()
    errors = [failed(made, cell) for cell in garbage(30)]
    assert time.perf_counter() - begun < 3
    full = efforts.count(Effort())
    assert 1 <= full < 10
    assert efforts == [Effort()] * full + [BRIEF] * (30 - full)
    assert [HURRIED in error.evidence for error in errors] == [False] * full + [True] * (30 - full)
    assert {error.rule for error in errors} == {"credential-key-unknown"}


def test_a_brief_examination_finds_what_is_likely(project, efforts):
    made = opener(loaded(project), explain="brief")
    assert failed(made, sealed(OLD)).rule == "credential-previous-key"
    error = failed(made, BUFFER)
    assert isinstance(error, FormatFault)
    assert HURRIED not in error.evidence
    assert set(efforts) == {BRIEF}


def test_without_an_examination_the_error_names_no_cause(project, efforts):
    error = failed(opener(loaded(project), explain="none"), BUFFER)
    assert type(error) is CredentialError
    assert error.message == "mpesa.secret: can't be decrypted, and the cause was not examined"
    assert "assay credentials check" in error.remedy
    assert efforts == []
    assert fault((), {}).message == "can't be decrypted, and the cause was not examined"


def test_without_an_examination_a_key_is_still_replaced(project):
    made = opener(loaded(project, f"KEY={OLD}\n"), explain="none")
    project.env(f"KEY={TEXT}\n")
    assert made.open(sealed()) == PLAIN


def test_what_was_made_of_the_keys_serves_the_next_examination(project):
    made = opener(loaded(project), budget=60)
    one, other = garbage(2)
    failed(made, one)
    search = made._keys.search
    assert search is not None
    failed(made, other)
    assert made._keys.search is search


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"explain": "ful"}, "explain must be full, brief or none: did you mean full?"),
        ({"explain": None}, "explain must be full, brief or none: did you mean none?"),
        ({"budget": -1}, "budget must be a number of seconds, 0 or more"),
        ({"budget": "1s"}, "budget must be a number of seconds, 0 or more"),
        ({"budget": True}, "budget must be a number of seconds, 0 or more"),
        ({"budget": float("nan")}, "budget must be a number of seconds, 0 or more"),
    ],
)
def test_options_that_make_no_sense_are_usage_errors(project, options, said):
    with pytest.raises(UsageError) as caught:
        opener(loaded(project), **options)
    assert caught.value.message == said
    assert caught.value.remedy


def longest_stall(work: Any) -> tuple[list[Any], float]:
    """What a coroutine returns, and the longest time that the loop did nothing else."""

    async def both() -> tuple[list[Any], float]:
        gaps, done = [0.0], asyncio.Event()

        async def tick() -> None:
            last = time.perf_counter()
            while not done.is_set():
                await asyncio.sleep(0.001)
                now = time.perf_counter()
                gaps.append(now - last)
                last = now

        ticking = asyncio.create_task(tick())
        found = await work()
        done.set()
        await ticking
        return found, max(gaps)

    return asyncio.run(both())


def test_the_event_loop_goes_on_while_garbage_is_examined(project):
    made = opener(loaded(project), budget=60)
    cells = [sealed(), *garbage(3)]

    async def work() -> list[Any]:
        return await asyncio.gather(*map(made.aopen, cells), return_exceptions=True)

    begun = time.perf_counter()
    (plain, *errors), stall = longest_stall(work)
    took = time.perf_counter() - begun
    assert plain == PLAIN
    assert {type(error) for error in errors} == {KeyFault}
    assert stall < max(0.15, took / 2)


def test_examinations_run_in_other_threads(project, monkeypatch):
    real: Any = vars(module)["examined"]
    threads = set()

    def watched(*given: Any) -> Any:
        threads.add(threading.current_thread())
        return real(*given)

    monkeypatch.setattr(module, "examined", watched)
    made = opener(loaded(project))
    with pytest.raises(KeyFault) as caught:
        asyncio.run(made.aopen(garbage(1)[0], {"id": 9, "tenant": "a"}))
    assert caught.value.message.startswith("mpesa.secret, row 9/a: ")
    assert threads
    assert threading.current_thread() not in threads


def test_a_coroutine_gets_what_a_caller_gets(project):
    spec = loaded(project)
    heard: list[object] = []
    made = opener(spec, accept_previous=True, on_previous=heard.append)
    assert asyncio.run(made.aopen(sealed(OLD), {"id": 9, "tenant": "a"})) == PLAIN
    assert heard == [{"id": 9, "tenant": "a"}]
    bound = opener(spec, "bound")
    assert asyncio.run(bound.aopen(sealed(aad=b"row 9"), {"id": 9})) == PLAIN
    assert asyncio.run(bound.aopen(sealed(aad=b"x"), {"id": 9}, aad=b"x")) == PLAIN
    with pytest.raises(credentials.DatabaseFault, match="NULL"):
        asyncio.run(made.aopen(None))
    with pytest.raises(UsageError, match="row must give columns by name"):
        asyncio.run(made.aopen(sealed(), 9))


def test_open_has_a_form_for_coroutines(project):
    spec = loaded(project)
    how: Any = {"environment": "production", "credential": "mpesa", "column": "secret"}

    async def both() -> list[bytes]:
        return [await credentials.aopen(sealed(), spec=spec, **how) for _ in range(2)]

    assert asyncio.run(both()) == [PLAIN] * 2
    given: Any = {
        "key": Recipe(cipher="aes-128-gcm", encoding="hex"),
        "text": TEXT,
        "envelope": {"cipher": "aes-128-gcm", "layout": ["iv:12", "tag:16", "ciphertext"]},
    }
    assert asyncio.run(credentials.aopen(sealed(), **given)) == PLAIN
    assert asyncio.run(credentials.aopen(sealed(aad=b"x"), aad=b"x", **given)) == PLAIN
    with pytest.raises(TypeError, match=r"^aopen\(\) needs environment"):
        asyncio.run(credentials.aopen(sealed(), environment="x"))  # type: ignore[call-overload]


def test_an_envelope_that_takes_long_is_opened_beside_the_loop(monkeypatch):
    threads = set()
    recipe = Recipe(cipher="passphrase", encoding="utf8")
    made = credentials.opener(key=recipe, text="a passphrase", envelope="cryptr", explain="none")
    assert made._keys.case.envelope.costly

    def opened(data: bytes, bound: bytes) -> bytes:
        threads.add(threading.current_thread())
        return PLAIN

    monkeypatch.setattr(made._keys, "_open", opened)
    assert asyncio.run(made.aopen(b"whatever")) == PLAIN
    assert threading.current_thread() not in threads
