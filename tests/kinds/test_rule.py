"""Rules over several variables: when they apply, what they cost, what a hook knows of them."""

from __future__ import annotations

import contextlib
import json
import os

import pytest

from assay.screen.judge import clean
from assay.screen.remembered import load_and_remember

VARIABLES = """\
variables:
  HOST: {required: false}
  MODE: {type: enum, options: [on, off], default: off}
  PORT: {type: port, required: false}
  NAMES: {type: list, required: false}
  KEY: {secret: true, required: false}
"""


def outcome(project, rule: str, env: str) -> tuple[str, str]:
    """What becomes of one rule, and what is said of it."""
    project.spec(f"{VARIABLES}rules: {{r: {{message: m, {rule}}}}}\n")
    project.env(env)
    report = json.loads(project.run("check", "--format", "json", "--only", "r").out)
    [found] = [f for f in report["findings"] if f["subject"] == "r"]
    return found["outcome"], found["message"]


@pytest.mark.parametrize(
    ("condition", "env", "expected"),
    [
        ("HOST.contains('b')", "HOST=abc", "pass"),
        ("HOST.contains('x')", "HOST=abc", "fail"),
        ("HOST.startsWith('a') && HOST.endsWith('c')", "HOST=abc", "pass"),
        ("HOST.matches('^a.c$')", "HOST=abc", "pass"),
        ("HOST.matches('^a.d$')", "HOST=abc", "fail"),
        ("HOST.lowerAscii() == 'abc'", "HOST=ABC", "pass"),
        ("HOST.split('.').size() > 1", "HOST=a.b", "pass"),
        ("size(NAMES) > 1 && NAMES.all(n, n.startsWith('a'))", "NAMES=aa,ab", "pass"),
        ("'c' in NAMES", "NAMES=a,b", "fail"),
        ("PORT > 1024", "PORT=80", "fail"),
        ("MODE == 'off'", "HOST=a", "pass"),
        ("isSet('MODE')", "HOST=a", "fail"),
        ("isSet('HOST')", "HOST=", "fail"),
        ("HOST != ''", "HOST=", "fail"),
        ("environment == 'default' && PORT > 1024", "PORT=80", "fail"),
        ("HOST == 'a' || PORT > 1024", "HOST=a", "pass"),
        ("PORT > 1024", "HOST=a", "skip"),
        ("PORT > 1024", "PORT=x", "skip"),
        ("int(HOST) > 3", "HOST=abc", "unknown"),
        ("100 / PORT > 3", "PORT=20", "pass"),
    ],
)
def test_what_is_asserted_decides(project, condition, env, expected):
    assert outcome(project, f"assert: {json.dumps(condition)}", env + "\n")[0] == expected


@pytest.mark.parametrize(
    ("when", "expected", "message"),
    [
        (
            "MODE == 'on'",
            "skip",
            "r does not apply: its condition `when: MODE == 'on'` is false here",
        ),
        ("PORT > 1", "skip", "r does not apply: its condition `when` reads PORT, which is not set"),
        ("MODE == 'off'", "fail", "rule r is violated: m"),
    ],
)
def test_a_rule_applies_only_where_its_condition_is_true(project, when, expected, message):
    rule = f"when: {json.dumps(when)}, assert: \"HOST == 'b'\""
    assert outcome(project, rule, "HOST=a\n") == (expected, message)


@pytest.mark.parametrize(
    ("demand", "env", "expected"),
    [
        ("required: true", "URL=a\n", "skip"),
        ("required: true", "URL=a\nA=\n", "skip"),
        ("required: true, allow-empty: true", "URL=a\n", "skip"),
        ("required: true, allow-empty: true", "URL=a\nA=\n", "pass"),
        ("required: false", "URL=a\n", "fail"),
        ("default: x", "URL=a\n", "fail"),
        ("when: isSet('B')", "URL=a\n", "fail"),
        ("only-in: [other]", "URL=a\n", "fail"),
    ],
)
def test_what_is_missing_is_reported_once(project, demand, env, expected):
    project.spec(
        "environments: {dev: {values: [{dotenv: .env}]}, other: {values: [process]}}\n"
        f"variables: {{URL: {{}}, A: {{{demand}}}, B: {{required: false}}}}\n"
        "rules: {r: {assert: \"!isSet('URL') || isSet('A') || isSet('B')\", message: m}}\n"
    )
    project.env(env)
    report = json.loads(project.run("check", "dev", "--format", "json").out)
    [found] = [f for f in report["findings"] if f["subject"] == "r"]
    assert found["outcome"] == expected
    if expected == "skip":
        assert found["message"].endswith("A must be set, which is reported by itself")


def test_what_a_message_says_in_braces_stays_as_it_is(project):
    rule = 'assert: "HOST == \'b\'", message: "use {HOST} {0} {}", remedy: "set {x}"'
    project.spec(f"{VARIABLES}rules: {{r: {{{rule}}}}}\n")
    project.env("HOST=a\n")
    ran = project.run("check")
    assert "r is violated: use {HOST} {0} {}" in ran.out
    assert "help: set {x}" in ran.out


def test_the_line_of_a_secret_is_not_shown(project):
    rule = "{reveals: true, assert: \"KEY.startsWith('a')\", message: m}"
    project.spec(f"{VARIABLES}rules: {{r: {rule}}}\n")
    project.env("KEY=vR7mQ2xK9pL4tW8zN3cJ6yB1\n")
    ran = project.run("check")
    assert ".env:1:5" in ran.out
    assert "vR7m" not in ran.said


HOOKED = """\
environments:
  files: {values: [{dotenv: .env}, {dotenv: {path: .env.local, optional: true}}]}
  mixed: {values: [{dotenv: mixed.env}, process]}
variables:
  A: {required: false}
  B: {required: false}
  N: {type: integer, required: false}
"""


@pytest.mark.parametrize(
    ("rule", "files", "hooked", "broken"),
    [
        ("isSet('A') == isSet('B')", {".env": "A=1"}, ".env", True),
        ("isSet('A') == isSet('B')", {".env": "A=1", ".env.local": "B=1"}, ".env", False),
        ("isSet('A') == isSet('B')", {".env": "A=1", ".env.local": "N=1"}, ".env.local", False),
        ("isSet('A') || isSet('B')", {".env": "N=1"}, ".env", True),
        ("N > 3", {".env": "N=1"}, ".env", True),
        ("N > 3", {".env": "N=1", ".env.local": "A=1"}, ".env.local", False),
        ("N > 3 || A == 'x'", {".env": "N=1", ".env.local": "A=1"}, ".env.local", True),
        # the process may set what the files don't
        ("isSet('A') == isSet('B')", {"mixed.env": "A=1"}, "mixed.env", False),
        ("isSet('A') || isSet('B')", {"mixed.env": "N=1"}, "mixed.env", False),
        ("A == B", {"mixed.env": "A=1\nB=2"}, "mixed.env", True),
        ("A == 'x' && environment == 'mixed'", {"mixed.env": "A=y"}, "mixed.env", True),
        # nobody knows the environment of a file that no environment reads
        ("A == 'x' || environment == 'files'", {"other.env": "A=y"}, "other.env", False),
        ("A == 'x'", {"other.env": "A=y"}, "other.env", True),
        ("A == 'x' && B == 'y'", {"other.env": "A=y"}, "other.env", False),
    ],
)
def test_a_hook_tells_of_broken_rules_that_the_files_can_settle(
    project, rule, files, hooked, broken
):
    project.spec(f"{HOOKED}rules: {{r: {{assert: {json.dumps(rule)}, message: m}}}}\n")
    for name, text in files.items():
        project.env(f"{text}\n", name)
    ran = project.run("hook", hooked)
    assert ("[rule-violated]: rule r is violated: m" in ran.out) == broken
    assert ran.code == (1 if broken else 0)


@pytest.mark.parametrize(
    ("rule", "files", "hooked", "known"),
    [
        ("isSet('A') == isSet('B')", {".env": "A=1\nB=1"}, ".env", True),
        ("!isSet('A') != isSet('B')", {".env": "A=1\nB=1"}, ".env", True),
        ("isSet('A') != isSet('B')", {".env": "A=1\nB=1"}, ".env", False),
        (
            "A.startsWith('a') && !A.contains('x') && A.endsWith('c')",
            {".env": "A=abc"},
            ".env",
            True,
        ),
        ("A.startsWith('a') && !A.contains('x')", {".env": "A=axc"}, ".env", False),
        ("A.matches('^a')", {".env": "A=abc"}, ".env", False),  # CEL's to match
        ("isSet('A') && A == 'x'", {".env": "A=x"}, ".env", True),
        ("N > 3", {".env": "A=x"}, ".env", True),
        ("N > 3", {".env": "N=5"}, ".env", False),
        ("N > 3", {".env": "N=5", ".env.local": "A=1"}, ".env.local", True),
        ("A == 'x' || isSet('B')", {"mixed.env": "A=x"}, "mixed.env", True),
        ("A == 'x' || isSet('B')", {"mixed.env": "A=y"}, "mixed.env", False),
        ("A == 'x' || isSet('B')", {"mixed.env": "N=1"}, "mixed.env", True),
    ],
)
def test_the_screen_is_sure_where_it_can_be(project, rule, files, hooked, known):
    project.spec(f"{HOOKED}rules: {{r: {{assert: {json.dumps(rule)}, message: m}}}}\n")
    for name, text in files.items():
        project.env(f"{text}\n", name)
    with contextlib.chdir(project.folder):
        spec, plan = load_and_remember(None, os.getcwd())
        assert clean(plan, spec.root, [os.path.join(spec.root, hooked)]) == known


def test_the_screen_does_not_apply_a_rule_whose_condition_is_false(project):
    rule = "{when: \"A == 'on'\", assert: \"B == 'x'\", message: m}"
    project.spec(f"{HOOKED}rules: {{r: {rule}}}\n")
    with contextlib.chdir(project.folder):
        spec, plan = load_and_remember(None, os.getcwd())
        for text, known in (("A=off\nB=y", True), ("A=on\nB=y", False), ("A=on\nB=x", True)):
            for name in (".env", "mixed.env"):
                project.env(f"{text}\n", name)
                assert clean(plan, spec.root, [os.path.join(spec.root, name)]) == known
        project.env("A=off\n", "mixed.env")
        assert clean(plan, spec.root, [os.path.join(spec.root, "mixed.env")])


def test_a_rule_with_too_many_worlds_to_try_is_taken_as_it_is(project):
    names = [f"N{n}" for n in range(12)]
    variables = "".join(f"  {n}: {{type: boolean}}\n" for n in names)
    always = " || ".join(f"{n} || !{n}" for n in names)
    project.spec(f'variables:\n{variables}rules: {{r: {{assert: "{always}", message: m}}}}\n')
    assert project.run("lint").code == 0


def test_a_rule_over_a_variable_that_is_not_understood_is_not_called_pointless(project):
    rule = "{assert: A == 'x' || A != 'x' || DEBUG || !DEBUG, message: m}"
    project.spec(
        f"variables: {{A: {{type: nope}}, DEBUG: {{type: boolean}}}}\nrules: {{r: {rule}}}\n"
    )
    ran = project.run("lint")
    assert "always true" not in ran.out
    assert "1 error" in ran.out


def test_a_plain_word_of_yaml_that_stands_for_a_condition_is_explained(project):
    project.spec("variables: {A: {}}\nrules: {r: {assert: A, message: m}}\n")
    ran = project.run("lint")
    assert "it is neither true nor false" in ran.out


def test_a_comparison_with_an_environment_needs_environments(project):
    project.spec("variables: {A: {required: environment == 'production'}}\n")
    assert project.run("lint").code == 0
