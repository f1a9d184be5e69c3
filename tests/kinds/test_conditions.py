"""Conditions on other values: read as their types say, and honest about what can't be known."""

from __future__ import annotations

import json

import pytest

VARIABLES = """\
environments: {dev: {values: [{dotenv: {path: .env, dialect: ruby}}]}}
variables:
  PORT: {type: port, required: false}
  MODE: {required: false}
  RATE: {type: number, required: false}
  DEBUG: {type: boolean, required: false}
  HOSTS: {type: list, required: false}
  LEVEL: {type: integer, default: 3}
  NONE: {allow-empty: true, required: false}
"""


def outcome(project, field: str, env: str) -> tuple[str, str]:
    """What becomes of a variable X with a field, and why."""
    project.spec(f"{VARIABLES}  X: {{{field}}}\n")
    project.env(env)
    report = json.loads(project.run("check", "--format", "json").out)
    [found] = [f for f in report["findings"] if f["subject"] == "X"]
    return found["outcome"], found["message"]


@pytest.mark.parametrize(
    ("condition", "env", "required"),
    [
        ("PORT > 1024", "PORT=8080", True),
        ("PORT > 1024", "PORT=80", False),
        ("PORT > 1024", "", False),
        ("MODE == 'on'", "MODE=on", True),
        ("MODE == ''", "MODE=", True),
        ("MODE != ''", "MODE=", False),
        ("MODE != 'on'", "", False),
        ("MODE != 'on'", "MODE=", False),  # empty text counts as unset
        ("!MODE.startsWith('o')", "MODE=", False),
        ("NONE != 'on'", "NONE=", True),  # unless it may be empty
        ("RATE < 0.5", "RATE=0.25", True),
        ("DEBUG", "DEBUG=yes", True),
        ("DEBUG", "DEBUG=false", False),
        ("'a' in HOSTS", "HOSTS=b,a", True),
        ("LEVEL == 3", "", True),
        ("LEVEL == 3", "LEVEL=4", False),
        ("isSet('LEVEL')", "", False),
        ("isSet('MODE')", "MODE=", False),  # empty text counts as unset
        ("isSet('MODE')", "MODE=off", True),
        ("environment == 'dev'", "", True),
    ],
)
def test_a_condition_reads_values_as_their_types_say(project, condition, env, required):
    field = f"required: {json.dumps(condition)}"
    assert (outcome(project, field, env + "\n")[0] == "fail") == required


def test_a_condition_on_a_malformed_value_decides_nothing(project):
    found, message = outcome(project, "required: PORT > 1024", "PORT=many\n")
    assert found == "skip"
    assert message == "X does not apply: its condition reads PORT, which is malformed"


@pytest.mark.parametrize(
    ("declared", "value", "condition", "found"),
    [
        ("type: integer, maximum: 4, severity: warning", "9", "N < 4", "fail"),
        ("type: number, maximum: 4, severity: info", "9.5", "N < 4.0", "fail"),
        ("type: integer, maximum: 4, severity: warning", "9", "N > 4", "pass"),
        # these are of no use to the application, whatever that is called
        ("type: integer, severity: warning", "many", "N < 4", "skip"),
        ("type: port, severity: warning", "many", "N < 4", "skip"),
        ("type: boolean, severity: warning", "perhaps", "N == false", "skip"),
        ("type: integer, maximum: 4", "9", "N < 4", "skip"),
    ],
)
def test_a_value_that_is_only_warned_of_is_judged(project, declared, value, condition, found):
    project.spec(
        f"variables: {{N: {{{declared}}}}}\nrules: {{r: {{assert: {condition}, message: no}}}}\n"
    )
    project.env(f"N={value}\n")
    findings = json.loads(project.run("check", "--format", "json").out)["findings"]
    assert [f["outcome"] for f in findings if f["kind"] == "rule"] == [found]


def test_a_condition_on_what_cant_be_read_is_unknown(project):
    found, message = outcome(project, "required: MODE == 'on'", "MODE=$(cat mode)\n")
    assert found == "unknown"
    assert message.startswith("X could not be observed: it is set, but can't be read back")


def test_what_cant_be_read_is_set_all_the_same(project):
    assert outcome(project, "required: isSet('MODE')", "MODE=$(cat mode)\n")[0] == "fail"
    assert outcome(project, "when: \"!isSet('MODE')\"", "MODE=$(cat mode)\n")[0] == "skip"


def test_what_a_condition_does_not_need_may_be_unreadable(project):
    field = "required: environment == 'dev' || MODE == 'on'"
    assert outcome(project, field, "MODE=$(cat mode)\n")[0] == "fail"


@pytest.mark.parametrize(
    ("field", "env", "found"),
    [
        ("required: false", "X=\n", "pass"),
        ("allow-empty: true", "X=\n", "pass"),
        ("required: isSet('MODE')", "X=\n", "pass"),
        ("required: isSet('MODE')", "X=\nMODE=\n", "pass"),
        ("required: isSet('MODE')", "X=\nMODE=off\n", "fail"),
        ("when: isSet('MODE'), type: port", "X=many\n", "skip"),
        ("only-in: [dev]", "X=1\n", "pass"),
        ("default: x", "", "pass"),
    ],
)
def test_what_may_be_empty_or_unset(project, field, env, found):
    assert outcome(project, field, env)[0] == found


def test_a_type_that_needs_an_unset_variable_judges_without_it(project):
    project.spec(
        "variables:\n  URL: {type: url, required: false}\n  KEY: {type: supabase-key, url: URL}\n"
    )
    project.env("KEY=sb_publishable_abcdefghijklmnopqrstuv\n")
    assert project.run("check").code == 0
