"""Databases are opened once, side by side, with a limit; what can't be asked is said to be so."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing
from typing import Any, ClassVar

import pytest

from assay.databases.base import Backend, Reach
from assay.databases.model import (
    Asked,
    Connected,
    ConnectionOf,
    DatabaseRefusal,
    Structure,
    StructureOf,
)
from assay.databases.sqlite.backend import Sqlite
from assay.databases.trouble import DatabaseTrouble
from assay.databases.url_backend import Sql
from assay.facts import Secret, Setting, State, Unobservable, Value
from assay.kinds.database.spec import Database
from assay.probes import databases as module
from assay.probes import observer
from assay.probes.databases import DatabaseProbe

CANARY = "postgres://me:c4nary@127.0.0.1:1/x"


class Told(Backend, frozen=True, kw_only=True):
    """A database that does what it is told, after a while."""

    opened: ClassVar[list[str]] = []
    closed: ClassVar[list[str]] = []
    asked: ClassVar[list[Any]] = []

    name: str
    seconds: float = 0.0
    fails: str = ""
    breaks: bool = False
    needs: tuple[str, ...] = ()

    @property
    def variables(self) -> tuple[str, ...]:
        return self.needs

    def open(self, settings: Any, reach: Reach) -> Any:  # noqa: ARG002 - the shape of all
        self.opened.append(self.name)
        time.sleep(self.seconds)
        if self.breaks:
            raise ZeroDivisionError(str(settings))
        if self.fails:
            raise DatabaseTrouble(self.fails, host="h")
        return Session(self)


class Session:
    def __init__(self, backend: Told) -> None:
        self.backend = backend
        self.connected = Connected(dialect="told", role=backend.name)

    def structure(self, schema: str = "", asked: Any = ()) -> Structure:
        self.backend.asked.append((schema, asked))
        if schema == "denied":
            raise DatabaseTrouble("database-denied", host="h", what="it")
        if schema == "bug":
            raise ZeroDivisionError
        return Structure(dialect="told", schema=schema)

    def pages(self, selection: Any) -> Any:
        raise NotImplementedError

    def close(self) -> None:
        self.backend.closed.append(self.backend.name)
        raise OSError("closing is difficult")


@pytest.fixture(autouse=True)
def _afresh():
    for log in (Told.opened, Told.closed, Told.asked):
        log.clear()


def values(settings: dict[str, str | State]) -> Any:
    def answer(queries: Any) -> Any:
        answers: dict[Any, Any] = {}
        for query in queries:
            assert isinstance(query, Value)
            told = settings.get(query.name, State.MISSING)
            if query.environment == "away":
                answers[query] = Unobservable(reason="the source is away")
            elif isinstance(told, State):
                answers[query] = Setting(state=told)
            else:
                answers[query] = Setting(state=State.READABLE, value=Secret(told))
        return answers

    return answer


def probe_of(*backends: Backend, within: str = "1s", root: str = ".", **settings: Any) -> Any:
    databases = {
        getattr(backend, "name", f"db{i}"): Database(backend=backend, within=within)
        for i, backend in enumerate(backends)
    }
    return closing(DatabaseProbe(databases, values(settings), root))


def test_a_database_is_opened_once_however_often_it_is_asked():
    with probe_of(Told(name="a"), Told(name="b")) as probe:
        queries = [ConnectionOf("dev", "a"), ConnectionOf("dev", "b"), StructureOf("dev", "a")]
        answers = probe(queries)
        assert answers[queries[0]] == Connected(dialect="told", role="a")
        assert answers[queries[2]] == Structure(dialect="told", schema="")
        probe(queries)
        assert probe.session("dev", "a").connected.role == "a"
        assert sorted(Told.opened) == ["a", "b"]
        assert len(Told.asked) == 1
        assert isinstance(probe.session("prod", "a"), Session)
    assert sorted(Told.closed) == ["a", "a", "b"]


def test_several_are_opened_side_by_side():
    slow = [Told(name=f"d{i}", seconds=0.2) for i in range(6)]
    with probe_of(*slow) as probe:
        started = time.monotonic()
        answers = probe([ConnectionOf("dev", f"d{i}") for i in range(6)])
        assert time.monotonic() - started < 0.9
    assert all(isinstance(answer, Connected) for answer in answers.values())


def test_two_probes_that_ask_at_once_share_one_connection():
    with probe_of(Told(name="a", seconds=0.05)) as probe:
        found: list[Any] = []
        threads = [
            threading.Thread(target=lambda: found.append(probe.session("dev", "a")))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert Told.opened == ["a"]
        assert len({id(session) for session in found}) == 1


def test_one_that_hangs_is_left_behind_and_closed_when_it_comes(monkeypatch):
    monkeypatch.setattr(module, "GRACE", 0.05)
    with probe_of(Told(name="slow", seconds=0.5), Told(name="quick"), within="20ms") as probe:
        started = time.monotonic()
        answers = probe([ConnectionOf("dev", "slow"), ConnectionOf("dev", "quick")])
        assert time.monotonic() - started < 0.45
        told = answers[ConnectionOf("dev", "slow")]
        assert told == DatabaseRefusal(code="database-timed-out", values={"seconds": "0.02"})
        assert isinstance(answers[ConnectionOf("dev", "quick")], Connected)
        for thread in threading.enumerate():
            if thread is not threading.current_thread() and thread.daemon:
                thread.join(2)
        assert Told.closed == ["slow"]


def test_a_refusal_is_an_answer_and_its_tables_are_unobservable():
    with probe_of(Told(name="a", fails="database-not-found")) as probe:
        answers = probe([ConnectionOf("dev", "a"), StructureOf("dev", "a")])
    assert answers[ConnectionOf("dev", "a")] == DatabaseRefusal(
        code="database-not-found", values={"host": "h"}
    )
    unread = answers[StructureOf("dev", "a")]
    assert isinstance(unread, Unobservable)
    assert unread.reason == "the tables of a can't be read: not found"


def test_a_bug_of_a_driver_is_an_answer_without_its_words():
    with probe_of(Told(name="a", breaks=True, needs=("URL",)), Told(name="b"), URL=CANARY) as probe:
        answers = probe([ConnectionOf("dev", "a"), StructureOf("dev", "b", "bug")])
        assert answers[ConnectionOf("dev", "a")].values == {"state": "ZeroDivisionError"}
        assert "c4nary" not in repr(answers)
        assert isinstance(answers[StructureOf("dev", "b", "bug")], Unobservable)


def test_each_schema_is_an_answer_of_its_own():
    asked = (Asked(table="t"),)
    queries = [
        StructureOf("dev", "a", "one"),
        StructureOf("dev", "a", "denied"),
        StructureOf("dev", "a", "one", asked),
    ]
    with probe_of(Told(name="a")) as probe:
        answers = probe(queries)
    assert answers[queries[0]].schema == "one"
    assert "denied" in answers[queries[1]].reason
    assert Told.asked == [("one", ()), ("denied", ()), ("one", asked)]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.MISSING, "is not set"),
        (State.EMPTY, "is set but empty"),
        (State.UNREADABLE, "can't be read back"),
        (State.DENIED, "may not be read"),
    ],
)
def test_a_variable_without_a_value_makes_all_of_it_unobservable(state, words):
    with probe_of(Sql(url="DATABASE_URL"), DATABASE_URL=state) as probe:
        answers = probe([ConnectionOf("dev", "db0"), StructureOf("dev", "db0")])
    for answer in answers.values():
        assert isinstance(answer, Unobservable)
        assert answer.reason == f"DATABASE_URL, which contains the address of the database, {words}"
    assert isinstance(probe.session("dev", "db0"), Unobservable)


def test_a_source_that_is_away_is_the_reason():
    with probe_of(Sql(url="DATABASE_URL")) as probe:
        answers = probe([ConnectionOf("away", "db0")])
    assert answers[ConnectionOf("away", "db0")] == Unobservable(reason="the source is away")


def test_real_databases_are_observed(tmp_path):
    with closing(sqlite3.connect(tmp_path / "app.db")) as made:
        made.execute("CREATE TABLE t (id INTEGER PRIMARY KEY)")
    opened = probe_of(Sqlite(path="app.db"), Sql(url="U"), root=str(tmp_path), U=CANARY)
    with opened as probe:
        observe = observer(dict.fromkeys((ConnectionOf, StructureOf), probe))
        answers = observe(
            [ConnectionOf("dev", "db0"), StructureOf("dev", "db0"), ConnectionOf("dev", "db1")]
        )
    assert list(answers[StructureOf("dev", "db0")].tables) == ["t"]  # type: ignore[attr-defined]
    refused = answers[ConnectionOf("dev", "db1")]
    assert isinstance(refused, DatabaseRefusal)
    assert refused.code == "database-connection-refused"
    assert "c4nary" not in repr(answers)
