"""`assay explain` tells of rules, patterns, variables, value types and envelopes."""

from __future__ import annotations

import json

import pytest

SPEC = """
imports: [builtin:redis]
environments:
  development:
    values: [{dotenv: .env}, {dotenv: {path: .env.local, optional: true}}]
  production: {live: true, values: [process]}
variables:
  PORT: {type: port, default: 3000, description: Where it listens.}
  SESSION_SECRET: {secret: true, default: local-only}
  FLAG: {required: environment == 'production', when: live}
  REDIS_URL: {parity: any, loosens: [parity]}
"""


@pytest.fixture(autouse=True)
def _project(project):
    project.spec(SPEC)
    project.env("PORT=80800\nSESSION_SECRET=s3same-opens-it\nFLAG=\n")
    project.env("PORT=8080\n", ".env.local")


def lines(project, *names, **environ):
    ran = project.run("explain", *names, environ={"COLUMNS": "80", **environ})
    assert (ran.code, ran.err) == (0, "")
    return [" ".join(line.split()) for line in ran.out.splitlines()]


def test_a_variable_has_its_declarations_and_what_each_source_holds(project):
    said = lines(project, "PORT")
    assert said[0] == "PORT (variable, port)"
    assert "what Where it listens." in said
    assert "needed no: unset means `default: 3000`" in said
    assert "in development .env: 80800 (malformed), line 1" in said
    assert ".env.local: 8080, line 1 (this one counts)" in said
    assert "in production the process environment: not set" in said


def test_a_secret_is_never_shown(project):
    said = project.run("explain", "SESSION_SECRET").out
    assert "SESSION_SECRET (secret variable, text)" in said
    assert ".env: ••••••, line 2" in said
    assert "local-only" not in said
    assert "s3same" not in said
    data = project.run("explain", "SESSION_SECRET", "--format", "json").out
    assert "local-only" not in data
    assert "s3same" not in data


def test_a_variable_that_is_imported_too_has_every_declaration(project):
    said = "\n".join(lines(project, "REDIS_URL"))
    assert "declared specs/app.yaml:12:3: parity: any, loosens: [parity]" in said
    assert "builtin:redis:" in said
    assert "What stands first wins, field by field; the rest is imported." in said


def test_conditions_and_empty_values_are_told(project):
    said = lines(project, "FLAG")
    needed = "needed if `environment == 'production'`, and looked at only if `live`"
    assert needed in "\n".join(said)
    assert "in development .env: set, but empty (this one counts)" in said


def test_a_source_that_cannot_be_read_says_why(project):
    (project.folder / ".env").unlink()
    (project.folder / ".env").mkdir()
    said = project.run("explain", "PORT").out
    assert ".env can't be read in full" in said
    assert "can't be read: " not in said


def test_what_looks_like_a_secret_is_explained_with_bullets(project):
    """Wherever it stands: a description, the name, a value of a variable that isn't secret."""
    token = "hQ9vXw3LzT7nKb2RyD5mPc8sJf4gWe6a"
    project.spec(
        "environments: {development: {values: [dotenv: .env]}}\n"
        f"variables:\n  PORT: {{description: 'see https://u:{token}@h/', example: {token}}}\n"
        f"  {token}: {{}}\n"
    )
    project.env(f"PORT={token}\n{token}=1\n")
    for argv in (("PORT",), ("PORT", "--format", "json"), (token,), (token, "--format", "json")):
        ran = project.run("explain", *argv)
        assert ran.code == 0
        assert token not in ran.out + ran.err


def test_few_rules_of_a_pattern_are_explained_and_many_listed(project):
    assert lines(project, "port-*")[0] == "port-out-of-range (error, format)"
    assert all(line.startswith("variable-") for line in lines(project, "variable-*"))


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("uuid", ["uuid (value type)", "`versions`: ", "write NAME: {type: uuid}"]),
        ("hex", ["make `openssl rand -hex 32`", "rules hex-prefix"]),
        ("enum", ["`options`: "]),
        ("postgres", ["secret unless `secret: false` is given"]),
        ("fernet", ["fernet (envelope)", "cipher fernet", "write envelope: fernet"]),
    ],
)
def test_types_and_envelopes(project, name, parts):
    said = "\n".join(lines(project, name))
    for part in parts:
        assert part in said


def test_it_is_wrapped_at_words_and_coloured_on_demand(project):
    plain = project.run("explain", "variable-empty", environ={"COLUMNS": "60"})
    assert max(map(len, plain.out.splitlines())) <= 60
    assert "\x1b" not in plain.out
    assert "\x1b[1m" in project.run("explain", "variable-empty", "--color", "always").out


def test_json_holds_all_that_was_named(project):
    ran = project.run("explain", "variable-empty", "PORT", "uuid", "fernet", "--format", "json")
    kinds = [next(iter(one)) for one in json.loads(ran.out)]
    assert kinds == ["code", "variable", "type", "envelope"]


@pytest.mark.parametrize(
    ("name", "said"),
    [("PROT", "did you mean PORT?"), ("uid", "did you mean ulid?"), ("zzzzzz", "is not a rule")],
)
def test_what_is_nothing_is_a_usage_error(project, name, said):
    ran = project.run("explain", name)
    assert ran.code == 2
    assert said in ran.err


def test_rules_are_explained_without_a_valid_spec(project):
    project.spec("variables: [broken]\n")
    assert project.run("explain", "variable-empty").code == 0
    ran = project.run("explain", "PORT")
    assert "there is no valid spec here" in ran.err
    assert project.run("explain", "PORT", "--spec", "nowhere").code == 2
