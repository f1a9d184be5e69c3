"""A run keeps what it needs to itself: many at once come to what each comes to alone."""

from __future__ import annotations

import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from random import Random
from threading import Barrier
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from assay.databases.model import ConnectionOf
from assay.facts import Guesses, Query, Unobservable, Value
from assay.kinds.key.entries import keyed
from assay.redaction import Masker
from assay.runs import Run
from assay.spec.loader import load_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import assay
    from assay.model import Report
    from assay.spec.document import Spec

CANARY = "s3same-opens-the-cave-1"
NAMES = ("ALPHA", "BRAVO", "CHARLIE", "DELTA", "ECHO")
TODAY = date(2027, 1, 31)


@pytest.fixture
def hurried() -> Iterator[None]:
    """Threads that take turns as often as they can."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def project(folder: Path, seed: int) -> tuple[Spec, dict[str, str]]:
    """A spec and the process that it is checked with: no two seeds come to the same."""
    rng = Random(seed)
    chosen = rng.sample(NAMES, 4)
    first, second, third, fourth = chosen
    spec: dict[str, Any] = {
        "assay": 1,
        "project": f"p{seed}",
        "environments": {
            "a": {"values": ["process"]},
            "b": {"values": [{"dotenv": {"path": f"{seed}.env", "dialect": "compose"}}]},
        },
        "variables": {
            first: {"type": "port", "required": f"isSet('{second}') || isSet('{fourth}')"},
            second: {"required": rng.random() < 0.5, "parity": "different"},
            f"{third}_SECRET": {"secret": True, "parity": "different"},
            fourth: {"required": False},
            **{f"COPY_{number}": {"required": False} for number in range(20)},
        },
        "keys": {
            f"k{number}": {
                "variable": f"{third}_SECRET",
                "cipher": "aes-256-gcm",
                "encoding": rng.choice(["hex", "base64"]),
            }
            for number in range(4)
        },
        "rules": {
            "both": {
                "assert": f"isSet('{first}') == isSet('{second}')",
                "message": f"{first} goes with {second}.",
            }
        },
        "databases": {"main": {"sqlite": {"path": f"{seed}.db"}}},
        "tables": {f"{rng.choice('xyz')}_{seed}": {"database": "main"} for _ in range(2)},
    }
    with closing(sqlite3.connect(folder / f"{seed}.db")) as made, made:
        made.execute(f"CREATE TABLE IF NOT EXISTS {rng.choice('xyz')}_{seed} (id INTEGER)")
    process = {name: str(rng.randrange(70_000)) for name in rng.sample(chosen, 3)}
    process[f"{third}_SECRET"] = f"{rng.getrandbits(256):064x}"
    process[f"{first}S"] = "1"
    copies = "".join(f"COPY_{n}=${{{third}_SECRET}}{n}\n" for n in range(rng.choice([3, 18])))
    (folder / f"{seed}.env").write_text(f"{copies}{second[:-1]}={seed}\n{second}X=\n")
    return load_text(msgspec.json.encode(spec), str(folder)), process


def checked(spec: Spec, process: dict[str, str]) -> Report:
    with Run(spec, process=process, today=TODAY, masker=Masker()) as run:
        return run.check()


def test_many_runs_at_once_come_to_what_each_comes_to_alone(tmp_path, hurried):
    made = [project(tmp_path, seed) for seed in range(25)]
    alone = [checked(*project(tmp_path, seed)) for seed in range(25)]
    assert len(set(alone)) == len(alone)
    rules = {finding.rule for report in alone for finding in report.findings}
    assert {"variable-misspelled", "rule-violated", "table-missing"} <= rules
    order = Random(0).choices(range(25), k=300)
    with ThreadPoolExecutor(8) as pool:
        reports = list(pool.map(lambda seed: checked(*made[seed]), order))
    assert reports == [alone[seed] for seed in order]


def test_no_thread_sees_what_another_has_half_made(tmp_path, hurried):
    names = [f"K{number}" for number in range(400)]
    variables = {name: {"secret": True} for name in names}
    keys = {n: {"variable": n, "cipher": "aes-256-gcm", "encoding": "hex"} for n in names}
    text = msgspec.json.encode({"assay": 1, "variables": variables, "keys": keys})
    spec = load_text(text, str(tmp_path))
    expected = dict.fromkeys(names, frozenset(("hex",)))
    barrier = Barrier(8)

    def look(one: Spec) -> dict[str, frozenset[str]]:
        barrier.wait()
        return dict(keyed(one))

    with ThreadPoolExecutor(8) as pool:
        for _ in range(100):
            fresh = spec.with_environments(spec.environments)
            assert all(seen == expected for seen in pool.map(look, [fresh] * 8))


def test_one_spec_serves_many_threads(tmp_path, hurried):
    for seed in range(20):
        spec, process = project(tmp_path, seed)
        fresh, _ = project(tmp_path, seed)
        processes = [process, *({**process, name: "80"} for name in NAMES), {}, {"PATH": "/bin"}]
        alone = [checked(load(tmp_path, seed), one) for one in processes]
        barrier = Barrier(len(processes))

        def check(one: dict[str, str], barrier=barrier, spec=fresh) -> Report:
            barrier.wait()  # what a spec makes when it is first asked for is made by all at once
            return checked(spec, one)

        with ThreadPoolExecutor(len(processes)) as pool:
            assert list(pool.map(check, processes)) == alone
        assert keyed(spec) == keyed(fresh)


def load(folder: Path, seed: int) -> Spec:
    return project(folder, seed)[0]


def test_a_spec_is_checked_a_second_time_as_the_first(tmp_path):
    spec, process = project(tmp_path, 3)
    assert checked(spec, process) == checked(spec, process) == checked(spec, process)


def test_what_files_ask_of_secrets_is_counted_over_the_runs_that_share_it():
    guesses = Guesses()
    assert guesses.allow("A", map(str, range(10)), 16)
    assert guesses.allow("A", map(str, range(16)), 16)
    assert not guesses.allow("A", ["16"], 16)
    assert guesses.allow("A", ["3"], 16), "what was refused does not count"
    assert guesses.allow("B", ["16"], 16)
    assert CANARY not in repr(guesses)


SPEC = b"""
assay: 1
environments: {a: {values: [process]}, b: {values: [process]}}
variables: {PORT: {type: port}, URL: {required: false}}
databases: {main: {sqlite: {path: app.db}}}
tables: {users: {database: main}}
"""


def test_findings_and_progress_are_told_as_they_come(tmp_path):
    found: list[assay.Finding] = []
    steps: list[tuple[int, int]] = []
    with Run(
        load_text(SPEC, str(tmp_path)),
        process={"PORT": "0"},
        on_finding=found.append,
        on_progress=lambda done, of: steps.append((done, of)),
    ) as run:
        report = run.check()
    assert sorted(found, key=repr) == sorted(report.findings, key=repr)
    assert [f.kind for f in found][:2] == ["source", "source"], "in the order of the checks"
    assert steps == sorted(steps)
    assert steps[-1][0] == steps[-1][1] == len({(f.kind, f.environment, f.subject) for f in found})


def test_a_waived_finding_is_told_with_its_waiver(tmp_path):
    found: list[assay.Finding] = []
    text = SPEC + b"waivers: [{rule: port-out-of-range, subject: PORT, reason: later}]\n"
    with Run(
        load_text(text, str(tmp_path)), process={"PORT": "0"}, offline=True, on_finding=found.append
    ) as run:
        run.check()
    assert {f.waiver for f in found if f.rule == "port-out-of-range"} == {"later"}


def test_a_run_that_may_not_contacts_nothing(tmp_path):
    with Run(load_text(SPEC, str(tmp_path)), process={}, offline=True) as run:
        answer = run.ask(ConnectionOf("a", "main"))
        assert run.ask(Value("a", "PORT")).text is None
    assert answer == Unobservable(reason="this run contacts nothing")


def test_a_question_that_nobody_answers_is_a_bug(tmp_path):
    class Odd(Query[str], frozen=True):
        pass

    run = Run(load_text(SPEC, str(tmp_path)), process={})
    with pytest.raises(LookupError, match="no probe answers Odd"):
        run.ask(Odd())


def test_a_run_that_was_cancelled_asks_nothing_more(tmp_path):
    from concurrent.futures import CancelledError

    run = Run(load_text(SPEC, str(tmp_path)), process={})
    run.cancel()
    with pytest.raises(CancelledError):
        run.check()
    run.close()


def test_the_masker_knows_what_was_read_though_the_run_fails(tmp_path):
    masker = Masker()
    spec = load_text(b"assay: 1\nvariables: {K: {secret: true}}\n"
                     b"environments: {a: {values: [process]}}", str(tmp_path))  # fmt: skip

    def broken(_: object) -> None:
        raise ZeroDivisionError

    with (
        pytest.raises(ZeroDivisionError),
        Run(spec, process={"K": CANARY}, masker=masker, on_finding=broken) as run,
    ):
        run.check()
    assert CANARY not in masker.mask(f"it was {CANARY}")
