"""The code quality artifact as GitLab takes it in."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from jsonschema import Draft202012Validator
from msgspec.structs import replace
from tests.reporters.strategies import contexts, reports

from assay.model import Finding, Location, Outcome, Report, Severity
from assay.reporters import gitlab
from assay.reporters.base import Context

TEXT = {"type": "string", "minLength": 1}
LINE = {"type": "integer", "minimum": 1}
# What https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format says, and what
# GitLab validates each entry with (app/validators/json_schemas/codeclimate.json), made strict.
SCHEMA: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "additionalProperties": False,
        "properties": {
            "description": TEXT,
            "check_name": TEXT,
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "additionalProperties": False,
                "properties": {
                    "path": {**TEXT, "not": {"pattern": "^\\./"}},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "additionalProperties": False,
                        "properties": {"begin": LINE, "end": LINE},
                    },
                },
            },
        },
    },
}
VALIDATOR = Draft202012Validator(SCHEMA)
PLAIN = Context(version="1", root="apps/billing")
MISSING = Finding(
    outcome=Outcome.FAIL,
    kind="variable",
    subject="PORT",
    environment="production",
    rule="variable-missing",
    message="PORT is not set",
    remedy="Set PORT",
    location=Location(file=".env", line=3, column=1),
)


def entries(*findings: Finding, context: Context = PLAIN, environments: tuple[str, ...] = ()):
    made = json.loads(gitlab.render(Report.of(findings, environments=environments), context))
    VALIDATOR.validate(made)
    return made


@given(report=reports, context=contexts)
def test_every_artifact_is_valid_and_no_entry_hides_another(
    report: Report, context: Context
) -> None:
    made = json.loads(gitlab.render(report, context))
    VALIDATOR.validate(made)
    shown = [
        f
        for f in report.findings
        if f.outcome is Outcome.UNKNOWN or (f.outcome is Outcome.FAIL and not f.waiver)
    ]
    assert len(made) == len({entry["fingerprint"] for entry in made}) == len(shown)


def test_an_entry_says_all_that_the_widget_shows() -> None:
    assert entries(MISSING) == [
        {
            "description": "PORT is not set. Set PORT.",
            "check_name": "variable-missing",
            "fingerprint": MISSING.fingerprint_in("apps/billing"),
            "severity": "critical",
            "location": {"path": "apps/billing/.env", "lines": {"begin": 3}},
        }
    ]


def test_the_environment_is_told_where_there_are_several() -> None:
    (entry,) = entries(MISSING, environments=("development", "production"))
    assert entry["description"] == "production: PORT is not set. Set PORT."


def test_severities_are_those_of_gitlab() -> None:
    found = [replace(MISSING, severity=severity) for severity in Severity]
    found.append(replace(MISSING, outcome=Outcome.UNKNOWN, rule=""))
    told = [(e["check_name"], e["severity"]) for e in entries(*found)]
    assert told == [
        ("variable-missing", "critical"),
        ("variable-missing", "minor"),
        ("variable-missing", "info"),
        ("not-observed", "major"),
    ]
    allowed = replace(PLAIN, allow_unknown=True)
    assert [e["severity"] for e in entries(*found, context=allowed)][-1] == "info"


def test_what_is_waived_skipped_or_well_is_left_out() -> None:
    waived = replace(MISSING, waiver="known")
    assert entries(waived, *(replace(MISSING, outcome=o) for o in ("skip", "pass"))) == []


def test_two_faults_of_one_name_stay_two_whatever_their_lines() -> None:
    def names(first: int, second: int) -> list[str]:
        places = (Location(file=".env", line=line) for line in (first, second))
        return [e["fingerprint"] for e in entries(*(replace(MISSING, location=p) for p in places))]

    assert len(set(names(1, 2))) == 2
    assert names(1, 2) == names(5, 9)


def test_what_has_no_place_gets_the_folder_of_the_spec() -> None:
    (entry,) = entries(replace(MISSING, location=None))
    assert entry["location"] == {"path": "apps/billing/specs", "lines": {"begin": 1}}
