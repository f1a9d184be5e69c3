"""Whoever fills in values may choose one that is a piece of a report; the report survives it."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest

from assay.redaction import Masker

SPEC = """\
environments:
  dev: {values: [{dotenv: .env}]}
  prod: {values: [{dotenv: .env}]}
variables:
  PORT: {type: port}
  KEPT: {secret: true, required: false}
keys:
  kept: {variable: KEPT, cipher: passphrase, encoding: utf8}
"""
PIECES = (
    *('"outcome": "fail"', '"findings":', '": "fail",', "],\n  [", '"ruleId": ', '"$schema"'),
    *("</testcase>", "<failure message=", "::error file=.env", ",title=port-", "not ok 1"),
    *("  ---\n  message", "</table>", "error[port", "partialFingerprints", "notApplicable"),
    *('"environment":', '"variable": "KEPT"', '"created"'),
)
"""Values that are pieces of reports; some are more than a line."""


@pytest.fixture
def hostile(project):
    project.spec(SPEC)
    lines = [f"V{number}='{piece}'" for number, piece in enumerate(PIECES)]
    project.env("\n".join(["PORT=0", f"KEPT='{PIECES[0]}'", *lines, ""]))
    return project


@pytest.mark.parametrize("to_file", [False, True])
@pytest.mark.parametrize("name", ["gitlab", "json", "sarif"])
def test_json_stays_json(hostile, name, to_file):
    options = ["--output", f"{name}=made"] if to_file else ["--format", name]
    ran = hostile.run("check", "dev", *options)
    text = (hostile.folder / "made").read_text() if to_file else ran.out
    assert ran.code == 1
    assert "port-out-of-range" in json.dumps(json.loads(text))


def test_junit_stays_xml(hostile):
    suites = ET.fromstring(hostile.run("check", "dev", "--format", "junit").out)
    assert any("PORT" in case.get("name", "") for case in suites.iter("testcase"))


def test_annotations_stay_annotations(hostile):
    lines = hostile.run("check", "dev", "--format", "github").out.splitlines()
    assert lines[0].startswith("::error file=.env,line=1,endLine=1,col=6,endColumn=7,title=port-")
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in lines)


@pytest.mark.parametrize(("name", "whole"), [("tap", "not ok 1 - dev: PORT"), ("html", "</table>")])
def test_other_formats_keep_their_marks(hostile, name, whole):
    assert whole in hostile.run("check", "dev", "--format", name).out


@pytest.mark.parametrize(
    "command",
    [("diff", "dev", "prod"), ("key", "show"), ("key", "compare", "kept"), ("snapshot",)],
)
def test_the_json_of_other_commands_stays_json(hostile, command):
    given = () if command == ("snapshot",) else ("--format", "json")
    assert json.loads(hostile.run(*command, *given).out)


def test_values_in_the_texts_of_a_report_are_still_masked(project):
    value = "a phrase of words"
    project.spec(
        "variables: {PHRASE: {secret: true}, PORT: {type: port, obtain: ask for a phrase of words}}"
    )
    project.env(f"PHRASE='{value}'\nPORT=0\n")
    for name in ("text", "json", "sarif", "junit", "github", "tap", "markdown", "html", "gitlab"):
        ran = project.run("check", "--format", name)
        assert value not in ran.out
        assert ran.code == 1


def test_texts_in_json_are_masked_and_its_marks_are_not():
    masker = Masker(["a secret of mine", '", 1, null'])
    text = '{"a": ["a secret of mine", 1, null], "b": 1, "c": "\\", 1, null"}\n'
    assert json.loads(masker.mask_json(text)) == {
        "a": ["[redacted]", 1, None],
        "b": 1,
        "c": "[redacted]",
    }
    assert masker.mask_json('{"a":1}') == '{"a":1}'
