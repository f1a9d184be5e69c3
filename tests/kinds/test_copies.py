"""Copies of a secret that files make are asked no more than the secret itself."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SECRET = "hunter2-vR7mQ2xK9pL4"
SPEC = """\
environments:
  ci: {{values: [process, {{dotenv: {{path: .env, dialect: {dialect}}}}}]}}
variables:
  SECRET: {{secret: true}}
  OPEN: {{secret: false, required: false}}
  COPY: {copy}
{more}"""


def checked(
    project, env: str, *, copy: str = "{}", more: str = "", dialect: str = "shell", **process: str
) -> dict[tuple[str, str], dict[str, Any]]:
    """The findings by kind and subject."""
    project.spec(SPEC.format(copy=copy, more=more, dialect=dialect))
    project.env(env)
    ran = project.run("check", "--format", "json", environ={"SECRET": SECRET, **process})
    assert "hunter2" not in ran.said.replace("hunter2-guess", "")
    return {(f["kind"], f["subject"]): f for f in json.loads(ran.out)["findings"]}


RULE = "rules: {r: {assert: \"COPY.startsWith('h')\", message: m}}\n"


@pytest.mark.parametrize(
    "env",
    [
        "COPY=$SECRET\n",
        'COPY="x${SECRET}"\n',
        "A=$SECRET\nCOPY=$A\n",
        "COPY=${NOTHING:-$SECRET}\n",
        "COPY=${SECRET:-x}\n",
    ],
)
@pytest.mark.parametrize("value", ["h", "x"])
def test_a_rule_does_not_look_into_a_copy(project, env, value):
    more = f"rules: {{r: {{assert: \"COPY.startsWith('{value}')\", message: m}}}}\n"
    found = checked(project, env, more=more)[("rule", "r")]
    assert found["outcome"] == "unknown"
    assert "SECRET from the process" in found["message"]
    assert "reveals: true" in found["remedy"]


@pytest.mark.parametrize("dialect", ["next", "compose", "python", "ruby", "shell"])
def test_copies_are_known_in_every_dialect_that_makes_them(project, dialect):
    found = checked(project, "COPY=${SECRET}\n", more=RULE, dialect=dialect)
    assert found["rule", "r"]["outcome"] == "unknown"


@pytest.mark.parametrize("value", ["h", "x"])
@pytest.mark.parametrize(
    "asked",
    [
        "{pattern: '%s.*'}",
        "{secret: true, pattern: '%s.*'}",
        "{max-length: 20}",
        "{min-length: 21}",
        "{type: enum, options: [%s]}",
        "{type: list, separator: %s, max-items: 1}",
        "{type: list, separator: %s}",
        "{type: list, of: {type: text, pattern: '%s.*'}}",
        "{type: boolean, truthy: [%s], falsy: [n]}",
        "{type: json, schema: {pattern: '^%s'}}",
        "{type: hex, bytes: 10}",
    ],
)
def test_a_copy_is_not_asked_what_the_spec_chose(project, asked, value):
    asked = asked.replace("%s", value)
    found = checked(project, "COPY=$SECRET\n", copy=asked)["variable", "COPY"]
    assert found["outcome"] == "unknown"
    assert "would reveal part of it" in found["message"]


@pytest.mark.parametrize("letter", ["h", "x"])
def test_a_key_of_a_copy_is_not_asked_for_a_prefix(project, letter):
    key = f"{{variable: COPY, cipher: passphrase, encoding: utf8, prefix: {letter}}}"
    copy = "{secret: true}"
    found = checked(project, "COPY=$SECRET\n", copy=copy, more=f"keys: {{k: {key}}}\n")
    assert found["key", "k"]["outcome"] == "unknown"


def test_keys_do_not_spell_a_variable_out_by_their_prefixes(project):
    keys = {
        f"k{letter}": {
            "variable": "SECRET", "cipher": "passphrase", "encoding": "utf8", "prefix": letter
        }
        for letter in "abcdefgh"
    }  # fmt: skip
    more = f"keys: {json.dumps(keys)}\n"
    project.spec(SPEC.format(copy="{required: false}", more=more, dialect="next"))
    ran = project.run("check", environ={"SECRET": SECRET})
    assert ran.code == 2
    assert "ka expects a different one for SECRET" in ran.said
    assert "\n7 errors\n" in ran.said
    assert "key-prefix" not in ran.said
    same = {name: {**key, "prefix": "h"} for name, key in keys.items()}
    same["plain"] = {**keys["ka"], "prefix": ""}
    more = f"keys: {json.dumps(same)}\n"
    project.spec(SPEC.format(copy="{required: false}", more=more, dialect="next"))
    assert project.run("lint").code == 0


@pytest.mark.parametrize(
    ("env", "process"),
    [
        ("COPY=hat\n", {}),
        ("A=hat\nCOPY=$A\n", {}),
        ("COPY=hat$OPEN\n", {"OPEN": "x"}),
        ("COPY=h$HOME\n", {"HOME": "/home/me"}),
        ("COPY=${NOTHING:-hat}\n", {}),
        ("COPY=$COPY\n", {"COPY": "hat"}),
    ],
)
def test_what_is_no_copy_of_a_secret_is_judged(project, env, process):
    found = checked(project, env, copy="{pattern: 'h.*'}", more=RULE, **process)
    assert found["rule", "r"]["outcome"] == "pass"
    assert found["variable", "COPY"]["outcome"] == "pass"


def test_a_copy_is_judged_by_its_type_and_compared(project):
    rules = "{assert: COPY == SECRET && size(COPY) > 8 && isSet('COPY'), message: m}"
    found = checked(project, "COPY=$SECRET\n", copy="{type: text}", more=f"rules: {{r: {rules}}}\n")
    assert found["rule", "r"]["outcome"] == "pass"
    assert found["variable", "COPY"]["outcome"] == "pass"


def test_a_rule_that_reveals_looks_into_copies(project):
    more = RULE.replace("assert", "reveals: true, assert")
    assert checked(project, "COPY=$SECRET\n", more=more)["rule", "r"]["outcome"] == "pass"


def test_an_undeclared_name_of_the_process_may_be_a_secret(project):
    found = checked(project, "COPY=$DEPLOY_KEY\n", more=RULE, DEPLOY_KEY="hunter2-guess")
    assert found["rule", "r"]["outcome"] == "unknown"
    assert "declare it under `variables` of the spec;" in found["rule", "r"]["remedy"]


PIN = "1234"


def test_examples_of_copies_do_not_guess_a_secret(project):
    guesses = range(1200, 1240)
    declared = "".join(f"  G{n}: {{secret: true, example: x{n}}}\n" for n in guesses)
    env = "".join(f"G{n}=x$SECRET\n" for n in guesses)
    found = checked(project, env, copy="{required: false}\n" + declared, SECRET=PIN)
    assert found["variable", "G1234"]["outcome"] == "unknown"
    assert "more than 16 values" in found["variable", "G1234"]["message"]


def test_types_of_copies_do_not_narrow_a_secret_down(project):
    numbers = range(100, 140)
    declared = "".join(f"  P{n}: {{type: port}}\n" for n in numbers)
    env = "".join(f"P{n}={n % 8}${{SECRET}}\nPLAIN{n}=x\n" for n in numbers)
    found = checked(project, env, copy="{required: false}\n" + declared, SECRET=PIN)
    # the same values tell nothing more, however many variables hold them
    assert {found["variable", f"P{n}"]["outcome"] for n in numbers} == {"fail", "pass"}
    env = "".join(f"P{n}={n}${{SECRET}}\n" for n in numbers)
    found = checked(project, env, copy="{required: false}\n" + declared, SECRET=PIN)
    outcomes = [found["variable", f"P{n}"]["outcome"] for n in numbers]
    assert outcomes[16:] == ["unknown"] * 24


def guessing(project, guesses: range, folder: str = "", rules: str = "") -> None:
    """Environments whose files hold guesses, beside what the process holds."""
    environments = "  real: {values: [process]}\n"
    for n in guesses:
        before = "process, " if rules else ""
        environments += f"  g{n}: {{values: [{before}{{dotenv: g/{n}}}]}}\n"
        project.write(f"{folder}g/{n}", f"{'GUESS' if rules else 'SECRET'}={n}\n")
    parity = "any" if rules else "different"
    project.spec(
        f"environments:\n{environments}variables:\n  SECRET: {{secret: true, parity: {parity}}}\n"
        f"  GUESS: {{secret: false, required: false}}\n{rules}",
        f"{folder}specs/app.yaml",
    )


EQUAL = "rules: {r: {assert: SECRET != GUESS, message: m}}\n"


@pytest.mark.parametrize(("rules", "code"), [("", "parity-equal"), (EQUAL, "rule-violated")])
def test_environments_do_not_guess_a_secret(project, rules, code):
    guessing(project, range(1230, 1240), rules=rules)
    assert code in project.run("check", environ={"SECRET": PIN}).said
    guessing(project, range(1210, 1240), rules=rules)
    ran = project.run("check", environ={"SECRET": PIN})
    assert code not in ran.said
    assert "contain more than 16 values" in " ".join(ran.said.split())


@pytest.mark.parametrize(("rules", "code"), [("", "parity-equal"), (EQUAL, "rule-violated")])
def test_projects_do_not_guess_a_secret_together(project, rules, code):
    guessing(project, range(1210, 1220), "a/", rules)
    guessing(project, range(1220, 1240), "b/", rules)
    assert code not in project.run("check", "--all", environ={"SECRET": PIN}).said


def test_examples_of_projects_do_not_guess_a_secret(project):
    for n in range(1220, 1240):
        project.spec(
            "environments: {ci: {values: [process]}}\n"
            f"variables: {{SECRET: {{secret: true, example: '{n}'}}}}\n",
            f"p{n}/specs/app.yaml",
        )
    ran = project.run("check", "--all", environ={"SECRET": PIN})
    assert ran.code == 2
    assert "the projects have 20 examples of it" in " ".join(ran.said.split())


@pytest.mark.parametrize("copies", [False, True])
def test_known_answers_do_not_guess_a_secret(project, copies):
    def keys(guesses: range) -> str:
        made = {
            f"k{n}": {
                "variable": f"COPY{n}" if copies else "SECRET",
                "cipher": "aes-256-gcm",
                "encoding": "utf8",
                "derive": "sha256",
                "sealed": [{"ciphertext": sealed(f"{n}"), "plaintext": "ok"}],
            }
            for n in guesses
        }
        return f"keys: {json.dumps(made)}\n"

    guesses = range(1210, 1240)
    declared = "".join(f"  COPY{n}: {{secret: true}}\n" for n in guesses if copies)
    env = "".join(f"COPY{n}=$SECRET\n" for n in guesses)
    for some in (guesses, range(1225, 1240)):
        copy = "{required: false}\n" + declared
        found = checked(project, env, copy=copy, more=keys(some), SECRET=PIN)
        outcomes = {n: found["key", f"k{n}"]["outcome"] for n in some}
        if len(some) > 16:
            assert outcomes[1234] == "unknown"
            assert "16 `sealed` texts" in found["key", "k1234"]["message"]
        else:
            assert "unknown" not in outcomes.values()


def sealed(guess: str) -> str:
    key, nonce = hashlib.sha256(guess.encode()).digest(), bytes(12)
    made = AESGCM(key).encrypt(nonce, b"ok", None)
    return ":".join(part.hex() for part in (nonce, made[2:], made[:2]))
