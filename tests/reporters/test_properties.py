"""What holds for every report, whatever text is in it."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import xmlschema
from hypothesis import given
from jsonschema import Draft202012Validator
from msgspec.structs import replace
from tests.reporters.strategies import contexts, reports

from assay.model import Report
from assay.reporters import REPORTERS, render_report
from assay.reporters.json_document import report_schema

if TYPE_CHECKING:
    from assay.model import Location
    from assay.reporters.base import Context

SGR = re.compile(r"\x1b\[[0-9;]*m")


@cache
def _junit_schema() -> xmlschema.XMLSchema10:
    return xmlschema.XMLSchema10(Path(__file__).parent / "junit.xsd")


@cache
def _json_validator() -> Draft202012Validator:
    return Draft202012Validator(report_schema())


@given(report=reports, context=contexts)
def test_every_reporter_renders_the_same_twice_and_nothing_that_can_not_be_seen(
    report: Report, context: Context
) -> None:
    for name in REPORTERS:
        rendered = render_report(name, report, context)
        assert rendered == render_report(name, report, context)
        assert rendered == "" or rendered.endswith("\n")
        rendered.encode()
        if name == "text" and context.colour:
            rendered = SGR.sub("", rendered)
        assert rendered.replace("\n", "").isprintable()


@given(report=reports, context=contexts)
def test_no_reporter_reads_the_file_of_a_sensitive_finding(
    report: Report, context: Context
) -> None:
    sensitive = replace(report, findings=tuple(replace(f, sensitive=True) for f in report.findings))

    def refuse(location: Location) -> str | None:
        raise AssertionError(location)

    for name in REPORTERS:
        render_report(name, sensitive, replace(context, excerpt=refuse))


@given(report=reports, context=contexts)
def test_colour_changes_nothing_but_colour(report: Report, context: Context) -> None:
    render = partial(render_report, "text")
    plain = render(report, replace(context, colour=False))
    assert SGR.sub("", render(report, replace(context, colour=True))) == plain


@given(report=reports, context=contexts)
def test_json_keeps_to_its_schema_and_keeps_the_text(report: Report, context: Context) -> None:
    document = json.loads(render_report("json", report, context))
    _json_validator().validate(document)
    assert [_spelled(f.message) for f in report.findings] == [
        entry["message"] for entry in document["findings"]
    ]
    assert sum(document["counts"].values()) == len(report.findings)


def _spelled(text: str) -> str:
    return text.encode(errors="backslashreplace").decode()


@given(report=reports, context=contexts)
def test_junit_is_valid_and_fails_exactly_when_the_run_does(
    report: Report, context: Context
) -> None:
    rendered = render_report("junit", report, context)
    _junit_schema().validate(rendered)
    root = ET.fromstring(rendered)
    assert len(list(root.iter("testcase"))) == len(report.findings) == int(root.attrib["tests"])
    exit_code = report.exit_code(fail_on=context.fail_on, allow_unknown=context.allow_unknown)
    broken = int(root.attrib["failures"]), int(root.attrib["errors"])
    assert (exit_code in (Report.EXIT_FAIL, Report.EXIT_INVALID)) == bool(broken[0])
    assert (exit_code == Report.EXIT_PASS) == (broken == (0, 0))


@given(report=reports, context=contexts)
def test_every_line_for_github_is_one_command(report: Report, context: Context) -> None:
    rendered = render_report("github", report, context)
    command = re.compile(r"::(error|warning|notice) [a-zA-Z]+=[^:,]*(,[a-zA-Z]+=[^:,]*)*::.*")
    lines = rendered.splitlines()
    assert all(command.fullmatch(line) for line in lines)
    assert all(n <= 10 for n in Counter(line.split(" ")[0] for line in lines).values())


@given(report=reports, context=contexts)
def test_sarif_has_one_category_a_run_and_consistent_indices(
    report: Report, context: Context
) -> None:
    log = json.loads(render_report("sarif", report, context))
    ids = [run["automationDetails"]["id"] for run in log["runs"]]
    assert len(set(ids)) == len(ids) > 0
    for run in log["runs"]:
        rules = run["tool"]["driver"]["rules"]
        for result in run["results"]:
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
            assert (result["kind"] == "fail") == (result["level"] != "none")
            assert re.fullmatch(
                r"[A-Za-z0-9_.~%/:-]*",
                result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            )


@given(report=reports, context=contexts)
def test_no_table_row_breaks_apart(report: Report, context: Context) -> None:
    columns = None
    for line in render_report("github-summary", report, context).splitlines():
        if not line.startswith("|"):
            columns = None
            continue
        cells = len(re.findall(r"(?<!\\)(?:\\\\)*\|", line))
        assert columns in (None, cells)
        columns = cells
