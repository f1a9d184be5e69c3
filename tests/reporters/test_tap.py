"""TAP as its readers take it: the Python one, the one of node-tap, and Perl's own harness."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from tap.parser import Parser  # type: ignore[import-untyped]
from tests.reporters.golden import CASES
from tests.reporters.strategies import contexts, reports

from assay.model import Finding, Outcome, Report, Severity
from assay.reporters import tap
from assay.reporters.base import Context

if TYPE_CHECKING:
    from collections.abc import Iterable

HERE = Path(__file__).parent
STREAMS = sorted(CASES.glob("*/expected.tap"))
PLAIN = Context(version="1")


def read(text: str) -> list[Any]:
    """The test points that tap.py sees, after making sure that it sees nothing strange."""
    lines = list(Parser().parse_text(text))
    assert {line.category for line in lines} <= {"version", "plan", "test"}, text
    (plan,) = [line for line in lines if line.category == "plan"]
    points = [line for line in lines if line.category == "test"]
    assert plan.expected_tests == len(points)
    assert [point.number for point in points] == list(range(1, len(points) + 1))
    return points


def fails(points: Iterable[Any]) -> bool:
    return any(not point.ok and not point.todo for point in points)


@given(report=reports, context=contexts)
def test_python_reads_a_failure_exactly_where_the_run_fails(
    report: Report, context: Context
) -> None:
    points = read(tap.render(report, context))
    assert len(points) == len(report.findings)
    exit_code = report.exit_code(fail_on=context.fail_on, allow_unknown=context.allow_unknown)
    assert fails(points) == (exit_code != Report.EXIT_PASS)
    assert sum(not point.ok and bool(point.yaml_block) for point in points) == sum(
        not point.ok for point in points
    )


@settings(max_examples=30)
@given(report=reports, context=contexts)
def test_node_reads_a_failure_exactly_where_the_run_fails(
    tap_parser: Path, report: Report, context: Context
) -> None:
    text = tap.render(report, context)
    (made,) = by_node(tap_parser, [text])
    exit_code = report.exit_code(fail_on=context.fail_on, allow_unknown=context.allow_unknown)
    assert made["strange"] == [], text
    assert made["count"] == len(report.findings), text
    assert made["ok"] == (exit_code == Report.EXIT_PASS), text
    assert [point["ok"] for point in made["points"]] == [point.ok for point in read(text)]


def by_node(folder: Path, texts: list[str]) -> Any:
    done = subprocess.run(
        ["node", str(HERE / "peer_tap.cjs"), str(folder)],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("stream", STREAMS, ids=lambda path: path.parent.name)
def test_perl_says_the_same(prove: str, stream: Path) -> None:
    done = subprocess.run(
        [prove, "--exec", "cat", str(stream)], capture_output=True, text=True, check=False
    )
    assert (done.returncode == 0) == (not fails(read(stream.read_text(encoding="utf-8"))))
    assert "Parse errors" not in done.stdout


def finding(**more: Any) -> Finding:
    plain: dict[str, Any] = {
        "outcome": Outcome.FAIL,
        "kind": "variable",
        "subject": "PORT",
        "environment": "production",
        "rule": "variable-missing",
        "message": "PORT is not set",
        "remedy": "Set PORT.",
    }
    return Finding(**{**plain, **more})


def only(context: Context = PLAIN, **more: Any) -> Any:
    (point,) = read(tap.render(Report.of([finding(**more)]), context))
    return point


def test_a_failure_tells_what_is_wrong_and_what_to_do() -> None:
    point = only()
    assert (point.ok, point.todo, point.skip) == (False, False, False)
    assert point.description == "- production: PORT [variable-missing] (variable)"
    assert point.yaml_block["message"] == "PORT is not set"
    assert point.yaml_block["remedy"] == "Set PORT."
    assert re.fullmatch("[0-9a-f]{32}", point.yaml_block["fingerprint"])


@pytest.mark.parametrize(
    ("context", "more", "told"),
    [
        (PLAIN, {"severity": Severity.WARNING}, (False, True, False, "only warning.")),
        (PLAIN, {"waiver": "until May"}, (False, True, False, "waived: until May.")),
        (PLAIN, {"outcome": Outcome.UNKNOWN}, (False, False, False, None)),
        (
            Context(version="1", allow_unknown=True),
            {"outcome": Outcome.UNKNOWN},
            (True, False, True, "unknown: PORT is not set."),
        ),
        (PLAIN, {"outcome": Outcome.SKIP, "cause": "X"}, (True, False, True, "X.")),
        (PLAIN, {"outcome": Outcome.PASS}, (True, False, False, None)),
    ],
)
def test_what_does_not_decide_the_run_has_a_directive(context, more, told) -> None:
    point = only(context, **more)
    assert (point.ok, point.todo, point.skip, point.directive.reason) == told


@pytest.mark.parametrize("name", ["A # TODO x", "A # SKIP", "A {", "A\\", "ok 1", "A\nok 2", "1 2"])
def test_no_name_is_taken_for_anything_else(tap_parser: Path, name: str) -> None:
    point = only(subject=name, kind=name, rule=name)
    assert (point.ok, point.todo, point.skip) == (False, False, False)
    text = tap.render(Report.of([finding(subject=name, kind=name, rule=name)]), PLAIN)
    (made,) = by_node(tap_parser, [text])
    assert (made["ok"], made["count"], made["skip"], made["todo"]) == (False, 1, 0, 0)


def test_nothing_to_check_is_a_plan_without_points(tap_parser: Path) -> None:
    text = tap.render(Report(), PLAIN)
    assert text == "TAP version 13\n1..0 # SKIP nothing to check\n"
    (made,) = by_node(tap_parser, [text])
    assert (made["ok"], made["count"]) == (True, 0)
