"""SARIF as its validators and GitHub want it."""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from jsonschema import Draft7Validator
from tests.reporters.golden import CASES
from tests.reporters.strategies import contexts, reports

from assay.reporters import render_report

if TYPE_CHECKING:
    from pathlib import Path

    from assay.model import Report
    from assay.reporters.base import Context

LOGS = sorted(CASES.glob("*/expected.sarif"))
ACCEPTED = {
    "SARIF2002": "GitHub shows `message.text` alone, and GH1007 asks for it",
    "SARIF2003": "a reporter knows no commit; upload-sarif adds it",
    "SARIF2006": "the validator asks the network",
    "SARIF2009": "rule codes are words, on purpose",
    "SARIF2010": "a whole file, or one that can't be shown, has no snippet",
    "SARIF2016": "a file outside of the repository has no relative place",
    "SARIF2011": "a region that is its whole line has no context",
}
"""Notes of the multitool that stay, and why. Its errors and warnings never do."""


def validate(multitool: str, *logs: Path) -> list[str]:
    """What the multitool has to say; its exit code says nothing."""
    # Its launcher hands the arguments to a shell, so that the semicolon needs quotes of its own.
    arguments = ["--rule-kind", '"Sarif;Gh"', "--level", '"Error;Warning;Note"']
    command = [multitool, "validate", *map(str, logs), *arguments]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert f"{len(logs)} files scanned" in said.stdout, said.stdout + said.stderr
    assert not said.stderr.strip()
    return re.findall(r"(?:error|warning|note) .*", said.stdout)


def test_the_multitool_has_nothing_to_say(multitool: str) -> None:
    said = validate(multitool, *LOGS)
    assert [line for line in said if line.split()[1].rstrip(":") not in ACCEPTED] == []


def test_the_multitool_does_run_the_rules_of_github(multitool: str, tmp_path: Path) -> None:
    log = json.loads((CASES / "mixed" / "expected.sarif").read_text(encoding="utf-8"))
    del log["runs"][1]["results"][0]["locations"]
    broken = tmp_path / "broken.sarif"
    broken.write_text(json.dumps(log), encoding="utf-8")
    assert any(line.startswith("error GH1") for line in validate(multitool, broken))


@pytest.mark.parametrize("log", LOGS, ids=lambda path: path.parent.name)
def test_a_log_is_valid_by_the_schema(sarif_schema: Path, log: Path) -> None:
    _validator(sarif_schema).validate(json.loads(log.read_text(encoding="utf-8")))


@settings(max_examples=50)
@given(report=reports, context=contexts)
def test_any_log_is_valid_by_the_schema(
    sarif_schema: Path, report: Report, context: Context
) -> None:
    _validator(sarif_schema).validate(json.loads(render_report("sarif", report, context)))


def _validator(schema: Path) -> Draft7Validator:
    return Draft7Validator(json.loads(schema.read_text(encoding="utf-8-sig")))


def test_a_secret_is_bullets_in_every_snippet() -> None:
    text = (CASES / "mixed" / "expected.sarif").read_text(encoding="utf-8")
    snippets = re.findall(r'"snippet": \{\s*"text": "([^"]*)"', text)
    assert "MPESA_KMS_KEY=\u2022\u2022\u2022\u2022\u2022\u2022" in snippets


def test_a_waived_finding_is_suppressed_with_its_reason() -> None:
    log = json.loads((CASES / "mixed" / "expected.sarif").read_text(encoding="utf-8"))
    (waived,) = [
        suppression["justification"]
        for run in log["runs"]
        for result in run["results"]
        for suppression in result.get("suppressions", ())
    ]
    assert waived == "Partner rotates it in January (payments), until 2027-01-31"
