"""The engine: asks once, skips with the root cause, tells unknown apart, keeps its order."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay import engine
from assay.facts import Query, Unobservable, Unobserved
from assay.kind import Check, CheckId, Kind, NotApplicable
from assay.model import Category, Location, Outcome, Report, Rule, Severity
from assay.waivers import Waiver

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assay.facts import Facts
    from assay.model import Violation

TODAY = dt.date(2027, 1, 31)
BROKEN = Rule(
    code="thing-broken",
    category=Category.RULE,
    message="{what} is broken",
    remedy="Mend {what}.",
    why="It does not work.",
)


class Ask(Query[str], frozen=True):
    """What a thing is like."""

    name: str


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """What a check of these tests holds: what it asks, and how bad a bad answer is."""

    asks: tuple[str, ...]
    severity: Severity = Severity.ERROR
    about: str = ""


def needs(model: Model) -> Iterator[Query[Any]]:
    return map(Ask, model.asks)


def evaluate(model: Model, facts: Facts) -> Iterator[Violation]:
    for name in model.asks:
        if facts[Ask(name)] == "bad":
            violation = BROKEN.violated(what=name)
            yield msgspec.structs.replace(violation, severity=model.severity, subject=model.about)
        if facts[Ask(name)] == "irrelevant":
            raise NotApplicable("nobody needs it")


KIND: Kind[Model] = Kind(
    name="thing",
    section="things",
    rules=(BROKEN,),
    doc="A thing.",
    parse=lambda name, _: name,
    shape=dict,
    lint=lambda *_: iter(()),
    checks=lambda *_: iter(()),
    needs=needs,
    evaluate=evaluate,
)


def check(
    name: str, *asks: str, after: Sequence[str] = (), line: int = 1, **more: Any
) -> Check[Model]:
    return Check(
        kind=KIND,
        subject=name,
        environment="dev",
        model=Model(asks=asks or (name,), **more),
        location=Location(file="app.yaml", line=line, column=1),
        requires=tuple(CheckId("thing", "dev", other) for other in after),
    )


class World:
    """Answers from a dict, and remembers what it was asked."""

    def __init__(self, answers: Mapping[str, object] | None = None) -> None:
        self.answers = answers or {}
        self.batches: list[list[str]] = []

    def __call__(self, queries: Sequence[Query[Any]]) -> dict[Query[Any], object]:
        names = [query.name for query in queries]  # type: ignore[attr-defined]
        self.batches.append(names)
        return {query: self.answers.get(query.name, "good") for query in queries}  # type: ignore[attr-defined]


def run(checks: Sequence[Check[Any]], world: World | None = None, **more: Any) -> Report:
    return engine.run(checks, world or World(), today=TODAY, **more)


def outcomes(report: Report) -> dict[str, str]:
    return {finding.subject: finding.outcome.value for finding in report.findings}


def test_each_question_is_asked_once_and_those_of_a_wave_together():
    world = World()
    run([check("a", "x", "y"), check("b", "y", "z"), check("c", "x", after=["a"])], world)
    assert world.batches == [["x", "y", "z"]]


def test_what_only_a_later_wave_needs_is_asked_later():
    world = World()
    run([check("b", "y", after=["a"]), check("a", "x"), check("c", "z", after=["b"])], world)
    assert world.batches == [["x"], ["y"], ["z"]]


def test_what_hangs_on_a_failed_check_is_skipped_unasked_and_names_the_root_cause():
    world = World({"a": "bad"})
    report = run([check("c", after=["b"]), check("b", after=["a"]), check("a")], world)
    assert outcomes(report) == {"a": "fail", "b": "skip", "c": "skip"}
    assert world.batches == [["a"]]
    skipped = [finding for finding in report.findings if finding.outcome is Outcome.SKIP]
    assert {finding.cause for finding in skipped} == {"a is broken"}
    assert skipped[0].message == "b was not checked, because a is broken"
    assert report.exit_code() == 1


def test_what_hangs_on_an_unknown_check_is_skipped_too():
    world = World({"a": Unobservable(reason="no route", remedy="Plug it in.")})
    report = run([check("a"), check("b", after=["a"])], world)
    assert outcomes(report) == {"a": "unknown", "b": "skip"}
    assert report.findings[0].message == "a could not be observed: no route"
    assert report.findings[0].remedy == "Plug it in."
    assert report.exit_code() == 3
    assert report.exit_code(allow_unknown=True) == 0


@pytest.mark.parametrize("severity", [Severity.INFO, Severity.WARNING])
def test_a_mere_warning_stops_nobody(severity):
    world = World({"a": "bad"})
    report = run([check("a", severity=severity), check("b", after=["a"])], world)
    assert outcomes(report) == {"a": "fail", "b": "pass"}


def test_a_failure_about_something_else_stops_nobody():
    report = run([check("a", about="other"), check("b", after=["a"])], World({"a": "bad"}))
    assert outcomes(report) == {"other": "fail", "b": "pass"}


def test_a_prerequisite_that_is_not_run_is_taken_for_met():
    assert outcomes(run([check("b", after=["a"])])) == {"b": "pass"}


def test_what_does_not_apply_is_skipped_without_a_cause():
    report = run([check("a"), check("b", after=["a"])], World({"a": "irrelevant"}))
    assert outcomes(report) == {"a": "skip", "b": "pass"}
    skipped = next(finding for finding in report.findings if finding.subject == "a")
    assert (skipped.cause, skipped.message) == ("", "a does not apply: nobody needs it")


def test_two_checks_of_one_name_are_both_run():
    report = run([check("a", "x"), check("a", "y")], World({"y": "bad"}))
    assert [finding.outcome.value for finding in report.findings] == ["fail", "pass"]


def test_checks_in_a_circle_are_a_bug_of_ours():
    with pytest.raises(RuntimeError, match="in a circle"):
        run([check("a", after=["b"]), check("b", after=["a"])])


@given(st.integers(0, 2**32 - 1))
def test_the_order_of_findings_does_not_hang_on_that_of_checks(seed):
    names = [f"n{number}" for number in range(12)]
    world = {"n1": "bad", "n2": "irrelevant", "n3": Unobservable(reason="x"), "n7": "bad"}
    checks = [check(name, line=ord(name[-1]), severity=Severity.ERROR) for name in names]
    before = run(checks, World(world))
    Random(seed).shuffle(checks)
    assert run(checks, World(world)) == before


def test_fingerprints_survive_moved_lines_and_tell_findings_apart():
    def prints(shift: int) -> list[str]:
        checks = [check(name, line=number + shift) for number, name in enumerate("abc")]
        report = run(checks, World(dict.fromkeys("abc", "bad")))
        return [finding.fingerprint for finding in report.findings]

    assert prints(0) == prints(40)
    assert len(set(prints(0))) == 3
    assert all(len(text) == 32 and not text.strip("0123456789abcdef") for text in prints(0))


@pytest.mark.parametrize(
    ("severity", "fail_on", "code"),
    [
        *((Severity.ERROR, on, 1) for on in Severity),
        (Severity.WARNING, Severity.ERROR, 0),
        (Severity.WARNING, Severity.WARNING, 1),
        (Severity.INFO, Severity.WARNING, 0),
        (Severity.INFO, Severity.INFO, 1),
    ],
)
def test_the_exit_code_follows_the_threshold(severity, fail_on, code):
    report = run([check("a", severity=severity)], World({"a": "bad"}))
    assert report.exit_code(fail_on=fail_on) == code


def test_a_failure_outweighs_what_is_unknown():
    world = World({"a": "bad", "b": Unobservable(reason="x")})
    report = run([check("a"), check("b")], world)
    assert report.exit_code() == 1
    assert report.exit_code(allow_unknown=True) == 1


@pytest.mark.parametrize(
    ("fields", "waived", "ended"),
    [
        ({}, True, False),
        ({"expires": TODAY}, True, False),
        ({"expires": TODAY - dt.timedelta(days=1)}, False, True),
        ({"environment": "dev"}, True, False),
        ({"environment": "prod"}, False, False),
        ({"rule": "other"}, False, False),
        ({"subject": "b"}, False, False),
    ],
)
def test_a_waiver_holds_for_its_rule_subject_environment_and_time(fields, waived, ended):
    waiver = Waiver(**{"rule": "thing-broken", "subject": "a", "reason": "later", **fields})
    report = run([check("a")], World({"a": "bad"}), waivers=[waiver])
    [finding] = report.findings
    assert bool(finding.waiver) == waived
    assert ("its waiver expired on 2027-01-30" in finding.message) == ended
    assert report.exit_code() == (0 if waived else 1)
    assert report.counts.waived == waived


def test_a_waiver_tells_who_decided_and_until_when():
    waiver = Waiver(rule="thing-broken", subject="a", reason="later", owner="web", expires=TODAY)
    [finding] = run([check("a")], World({"a": "bad"}), waivers=[waiver]).findings
    assert finding.waiver == "later (web), until 2027-01-31"


def test_of_two_waivers_one_that_stands_is_enough():
    old = Waiver(rule="thing-broken", subject="a", reason="x", expires=dt.date(2020, 1, 1))
    new = Waiver(rule="thing-broken", subject="a", reason="y")
    assert run([check("a")], World({"a": "bad"}), waivers=[old, new]).exit_code() == 0


def test_counts_say_what_came_of_each_check():
    world = {
        "a": "bad",
        "b": "bad",
        "c": "bad",
        "d": "irrelevant",
        "e": Unobservable(reason="x"),
    }
    checks = [
        check("a"),
        check("b", severity=Severity.WARNING),
        check("c", severity=Severity.INFO),
        check("d"),
        check("e"),
        check("f"),
    ]
    counts = msgspec.structs.asdict(run(checks, World(world)).counts)
    assert counts == {
        "failed": 1,
        "warned": 1,
        "noted": 1,
        "skipped": 1,
        "unknown": 1,
        "passed": 1,
        "waived": 0,
    }


APPLYING: Kind[Model] = msgspec.structs.replace(
    KIND,
    first=lambda model: [Ask(f"{model.asks[0]}?")],
    applies=lambda model, facts: _applies(facts[Ask(f"{model.asks[0]}?")]),
)
"""A kind that asks first whether a check applies."""


def _applies(answer: str) -> None:
    if answer == "no":
        raise NotApplicable("its condition is false")


def conditional(name: str, after: Sequence[str] = ()) -> Check[Model]:
    return msgspec.structs.replace(check(name, after=after), kind=APPLYING)


def test_what_does_not_apply_is_asked_nothing_but_that():
    world = World({"a?": "no"})
    report = run([conditional("a"), conditional("b"), check("c", after=["a"])], world)
    assert world.batches == [["a?", "b?"], ["b"], ["c"]]
    assert outcomes(report) == {"a": "skip", "b": "pass", "c": "pass"}
    [skipped] = [f for f in report.findings if f.subject == "a"]
    assert skipped.message == "a does not apply: its condition is false"


def test_whether_it_applies_may_be_unknown_and_what_hangs_on_it_is_skipped():
    world = World({"a?": Unobservable(reason="nobody tells", remedy="Ask somebody.")})
    report = run([conditional("a"), check("b", after=["a"])], world)
    assert world.batches == [["a?"]]
    assert outcomes(report) == {"a": "unknown", "b": "skip"}
    [unknown] = [f for f in report.findings if f.subject == "a"]
    assert unknown.message == "a could not be observed: nobody tells"
    assert unknown.remedy == "Ask somebody."


def test_a_check_whose_prerequisite_failed_is_not_asked_whether_it_applies():
    world = World({"a": "bad"})
    run([check("a"), conditional("b", after=["a"])], world)
    assert world.batches == [["a"]]


def partly(model: Model, facts: Facts) -> Iterator[Violation]:
    yield from evaluate(model, facts)
    raise Unobserved(Unobservable(reason="the rest is hidden"), partly=True)


def test_what_is_known_in_part_stops_nothing_that_hangs_on_it():
    kind = msgspec.structs.replace(KIND, evaluate=partly)
    hidden = msgspec.structs.replace(check("a", about="a.part"), kind=kind)
    report = run([hidden, check("b", after=["a"])], World({"a": "bad"}))
    assert [(f.subject, f.outcome.value) for f in report.findings] == [
        ("a.part", "fail"),
        ("a", "unknown"),
        ("b", "pass"),
    ]


def test_a_violation_may_point_at_a_part_of_the_entry():
    part = Location(file="app.yaml", line=9, column=3)

    def pointing(model: Model, facts: Facts) -> Iterator[Violation]:
        for violation in evaluate(model, facts):
            yield msgspec.structs.replace(violation, declared=part)

    kind = msgspec.structs.replace(KIND, evaluate=pointing)
    [found] = run([msgspec.structs.replace(check("a"), kind=kind)], World({"a": "bad"})).findings
    assert (found.location, found.sensitive, found.related) == (part, False, ())
