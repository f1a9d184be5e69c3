"""What a check says of values that nobody declared, that Laravel drops, or that were doubled."""

from __future__ import annotations

import json

import pytest

HEX = "9e107d9d372bb6826bd81d3542a419d6"
OTHER = "e4d909c290d0fb1ca068ffaddf22cbd0"
SPEC = """
variables:
  URL: {type: url, secret: true}
environments:
  dev: {values: [{dotenv: .env}], undeclared: POLICY}
"""


@pytest.mark.parametrize("policy", ["ignore", "warn", "fail"])
@pytest.mark.parametrize(
    ("line", "rule"), [("USER=ab#cd", "variable-cut"), ("USER='ab", "variable-unclosed-quote")]
)
def test_what_a_loader_made_of_an_undeclared_value_is_a_warning(project, policy, line, rule):
    project.spec(SPEC.replace("POLICY", policy))
    project.env(f"URL=https://example.org\n{line}\n")
    ran = project.run("check", "dev", "--format", "json").out
    [found] = [one for one in json.loads(ran)["findings"] if one["rule"] == rule]
    assert (found["severity"], found["subject"]) == ("warning", "USER")
    assert rule in project.run("hook", ".env").out


@pytest.mark.parametrize("line", ["USER=ab #cd", "USER='ab#cd'", "USER=ab # cd", "USER= # cd"])
def test_a_comment_after_an_undeclared_value_is_none(project, line):
    project.spec(SPEC.replace("POLICY", "ignore"))
    project.env(f"URL=https://example.org\n{line}\n")
    assert project.run("check", "dev").code == 0
    assert "variable-" not in project.run("check", "dev").out


def test_a_name_with_the_word_of_a_password_is_not_masked(project):
    project.spec(SPEC.replace("POLICY", "warn"))
    project.env("URL=https://me:PASSWORD@example.org\nDB_PASSWORD=x\nPASSWORDS=y\n")
    out = project.run("check", "dev").out
    assert "DB_PASSWORD is set" in out
    assert "PASSWORDS is set" in out
    assert "[redacted]" not in out


LARAVEL = """
variables:
  PORT: {type: port, required: false}
environments:
  local: {values: [{dotenv: {path: .env, dialect: php}}]}
  deployed: {values: [process]}
"""


@pytest.mark.parametrize("value", ["null", "(null)", "empty", "(EMPTY)"])
def test_laravel_takes_its_words_for_nothing_in_the_process_too(project, value):
    project.spec(LARAVEL)
    assert project.run("check", "deployed", environ={"PORT": value}).code == 0
    project.spec(LARAVEL.replace("php", "node"))
    assert project.run("check", "deployed", environ={"PORT": value}).code == 1


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (f"{HEX} {HEX}", "the same value twice"),
        (f"{HEX} {OTHER}", "two values with whitespace between them"),
        ("nQ4s7Vw2pX9zK1mB5tR8yQ== hJ3gF6dS9aP2oI5uY8tR1e==", "two values with whitespace"),
        (f"{HEX} {OTHER[:8]}", "whitespace inside the value"),
        (f"{HEX} {OTHER[:16]} {HEX}", "whitespace inside the value"),
        (f"{HEX}\n{OTHER}", "whitespace inside the value"),
    ],
)
def test_two_values_in_one_are_told_from_one_that_was_wrapped(project, value, what):
    project.spec(
        "variables: {KEY: {secret: true}}\nenvironments: {dev: {values: [{dotenv: .env}]}}"
    )
    project.env(f'KEY="{value}"\n')
    out = " ".join(project.run("check", "dev").out.split())
    assert f"KEY has {what}" in out
    assert not any(piece in out for piece in value.split())
