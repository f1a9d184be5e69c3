"""A report reads back from its JSON exactly as it was written."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.reporters.golden import CASES
from tests.reporters.strategies import reports

import assay
from assay.errors import UsageError
from assay.model import Finding, Outcome, Report
from assay.reporters import render_report
from assay.reporters.base import Context
from assay.reporters.json_document import render


@given(reports)
def test_a_report_reads_back_as_it_was_written(report):
    shown = report.discreet()
    text = render(shown, Context(version="1.0"))
    back = Report.from_json(text)
    assert render(back, Context(version="1.0")) == text
    assert Report.from_json(text.encode()) == back
    assert back.counts == shown.counts
    assert back.exit_code() == shown.exit_code()
    if "\\ud" not in ascii(shown):
        assert back == shown


def test_what_is_in_no_other_field_reads_back_too():
    finding = Finding(
        outcome=Outcome.FAIL,
        kind="parity",
        subject="PORT",
        environment="web: a, web: b",
        across=("web: a", "web: b"),
        own_environment="a, b",
        folder="web",
        group="Server",
        written="PROT",
        holder="URL",
        sensitive=False,
    )
    report = Report.of([finding], environments=("web: a", "web: b"))
    [back] = Report.from_json(report.render("json")).findings
    assert back == finding
    assert back.environments == ("web: a", "web: b")
    assert back.fingerprint == finding.fingerprint
    plain = Finding(outcome=Outcome.PASS, kind="variable", subject="A", environment="a")
    assert plain.environments == ("a",)


def test_what_compares_environments_names_each(project):
    project.spec(
        "variables: {A: {parity: same}}\n"
        "environments: {'a, b': {values: [{dotenv: a.env}]}, c: {values: [{dotenv: c.env}]}}"
    )
    project.env("A=1\n", "a.env")
    project.env("A=2\n", "c.env")
    ran = project.run("check", "--format", "json")
    [compared] = [f for f in Report.from_json(ran.out).findings if f.kind == "parity"]
    assert compared.environments == ("a, b", "c")
    assert {f.environments for f in Report.from_json(ran.out).findings if f.kind == "source"} == {
        ("a, b",),
        ("c",),
    }
    spec = assay.load(str(project.folder / "specs"))
    assert assay.run(spec).discreet() == Report.from_json(ran.out)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"schema": 1}', b"\xff"])
def test_what_is_no_report_is_refused(text):
    with pytest.raises(UsageError, match="not a JSON report of assay"):
        Report.from_json(text)


@pytest.mark.parametrize("path", sorted(CASES.glob("*/expected.json")), ids=lambda p: p.parent.name)
def test_the_documents_of_the_cases_read_back(path):
    report = Report.from_json(path.read_bytes())
    assert len(report.findings) == sum(getattr(report.counts, name) for name in _COUNTS)


_COUNTS = ("passed", "failed", "warned", "noted", "skipped", "unknown", "waived")


def test_a_known_secret_is_masked_in_the_environments_that_are_compared():
    finding = Finding(
        outcome=Outcome.FAIL,
        kind="parity",
        subject="PORT",
        environment="hunter2, b",
        across=("hunter2", "b"),
    )
    context = Context(version="1", mask=lambda text: text.replace("hunter2", "••••••"))
    assert "hunter2" not in render_report("json", Report.of([finding]), context)


@pytest.mark.parametrize("form", ["text", "html", "sarif", "junit", "markdown", "short"])
def test_what_a_rule_of_a_plug_in_found_is_shown_without_the_plug_in(form):
    found = Finding(
        outcome=Outcome.FAIL,
        kind="acme",
        subject="THING",
        environment="e",
        rule="acme-odd",
        message="THING is odd",
        remedy="Make it even.",
    )
    back = Report.from_json(Report.of([found], environments=["e"]).render("json"))
    assert back.plugins == ()
    assert "acme-odd" in back.render(form)
    assert back.select(rule="acme-odd").findings == back.findings
