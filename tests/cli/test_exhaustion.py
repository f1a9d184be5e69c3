"""A spec or a value that would take all time or memory is named, and takes neither."""

from __future__ import annotations

import time
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from assay.cli.log_safety import harmless
from assay.documents.markdown import cell

if TYPE_CHECKING:
    from collections.abc import Iterator

LONG = "hJ7kQ2mZx9LwR4tVbN8sYc3f" * 4000


@pytest.fixture(autouse=True)
def _in_seconds() -> Iterator[None]:
    started = time.process_time()
    yield
    assert time.process_time() - started < 20


def test_a_condition_that_multiplies_text_is_unknown_and_named(project):
    project.spec(
        dedent("""\
        environments: {dev: {values: [{dotenv: .env}]}}
        variables: {A: {type: text}}
        rules:
          doubling:
            assert: A.replace('', A).replace('', A).size() > 0
            message: A can be doubled
    """)
    )
    project.env(f"A={LONG}\n")
    ran = project.run("check")
    assert ran.code == 3
    assert "doubling could not be observed: its condition takes too much" in ran.out
    assert "specs/app.yaml:5" in ran.out


def test_a_condition_that_is_hopeless_is_a_problem_of_the_spec(project):
    hundred = f"[{', '.join(map(str, range(100)))}]"
    project.spec(
        dedent(f"""\
        variables:
          A: {{required: "{hundred}.all(a, {hundred}.all(b, {hundred}.all(c, a + b + c > 0)))"}}
    """)
    )
    ran = project.run("lint")
    assert ran.code == 2
    assert "evaluating it takes too much time or memory" in ran.out
    assert "specs/app.yaml:3" in ran.out


def test_a_derivation_that_takes_minutes_is_a_problem_of_the_spec(project):
    spec = dedent("""\
        variables: {{K: {{secret: true}}}}
        keys:
          k:
            variable: K
            cipher: aes-256-gcm
            encoding: utf8
            derive: {{scrypt: {{salt: salt, cost: {cost}, parallelization: {beside}}}}}
    """)
    project.spec(spec.format(cost=2**18, beside=64))
    ran = project.run("lint")
    assert ran.code == 2
    assert "parallelization: together with cost and block-size it takes minutes" in ran.out
    project.spec(spec.format(cost=2**17, beside=1))
    assert project.run("lint").code == 0


def test_a_schema_that_doubles_is_a_problem_of_the_spec(project):
    levels = "".join(
        f"      a{n}: {{allOf: [{{$ref: '#/$defs/a{n + 1}'}}, {{$ref: '#/$defs/a{n + 1}'}}]}}\n"
        for n in range(40)
    )
    project.spec(
        "variables:\n  A:\n    type: json\n    schema:\n      $ref: '#/$defs/a0'\n      $defs:\n"
        + levels.replace("      a", "        a")
        + "        a40: {type: string}\n"
    )
    ran = project.run("lint")
    assert ran.code == 2
    assert "validating a document against it takes too many steps" in ran.out


def test_a_template_that_never_ends_is_named(project):
    project.spec("documents: {.env.example: env-example}\n")
    project.write(
        "specs/templates/documents/env-example.j2",
        "\n{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    )
    ran = project.run("docs", "--check")
    assert ran.code == 2
    assert "env-example.j2:2: the template is nested too deeply" in ran.err


@pytest.mark.parametrize("mark", ["&", "|", ",", ";", " ", "\t", "& ", "a ", "a,"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_a_value_of_separators_is_quoted_at_once(project, mark, quote):
    project.spec(
        dedent("""\
        environments: {dev: {values: [{dotenv: .env}]}}
        variables: {A: {secret: false, pattern: '[0-9]+'}}
    """)
    )
    project.env(f"A={quote}x{mark * 100_000}y{quote}\n")
    ran = project.run("check")
    assert ran.code == 1
    assert "A does not match the pattern" in ran.out


@pytest.mark.parametrize("part", ["{a: ", "[A ", "A ", "- ", "'' ", '"x", ', "? "])
def test_a_line_of_a_spec_without_an_end_is_quoted_at_once(project, part):
    project.spec(f"assay: 1\nvariables: {part * 60_000}\n")
    ran = project.run("lint")
    assert ran.code == 2
    assert "specs/app.yaml:2" in ran.out


@pytest.mark.parametrize(
    "make",
    [
        lambda: harmless("a::b" + "\n" * 200_000 + "c"),
        lambda: harmless("a::b" + "\n \t\r\n" * 50_000 + "c"),
        lambda: cell("\\" * 200_000 + "x"),
        lambda: cell("\\x" * 100_000 + "|"),
    ],
)
def test_text_is_made_safe_in_one_pass(make):
    assert make()


def test_specs_are_not_looked_for_without_an_end(project):
    project.spec("variables: {A: {required: false}}\n")
    project.write(f"specs/{'d/' * 400}a.yaml", "assay: 1\n")
    for command in ("lint", "check"):
        ran = project.run(command)
        assert ran.code == 2
        assert "specs can't be read" in ran.said


def test_many_problems_on_one_line_of_a_spec_are_told_in_seconds(project):
    variables = ", ".join(f"V{number}: {{typ: port}}" for number in range(1500))
    project.spec(f"assay: 1\nvariables: {{{variables}}}\n")
    ran = project.run("lint")
    assert ran.code == 2
    assert "1500 errors" in ran.out
