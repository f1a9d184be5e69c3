"""What `assay.run` takes from programs, and what no error tracker sees of it."""

from __future__ import annotations

import asyncio
import os
import threading
import time
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

import assay
from assay.facts import Secret, Setting, State, Unobservable, Variables
from assay.sources.base import Source, SourceContent
from assay.spec.loader import load_text

if TYPE_CHECKING:
    from assay.spec.document import Spec

CANARY = "s3same-opens-the-cave-1"
SPEC = """
assay: 1
environments:
  dev: {values: [process]}
  live: {values: [process, {dotenv: missing.env}]}
variables:
  PORT: {type: port}
  TOKEN: {secret: true, required: false}
"""


@pytest.fixture
def spec(tmp_path: Path) -> Spec:
    return load_text(SPEC.encode(), str(tmp_path))


def frames(error: BaseException) -> str:
    """All that a tracker of errors would record: the variables of every frame of ours."""
    told = []
    for frame, _ in traceback.walk_tb(error.__traceback__):
        if f"{os.sep}assay{os.sep}" in frame.f_code.co_filename:
            told += [_walked(value) for value in frame.f_locals.values()]
    shown = traceback.TracebackException.from_exception(error, capture_locals=True)
    own = [f"{frame.locals}" for frame in shown.stack if f"{os.sep}assay{os.sep}" in frame.filename]
    assert told
    return "\n".join([*told, *own])


def _walked(value: object, depth: int = 0) -> str:
    """A value as trackers draw it: they walk through mappings and sequences."""
    if depth < 4 and isinstance(value, Mapping):
        return " ".join(_walked(one, depth + 1) for pair in value.items() for one in pair)
    if depth < 4 and isinstance(value, list | tuple | set | frozenset):
        return " ".join(_walked(one, depth + 1) for one in value)
    return repr(value)


def broken(*_: object) -> None:
    raise ZeroDivisionError


GIVEN: list[dict[str, Any]] = [
    {"process": {"TOKEN": CANARY, "PORT": "80"}},
    {"values": {"dev": {"TOKEN": CANARY}}},
    {"sources": {"dev": [{"TOKEN": CANARY}]}},
    {"sources": {"dev": lambda: {"TOKEN": CANARY}}},
]


@pytest.mark.parametrize("given", GIVEN)
@pytest.mark.parametrize("how", ["run", "arun"])
def test_no_frame_of_a_run_shows_what_was_given(spec, given, how):
    def check() -> None:
        if how == "run":
            assay.run(spec, environments="dev", on_finding=broken, **given)
        else:
            asyncio.run(assay.arun(spec, environments="dev", on_finding=broken, **given))

    with pytest.raises(ZeroDivisionError) as caught:
        check()
    assert CANARY not in frames(caught.value)


def test_no_frame_shows_the_variables_of_the_process(spec, monkeypatch):
    monkeypatch.setenv("TOKEN", CANARY)
    with pytest.raises(ZeroDivisionError) as caught:
        assay.run(spec, on_finding=broken)
    assert CANARY not in frames(caught.value)
    with pytest.raises(assay.CheckFailed) as failed:
        spec.values("dev", process={"TOKEN": CANARY})
    assert CANARY not in frames(failed.value)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"process": CANARY}, "process must be a mapping of names to texts, not str"),
    ({"process": {"A": 1, "B": CANARY}}, "process['A'] must be text or a Secret, not int"),
    ({"process": {1: CANARY}}, "a name in process must be text, not int"),
    ({"values": [CANARY]}, "values must be a mapping of environments, not list"),
    ({"values": {"dev": CANARY}}, "values['dev'] must be a mapping of names to values, not str"),
    (
        {"values": {"dev": {"A": CANARY, "B": b"x"}}},
        "values['dev']['B'] must be text, a Secret, a number, True, False or None, not bytes",
    ),
    ({"values": {"dev": {3: CANARY}}}, "a name in values['dev'] must be text, not int"),
    ({"values": {"nowhere": {"A": CANARY}}}, "nowhere is not an environment"),
    (
        {"sources": {"dev": CANARY}},
        "sources['dev'] must be a list of sources, mappings or functions, not str",
    ),
    (
        {"sources": {"dev": [3]}, "process": {"A": CANARY}},
        "sources['dev'] must be a mapping of names to values, not int",
    ),
    (
        {"sources": {"dev": {}}, "values": {"dev": {"A": CANARY}}},
        "values and sources both give the values of dev",
    ),
    ({"environments": 3}, "environments must be a list of names, not int"),
    ({"only": [None]}, "only must be a list of names, not NoneType"),
    ({"allow_paths": [3]}, "allow_paths must be a path, not int"),
    ({"allow_paths": "\0"}, "allow_paths has a null character in it"),
    ({"today": "2026-01-31"}, "today must be a date, not str"),
    ({"today": datetime(2026, 1, 31, tzinfo=UTC)}, "today must be a date, not datetime"),
    ({"on_finding": 1}, "on_finding must be a function, not int"),
    ({"on_progress": "x"}, "on_progress must be a function, not str"),
]


@pytest.mark.parametrize(("wrong", "message"), WRONG)
def test_an_argument_of_the_wrong_type_is_an_error_that_says_so(spec, wrong, message):
    with pytest.raises(assay.UsageError) as caught:
        assay.run(spec, **wrong)
    assert caught.value.message == message
    assert caught.value.remedy
    assert CANARY not in frames(caught.value)


def test_what_is_no_spec_is_refused():
    with pytest.raises(assay.UsageError, match="spec must be a Spec, not str"):
        assay.run("specs")  # type: ignore[arg-type]


def test_names_may_come_from_a_generator_or_stand_alone(spec):
    report = assay.run(spec, environments=(n for n in ["dev"]), process={"PORT": "80"})
    assert report.environments == ("dev",)
    assert {f.environment for f in report.findings} == {"dev"}
    alone = assay.run(spec, environments="dev", only="variable", process={"PORT": "80"})
    listed = assay.run(
        spec, environments=["dev"], only=(n for n in ["variable"]), process={"PORT": "80"}
    )
    assert alone == listed
    assert alone.findings


def test_values_stand_for_the_sources_of_an_environment(spec):
    given: dict[str, dict[str, Any]] = {
        "live": {"PORT": 80, "TOKEN": Secret("vR7mQ2xK9pL4tW8zN3cJ6yB1"), "GONE": None}
    }
    report = assay.run(spec, values=given, process={})
    assert report.environments == ("live",)
    assert {f.environment for f in report.findings} == {"live"}
    assert report.exit_code() == 0
    [finding] = assay.run(spec, values={"live": {"PORT": True}}, process={}).failures()
    assert finding.rule.startswith("port-")
    [finding] = assay.run(spec, values={"live": {"PORT": ""}}, process={}).failures()
    assert finding.message == "PORT is set in the given values, but empty"
    everywhere = assay.run(spec, environments=["dev"], values=given, process={"PORT": "80"})
    assert everywhere.environments == ("dev",)


def test_a_spec_is_not_changed_by_the_values_that_a_run_gets(spec):
    before = spec.environments
    assay.run(spec, values={"live": {"PORT": 80}}, process={})
    assert spec.environments is before
    assert assay.run(spec, environments="live", process={}).exit_code() != 0


class Vault(Source, frozen=True, kw_only=True):
    """A source of a program's own."""

    path: str

    @property
    def label(self) -> str:
        return f"vault:{self.path}"

    def read(self, world: object) -> SourceContent | Unobservable:
        del world
        if self.path == "sealed":
            return Unobservable(reason="the vault is sealed", remedy="Unseal it.")
        value = Setting(state=State.READABLE, value=Secret("8080"), source=self.label)
        return SourceContent(settings={"PORT": value})


def test_sources_may_be_a_programs_own(spec):
    def fetched() -> dict[str, str]:
        return {"PORT": "0"}

    report = assay.run(spec, sources={"dev": Vault(path="app")})
    assert report.environments == ("dev",)
    assert report.ok
    [failure] = assay.run(spec, sources={"dev": [Vault(path="app"), fetched]}).failures()
    assert failure.subject == "PORT"
    assert assay.run(spec, sources={"dev": [fetched, {"PORT": "80"}]}).ok
    unread = assay.run(spec, sources={"dev": [Vault(path="sealed")]})
    assert unread.exit_code() == 3
    assert "the vault is sealed" in unread.render()


def test_a_function_that_fails_makes_its_values_unknown(spec):
    def fetched() -> Any:
        raise OSError(CANARY)

    def odd() -> Any:
        return {"PORT": CANARY.encode()}

    report = assay.run(spec, sources={"dev": fetched})
    assert report.exit_code() == 3
    assert "fetched raised OSError" in report.render()
    assert CANARY not in repr(report)
    report = assay.run(spec, sources={"dev": odd})
    assert "the values['PORT'] must be text" in report.render()
    assert CANARY not in repr(report)


PARTLY = """
assay: 1
environments: {a: {}, b: {}}
undeclared: fail
variables:
  FIRST: {parity: same}
  LAST: {parity: different}
  ASKS: {required: "isSet('FIRST')"}
databases: {one: {sqlite: {path: x.db}, when: "FIRST == 'x'"}}
tables: {users: {database: one}}
"""


def test_a_source_that_is_away_makes_unknown_only_what_no_later_one_sets(tmp_path):
    def away() -> Any:
        raise OSError

    spec = load_text(PARTLY.encode(), str(tmp_path))
    before, after = {"FIRST": "x", "STRAY": "1"}, {"LAST": "y"}
    report = assay.run(spec, sources={"a": [before, away, after], "b": {"FIRST": "x", "LAST": "y"}})
    found = {(f.kind, f.environment, f.subject): f for f in report.findings}
    why = "away could not be observed: away raised OSError"
    outcomes = {
        ("source", "a", "away"): "unknown",
        ("source", "a", "STRAY"): "fail",
        ("source", "a", "undeclared names"): "unknown",
        ("variable", "a", "FIRST"): "skip",
        ("variable", "a", "LAST"): "pass",
        ("variable", "a", "ASKS"): "skip",
        ("database", "a", "one"): "skip",
        ("table", "a", "users"): "skip",
        ("parity", "a, b", "FIRST"): "skip",
        ("parity", "a, b", "LAST"): "fail",
    }
    assert {key: found[key].outcome.value for key in outcomes} == outcomes
    causes = {f.cause for f in report.findings if f.cause and f.environment != "b"}
    assert causes == {why}
    assert report.exit_code() == 1
    assert assay.run(spec, sources={"a": [after, away]}, only="FIRST").exit_code() == 3


def test_paths_may_be_paths(tmp_path):
    (tmp_path / "outside.env").write_text("A=1\n")
    inner = tmp_path / "project"
    (inner / ".git").mkdir(parents=True)
    spec = load_text(
        b"assay: 1\nvariables: {A: }\nenvironments: {e: {values: [{dotenv: ../outside.env}]}}",
        str(inner),
        allowed=(str(tmp_path),),
    )
    assert assay.run(spec, allow_paths=Path(tmp_path)).ok
    assert assay.run(spec, allow_paths=[Path(tmp_path)]).ok


TYPED = """
assay: 1
environments: {dev: {values: [process]}, test: {values: [process]}}
variables:
  PORT: {type: port}
  RATIO: {type: number, default: '0.5'}
  DEBUG: {type: boolean, required: false}
  HOSTS: {type: list, of: hostname, required: false}
  NAME: {required: false}
  EMPTY: {allow-empty: true}
  COUNT: {type: integer, required: false}
  TOKEN: {secret: true}
"""


def test_values_come_as_python_has_them(tmp_path):
    spec = load_text(TYPED.encode(), str(tmp_path))
    process = {
        "PORT": "8080",
        "DEBUG": "no",
        "HOSTS": "a.example,b.example",
        "EMPTY": "",
        "TOKEN": "vR7mQ2xK9pL4tW8zN3cJ6yB1",
        "OTHER": "x",
    }
    values = spec.values("dev", process=process)
    assert values == {
        "PORT": 8080,
        "RATIO": 0.5,
        "DEBUG": False,
        "HOSTS": ["a.example", "b.example"],
        "NAME": None,
        "EMPTY": "",
        "COUNT": None,
        "TOKEN": Secret("vR7mQ2xK9pL4tW8zN3cJ6yB1"),
    }
    assert "vR7m" not in repr(values)
    with pytest.raises(assay.CheckFailed, match="PORT"):
        spec.values("dev", process={**process, "PORT": "x"})
    with pytest.raises(assay.UsageError, match="nowhere is not an environment"):
        spec.values("nowhere", process={})
    with pytest.raises(assay.UsageError, match="environment must be a name, not NoneType"):
        spec.values(None, process={})  # type: ignore[arg-type]
    empty = load_text(b"assay: 1\nenvironments: {dev: {values: [process]}}", str(tmp_path))
    assert empty.values("dev", process={"OTHER": "x"}) == {}


def test_an_event_loop_goes_on_while_a_run_waits(spec):
    begun = threading.Event()

    def slow() -> dict[str, str]:
        begun.set()
        time.sleep(0.3)
        return {"PORT": "80"}

    async def main() -> tuple[assay.Report, int]:
        ticks = 0
        task = asyncio.ensure_future(assay.arun(spec, sources={"dev": slow}))
        while not task.done():
            ticks += 1
            await asyncio.sleep(0.01)
        return await task, ticks

    report, ticks = asyncio.run(main())
    assert report.ok
    assert begun.is_set()
    assert ticks > 10


def test_a_run_ends_when_its_task_is_cancelled(spec, monkeypatch):
    ended = threading.Event()
    began, may_go_on = threading.Event(), threading.Event()

    def slow() -> dict[str, str]:
        began.set()
        may_go_on.wait(10)
        return {"PORT": "80"}

    found: list[assay.Finding] = []
    original = threading.Thread.run

    def run(self: threading.Thread) -> None:
        original(self)
        ended.set()

    monkeypatch.setattr(threading.Thread, "run", run)

    async def main() -> None:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(
                assay.arun(spec, sources={"dev": slow}, on_finding=found.append), 0.1
            )

    asyncio.run(main())
    may_go_on.set()
    assert began.is_set()
    assert ended.wait(10)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and any(
        "probe" in t.name or "run" in t.name for t in threading.enumerate()
    ):
        time.sleep(0.01)
    assert "PORT" not in {f.subject for f in found}


@examples(st.dictionaries(st.text(), st.text()))
def test_hidden_variables_read_as_a_mapping_does(values):
    hidden = Variables.of(values)
    assert not isinstance(hidden, Mapping), "trackers walk through those"
    assert {name: hidden[name] for name in hidden} == dict(hidden) == values
    assert len(hidden) == len(values)
    assert Variables.of(hidden) is hidden
    assert [hidden.get(name, "-") for name in (*values, "\0none")] == [*values.values(), "-"]
    assert all(name in hidden for name in values)
    assert repr(hidden) == "Variables([redacted])"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_child_made_while_a_thread_makes_something_does_not_wait_forever():
    import posix  # its _exit is not coverage's, which waits for a lock of the thread

    from assay.lazily import made_once

    going = True

    class Thing:
        @made_once
        def slow(self) -> int:
            time.sleep(0.002)
            return 1

    def busy() -> None:
        while going:
            assert Thing().slow == 1

    thread = threading.Thread(target=busy)
    thread.start()
    try:
        for _ in range(20):
            child = os.fork()
            if child == 0:
                posix._exit(Thing().slow)
            assert _exit_code(child) == 1
    finally:
        going = False
        thread.join()
    assert Thing.slow.__doc__ is None


def _exit_code(child: int) -> int:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    os.kill(child, 9)
    os.waitpid(child, 0)
    return -9


def test_nothing_of_ours_holds_one_lock_for_a_class():
    folder = Path(assay.__file__).parent
    found = [
        path.name
        for path in folder.rglob("*.py")
        if "import cached_property" in (text := path.read_text()) or "functools.cached" in text
    ]
    assert found == ["lazily.py"]
