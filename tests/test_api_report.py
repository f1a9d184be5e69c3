"""What a program asks of a report: whether it passed, parts of it, an error, a text."""

from __future__ import annotations

import json
import pickle

import msgspec
import pytest

import assay
from assay.model import Category, Finding, Location, Outcome, Report, Severity
from assay.reporters import REPORTERS


def finding(subject: str, outcome: Outcome = Outcome.FAIL, **more) -> Finding:
    given = {"kind": "variable", "environment": "live", "message": f"{subject} is wrong", **more}
    given.setdefault("category", Category.FORMAT)
    return Finding(subject=subject, outcome=outcome, **given)


PORT = finding("PORT", rule="port-out-of-range")
URL = finding("URL", rule="url-no-host", severity=Severity.WARNING, environment="laptop")
BOTH = finding(
    "SECRET",
    rule="parity-same",
    kind="parity",
    environment="laptop, live",
    across=("laptop", "live"),
)
WAIVED = finding("OLD", waiver="until January")
HOST = finding("HOST", Outcome.UNKNOWN, message="the vault did not answer")
GOOD = finding("NAME", Outcome.PASS)
LEFT = finding("mpesa", Outcome.SKIP, kind="credential")
ALL = Report.of([PORT, URL, BOTH, WAIVED, HOST, GOOD, LEFT], environments=["laptop", "live"])


@pytest.mark.parametrize(
    ("findings", "ok"),
    [
        ([], True),
        ([GOOD, LEFT, URL, WAIVED], True),
        ([GOOD, PORT], False),
        ([GOOD, HOST], False),
    ],
    ids=["nothing", "warnings and waived", "a failure", "an unknown"],
)
def test_a_report_is_ok_if_its_exit_code_is_0(findings, ok):
    report = Report.of(findings)
    assert (report.ok, report.exit_code() == 0) == (ok, ok)
    if ok:
        assert report.raise_for_failures() is report
    else:
        with pytest.raises(assay.CheckFailed) as caught:
            report.raise_for_failures()
        assert caught.value.exit_code == report.exit_code()


@pytest.mark.parametrize(
    ("chosen", "subjects"),
    [
        ({}, "HOST NAME OLD PORT SECRET URL mpesa"),
        ({"outcome": "fail"}, "OLD PORT SECRET URL"),
        ({"outcome": Outcome.SKIP}, "mpesa"),
        ({"outcome": ["pass", Outcome.UNKNOWN]}, "HOST NAME"),
        ({"outcome": "fail", "severity": "warning"}, "URL"),
        ({"severity": (Severity.WARNING, Severity.INFO)}, "URL"),
        ({"kind": "parity"}, "SECRET"),
        ({"kind": ["parity", "cred*"]}, "SECRET mpesa"),
        ({"environment": "laptop"}, "SECRET URL"),
        ({"environment": "laptop", "kind": "variable"}, "URL"),
        ({"environment": ["laptop", "live"], "outcome": "unknown"}, "HOST"),
        ({"subject": "P*"}, "PORT"),
        ({"subject": ["PORT", "URL"]}, "PORT URL"),
        ({"rule": "url-*"}, "URL"),
        ({"rule": (name for name in ["url-no-host", "parity-same"])}, "SECRET URL"),
        ({"rule": "no-such-rule"}, ""),
        ({"subject": []}, ""),
    ],
)
def test_findings_are_selected(chosen, subjects):
    report = ALL.select(**chosen)
    assert sorted(found.subject for found in report.findings) == subjects.split()
    assert report.findings == tuple(f for f in ALL.findings if f.subject in subjects.split())
    assert (report.project, report.environments) == (ALL.project, ALL.environments)


def test_findings_are_selected_by_the_former_code_of_a_rule_too():
    found = finding("A", rule="variable-newline")
    assert Report.of([found, PORT]).select(rule="variable-line-end").findings == (found,)


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"outcome": "failed"}, "failed is not an outcome: did you mean fail?"),
        ({"outcome": ["fail", "gone"]}, "gone is not an outcome"),
        ({"severity": "warn"}, "warn is not a severity"),
        ({"kind": 3}, "kind must be a text, or several"),
        ({"rule": [3]}, "rule must be a text, or several"),
        ({"outcome": [True]}, "outcome must be a text, or several"),
    ],
)
def test_what_can_not_be_selected_is_said(chosen, said):
    with pytest.raises(assay.UsageError) as caught:
        ALL.select(**chosen)
    assert caught.value.message == said
    assert caught.value.remedy


def test_a_failed_check_holds_what_decided():
    with pytest.raises(assay.CheckFailed) as caught:
        ALL.raise_for_failures()
    assert caught.value.findings == (BOTH, PORT)
    assert "live: PORT is wrong [port-out-of-range]" in caught.value.message
    with pytest.raises(assay.CheckFailed) as caught:
        ALL.raise_for_failures("warning")
    assert caught.value.findings == (URL, BOTH, PORT)
    assert pickle.loads(pickle.dumps(caught.value)).findings == (URL, BOTH, PORT)


def test_what_is_unknown_decides_unless_it_is_allowed():
    unknown = Report.of([HOST, GOOD])
    with pytest.raises(assay.CheckFailed) as caught:
        unknown.raise_for_failures()
    assert (caught.value.findings, caught.value.exit_code) == ((HOST,), 3)
    assert "live: the vault did not answer" in caught.value.message
    assert unknown.raise_for_failures(allow_unknown=True) is unknown


def test_an_invalid_spec_is_told_from_a_failed_check(project):
    project.spec("variables: {A: {type: prot}}")
    with pytest.raises(assay.CheckFailed, match="the spec has 1 problem") as caught:
        assay.lint(project.folder / "specs").raise_for_failures()
    assert caught.value.exit_code == 2


def test_arguments_that_make_no_sense_are_said():
    with pytest.raises(assay.UsageError, match="is not a report format"):
        ALL.render([])  # type: ignore[arg-type]
    with pytest.raises(assay.UsageError, match="not a JSON report"):
        Report.from_json(None)  # type: ignore[arg-type]
    for ask in (ALL.raise_for_failures, lambda name: ALL.render(fail_on=name)):
        with pytest.raises(assay.UsageError, match="eror is not a severity: did you mean error"):
            ask("eror")


@pytest.mark.parametrize("name", REPORTERS)
def test_a_report_is_rendered_in_every_format(name):
    text = ALL.render(name)
    assert "PORT" in text
    assert text.endswith("\n")


def test_rendering_takes_the_options_of_the_command():
    assert "NAME" not in ALL.render()
    assert "NAME" in ALL.render(verbose=True)
    assert "URL is wrong" not in ALL.render(quiet=True)
    assert "\x1b[" in ALL.render(colour=True)
    long = Report.of([finding("A", message="word " * 30)])
    lines = [len(line) for line in long.render(width=40).splitlines() if "word" in line]
    assert max(lines) <= 40
    narrow = Report.of([URL])
    assert json.loads(narrow.render("json"))["exit-code"] == 0
    assert json.loads(narrow.render("json", fail_on="warning"))["exit-code"] == 1
    assert json.loads(Report.of([HOST]).render("json", allow_unknown=True))["exit-code"] == 0
    at = Location(file=".env", line=3)
    placed = Report.of([msgspec.structs.replace(PORT, location=at)])
    assert "file=shop/.env,line=3" in placed.render("github", root="shop")


def test_a_rendered_report_has_the_rules_of_its_findings():
    sarif = json.loads(Report.of([PORT]).render("sarif"))
    [rule] = sarif["runs"][0]["tool"]["driver"]["rules"]
    assert rule["id"] == "port-out-of-range"
    assert rule["fullDescription"]["text"]


def test_a_format_that_does_not_exist_is_said():
    with pytest.raises(assay.UsageError) as caught:
        ALL.render("jsn")
    assert caught.value.message == "jsn is not a report format: did you mean json?"
    assert caught.value.remedy.startswith("Pass one of github, ")


def test_no_rendered_place_says_how_long_a_value_before_it_is():
    places = [(".env", 8, ".env:3"), (".env", 1, ".env:3:1"), ("specs/app.yaml", 8, ":3:8")]
    for file, column, shown in places:
        at = Location(file=file, line=3, column=column)
        placed = Report.of([msgspec.structs.replace(PORT, location=at, sensitive=False)])
        assert f"{shown}\n" in placed.render()
    own = Location(file="builtin:web", line=3, column=8)
    assert "builtin:web:3:8\n" in Report.of([finding("A", location=own)]).render()


def test_what_looks_like_a_secret_is_bullets_in_a_rendered_report():
    shown = finding("sk_live_4eC39HqLyjWDarjtT1zdp7dc", category=Category.SECRET)
    for name in REPORTERS:
        assert "4eC39HqLyjWDarjtT1zdp7dc" not in Report.of([shown]).render(name)
