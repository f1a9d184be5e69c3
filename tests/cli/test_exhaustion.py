"""A spec or a value that would take all time or memory is named, and takes neither."""

from __future__ import annotations

import time
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

LONG = "hJ7kQ2mZx9LwR4tVbN8sYc3f" * 4000


@pytest.fixture(autouse=True)
def _in_seconds() -> Iterator[None]:
    started = time.monotonic()
    yield
    assert time.monotonic() - started < 20


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
    assert "doubling could not be observed: evaluating its condition takes too much" in ran.out
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
