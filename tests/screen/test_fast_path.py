"""Clean files of the usual sort take the fast path, so that speed is not lost in silence."""

from __future__ import annotations

import contextlib
import os

import pytest

from assay import dotenv
from assay.screen import screened
from assay.screen.judge import clean
from assay.screen.remembered import load_and_remember

TYPES = (
    ("{type: port}", "8080"),
    ("{type: url}", "https://api.example.org/v1?x=1"),
    ("{secret: true}", "vR7mQ2xK9pL4tW8zN3cJ6yB1"),
    ("{type: boolean}", "true"),
    ("{type: enum, options: [on, off]}", "on"),
    ("{type: hostname}", "db.internal"),
    ("{type: integer, minimum: 1}", "42"),
    ("{type: email}", "ops@example.org"),
    ("{type: uuid}", "0b7c2f4e-6d1a-4c3b-9e8f-1a2b3c4d5e6f"),
    (
        "{type: hex, secret: true}",
        "8f1c2d7be04a95632fd1c07ab89e3465d0127f8ab3c4e596071829dabfce1430",
    ),
    ("{}", "anything at all"),
    ("{required: false}", "x"),
    ("{default: y}", "x"),
    ("{required: \"environment == 'dev'\"}", "x"),
)


def written(count: int, quote: str = '"') -> tuple[str, str]:
    """A spec of common types and a clean file for it, with comments and quotes."""
    spec, env = "variables:\n", "# written by hand\n\n"
    for number in range(count):
        fields, value = TYPES[number % len(TYPES)]
        spec += f"  V_{number}: {fields}\n"
        mark = quote if " " in value or number % 5 == 0 else ""
        env += f"V_{number}={mark}{value}{mark}\n" + (
            "# a comment, isn't it?\n" * (number % 7 == 0)
        )
    return spec, env


@pytest.mark.parametrize("dialect", [d for d in dotenv.DIALECTS if d != "docker"])
@pytest.mark.parametrize("quote", ["'", '"'])
def test_a_usual_file_of_100_variables_is_called_clean(project, dialect, quote):
    spec, env = written(100, quote)
    project.spec(
        f"{spec}environments: {{dev: {{values: [{{dotenv: {{path: .env, dialect: {dialect}}}}}]}}}}"
    )
    project.env(env)
    with contextlib.chdir(project.folder):
        assert not screened([".env"]), "no plan is remembered yet"
        made, plan = load_and_remember(None, os.getcwd())
        assert clean(plan, made.root, [os.path.join(made.root, ".env")])
        assert screened([".env"])
        assert screened(["-q", ".env"])
        assert screened(["--env", "dev", ".env"])
        assert not screened(["--env", "nowhere", ".env"])
        assert not screened(["--format", "json", ".env"])
        assert not screened(["gone.env"])


@pytest.mark.parametrize(("fields", "value"), TYPES)
def test_each_common_type_is_judged_by_the_screen(project, fields, value):
    project.spec(f"variables: {{V_0: {fields}}}")
    project.env(f"V_0='{value}'\n")
    project.run("hook", ".env")
    with contextlib.chdir(project.folder):
        assert screened([".env"])


def test_a_plan_is_used_only_while_the_spec_stays_the_same_to_the_byte(project):
    project.spec("variables: {A: }")
    project.env("A=x\n")
    project.run("hook", ".env")
    with contextlib.chdir(project.folder):
        assert screened([".env"])
        project.spec("variables: {A: }\n# more")
        assert not screened([".env"])
        project.spec("variables: {A: }")
        assert screened([".env"])
        project.spec("variables: {B: }", "specs/b.yaml")
        assert not screened([".env"])


def test_a_plan_is_used_only_while_what_it_imports_stays_the_same(project):
    project.spec("imports: [../other.yaml]")
    project.write("other.yaml", "variables: {A: {required: false}}")
    project.env("")
    project.env("A=x\n")
    project.run("hook", ".env")
    with contextlib.chdir(project.folder):
        assert screened([".env"])
        project.write("other.yaml", "variables: {A: {required: false, type: port}}")
        assert not screened([".env"])
    assert project.run("hook", ".env").code == 1


def test_undeclared_names_are_passed_where_the_spec_ignores_them(project):
    project.spec("undeclared: ignore\nvariables: {A: }")
    project.env("A=x\nOTHER=y\n")
    project.run("hook", ".env")
    with contextlib.chdir(project.folder):
        assert screened([".env"])
        project.env("A=x\nNEXT_PUBLIC_OTHER=y\n")
        assert not screened([".env"]), "its value may be a secret"
