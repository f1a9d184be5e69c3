"""A file of many thousand lines makes findings that a person can read, in seconds."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.project import Project

MANY = 120_000
PATIENCE = 20.0
"""Seconds. It takes one; what grows with the square of the lines takes hours."""


def reported(project: Project, *argv: str) -> list[dict[str, Any]]:
    start = time.process_time()
    ran = project.run(*argv, "--format", "json")
    assert time.process_time() - start < PATIENCE
    assert ran.err == ""
    return [f for f in json.loads(ran.out)["findings"] if f["outcome"] == "fail"]


@pytest.mark.parametrize("command", [("hook", ".env"), ("check",)])
def test_a_line_that_is_repeated_without_end_is_told_ten_times_and_counted(project, command):
    project.spec("variables: {A: }")
    project.env("A=value\n" * MANY)
    found = reported(project, *command)
    assert {f["rule"] for f in found} == {"source-duplicate"}
    assert [f["location"]["line"] for f in found] == list(range(1, 11))
    assert [f["notes"] for f in found] == [[]] * 9 + [["119,989 more like this aren't listed"]]


@pytest.mark.parametrize("format_", ["text", "sarif", "junit"])
def test_a_report_on_many_undeclared_names_ends_and_counts_them(project, format_):
    project.spec("variables: {A: }\nundeclared: fail")
    project.env("A=value\n" + "".join(f"NAME_{n}=v{n}\n" for n in range(MANY // 6)))
    start = time.process_time()
    ran = project.run("hook", ".env", "--format", format_)
    assert time.process_time() - start < PATIENCE
    assert ran.code == 1
    assert "NAME_999 " in ran.out
    assert "19,000 more like this" in ran.out
    assert "NAME_1000 " not in ran.out


def test_what_is_not_listed_never_changes_the_outcome(project):
    """A thousand warnings come before the one error."""
    project.spec("variables: {A: }\nundeclared: {default: warn, prefixes: {ZED_: fail}}")
    names = [f"NAME_{n}" for n in range(1500)]
    project.env("A=value\n" + "".join(f"{n}=1\n" for n in names) + "ZED_A=1\nVITE_K=sk_live_x\n")
    found = reported(project, "check")
    assert [f["subject"] for f in found if f["severity"] == "error"] == ["ZED_A", "VITE_K"]
    noted = [f for f in found if f["notes"]]
    assert [(f["subject"], f["notes"]) for f in noted] == [
        ("NAME_999", ["500 more like this aren't listed"])
    ]


def test_many_names_that_are_set_twice_are_told_in_part(project):
    project.spec("variables: {A: }\nundeclared: ignore")
    project.env("A=value\n" + "".join(f"N{n % 1200}=1\n" for n in range(2400)))
    found = reported(project, "check")
    assert len(found) == 1000
    assert sum("200 more like this" in note for f in found for note in f["notes"]) == 1


@pytest.mark.parametrize(
    "line", ["garbage\n", "A=$(id)\n", "A='\n", 'A="x" y\n', "\x00\n", "é=1\n"]
)
@pytest.mark.parametrize("dialect", ["node", "compose", "shell"])
def test_many_odd_lines_are_judged_in_seconds(project, line, dialect):
    project.spec(
        "variables: {A: }\nenvironments: {dev: {values: [{dotenv: {path: .env,"
        f" dialect: {dialect}, also-read-by: [python]}}}}]}}}}"
    )
    project.env(line * 15_000)
    found = reported(project, "hook", ".env")
    assert 0 < len(found) <= 2000
