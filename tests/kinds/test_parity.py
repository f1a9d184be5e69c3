"""Parity between environments: by variable, by pair, by name and pattern; what is left alone."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.project import Project

import assay
from assay.facts import Secret, Setting, State, Value
from assay.probes.environment import EnvironmentProbe
from assay.redacted import BULLETS
from assay.runs import Run
from assay.sources.base import World

ENVIRONMENTS = ("a", "b", "c")
NAMES = ("HOST", "API_A", "API_B", "PORT")
Values = dict[str, dict[str, str]]


def spec(project: Project, variables: Any, parity: Any, order: Any = ENVIRONMENTS) -> None:
    data = {
        "assay": 1,
        "environments": {name: {"values": [{"dotenv": f"{name}.env"}]} for name in order},
        "variables": {n: {"required": False, **variables.get(n, {})} for n in NAMES},
        "parity": parity,
    }
    project.spec(json.dumps(data).encode())


def found(project: Project, values: Values, *environments: str) -> set[tuple[str, ...]]:
    """The findings about parity: rule, subject, environments."""
    for name in ENVIRONMENTS:
        lines = (f"{key}={value}\n" for key, value in values.get(name, {}).items())
        project.env("#\n" + "".join(lines), f"{name}.env")
    ran = project.run("check", *environments, "--format", "json")
    findings = json.loads(ran.out)["findings"]
    return {
        (f["rule"], f["subject"], f["environment"])
        for f in findings
        if f["kind"] == "parity" and f["outcome"] == "fail"
    }


@pytest.mark.parametrize(
    ("variables", "parity", "values", "expected"),
    [
        ({"HOST": {"parity": "same"}}, {}, ("1", "1", "1"), ""),
        ({"HOST": {"parity": "same"}}, {}, ("1", "1", "2"), "parity-differs a, b, c"),
        ({"HOST": {"parity": "different"}}, {}, ("1", "2", "3"), ""),
        ({"HOST": {"parity": "different"}}, {}, ("1", "2", "1"), "parity-equal a, b, c"),
        ({"HOST": {"parity": "shape"}}, {}, ("1", "2", None), "parity-unset a, b, c"),
        ({"HOST": {"parity": "any"}}, {}, ("1", "2", None), ""),
        ({}, {"HOST": "same"}, ("1", "2", "3"), "parity-differs a, b"),
        ({}, {"API_*": "same"}, ("1", "2", "3"), ""),
        ({}, {"H*": "same"}, ("1", "2", "3"), "parity-differs a, b"),
        ({}, {"H*": "same", "HO*": "any"}, ("1", "2", "3"), ""),
        ({}, {"HO*": "any", "HOST": "same"}, ("1", "2", "3"), "parity-differs a, b"),
        ({}, {"default": "same", "HOST": "any"}, ("1", "2", "3"), ""),
        ({}, {"default": "same"}, ("1", "2", "3"), "parity-differs a, b"),
        # what a variable says itself wins over a default, not over its name
        ({"HOST": {"parity": "different"}}, {"default": "same"}, ("1", "2", "3"), ""),
        ({"HOST": {"parity": "different"}}, {"HOST": "same"}, ("1", "1", "3"), ""),
        ({"HOST": {"parity": "same"}}, {"HOST": "any"}, ("1", "2", "2"), "parity-differs a, b, c"),
        ({"HOST": {"parity": "same"}}, {"HOST": "any"}, ("1", "1", "2"), "parity-differs a, b, c"),
        ({}, {"HOST": {"only-in": ["a"]}}, ("1", None, "1"), ""),
        ({}, {"HOST": {"only-in": ["a"]}}, (None, "1", None), "parity-misplaced a, b"),
        # where it does not belong it is not compared
        ({"HOST": {"only-in": ["a"]}}, {"default": "shape"}, ("1", None, None), ""),
        ({"HOST": {"parity": "same", "only-in": ["a", "b"]}}, {}, ("1", "1", None), ""),
    ],
)
def test_what_is_asked_of_a_variable(project, variables, parity, values, expected):
    entries = {"a-b": {"between": ["a", "b"], "variables": parity}} if parity else {}
    spec(project, variables, entries)
    given_ = zip(ENVIRONMENTS, values, strict=True)
    ran = found(project, {n: {"HOST": value} for n, value in given_ if value})
    wanted = {(*expected.split(" ", 1),)} if expected else set()
    assert {(rule, where) for rule, subject, where in ran if subject == "HOST"} == wanted


def random_entry(rng: Random) -> dict[str, Any]:
    words = ["same", "different", "shape", "any"]
    names = rng.sample([*NAMES, "API_*", "default"], rng.randint(1, 3))
    return {
        "between": rng.sample(ENVIRONMENTS, rng.randint(2, 3)),
        "variables": {name: rng.choice(words) for name in names},
    }


def random_values(rng: Random) -> Values:
    return {
        environment: {name: rng.choice("12") for name in NAMES if rng.random() < 0.7}
        for environment in ENVIRONMENTS
    }


def random_variables(rng: Random) -> dict[str, Any]:
    words = ["same", "different", "shape", "any"]
    return {name: {"parity": rng.choice(words)} for name in NAMES}


@settings(max_examples=max(40, settings().max_examples // 6))
@given(st.integers(0, 2**32 - 1))
def test_parity_does_not_hang_on_the_order_of_environments(seed):
    rng = Random(seed)
    variables, entry, values = random_variables(rng), random_entry(rng), random_values(rng)
    with Project.temporary() as project:
        spec(project, variables, {"x": entry})
        there = found(project, values)
        assert found(project, values, *rng.sample(ENVIRONMENTS, 3)) == there
        turned = {**entry, "between": entry["between"][::-1]}
        spec(project, variables, {"x": turned}, order=rng.sample(ENVIRONMENTS, 3))
        back = found(project, values)
        assert {(r, s, frozenset(e.split(", "))) for r, s, e in there} == {
            (r, s, frozenset(e.split(", "))) for r, s, e in back
        }


@settings(max_examples=max(60, settings().max_examples // 4))
@given(st.integers(0, 2**32 - 1), st.sampled_from([*NAMES, "API_*", "*"]))
def test_what_is_ignored_is_never_found_between_those_environments(seed, ignored):
    rng = Random(seed)
    entry = random_entry(rng)
    entry["between"] = list(ENVIRONMENTS)
    entry["variables"] = {
        name: said
        for name, said in entry["variables"].items()
        if name in {"default", "API_*"} - {ignored}
    }
    entry["ignore"] = [ignored]
    variables, values = random_variables(rng), random_values(rng)
    with Project.temporary() as project:
        spec(project, variables, {"x": entry})
        subjects = {subject for _, subject, _ in found(project, values)}
    assert subjects.isdisjoint(name for name in NAMES if fnmatchcase(name, ignored))


class Hiding(EnvironmentProbe):
    """A probe for which some values can't be read back."""

    hidden: dict[tuple[str, str], State]

    def __call__(self, queries: Any) -> Any:
        answers = dict(super().__call__(queries))
        for query in queries:
            if isinstance(query, Value) and (query.environment, query.name) in self.hidden:
                state = self.hidden[query.environment, query.name]
                answers[query] = Setting(state=state, source="vercel")
        return answers


@pytest.mark.parametrize(
    ("parity", "hidden", "outcome"),
    [
        ("same", State.UNREADABLE, "unknown"),
        ("same", State.DIGEST, "unknown"),
        ("same", State.DENIED, "unknown"),
        ("different", State.UNREADABLE, "unknown"),
        ("shape", State.UNREADABLE, "pass"),
        ("shape", State.DENIED, "unknown"),
        ("shape", State.MISSING, "fail"),
    ],
)
def test_what_cannot_be_read_is_unknown_and_says_so(project, parity, hidden, outcome):
    spec(project, {"HOST": {"parity": parity}}, {})
    for name in ENVIRONMENTS:
        project.env("HOST=localhost\n" if name != "c" else "#\n", f"{name}.env")
    loaded = assay.load(working=str(project.folder))
    probe = Hiding(loaded.environments, World(root=loaded.root, process={}))
    probe.hidden = {("b", "HOST"): hidden}
    with Run(loaded, process={}, probes=[probe]) as run:
        report = run.check(("a", "b"), only=["parity"])
    [judged] = [f for f in report.findings if f.kind == "parity"]
    assert judged.outcome == outcome
    if outcome == "unknown":
        assert "HOST could not be observed: in b" in judged.message
        assert "so it can't be compared with a" in judged.message
        assert "localhost" not in repr(judged)


def test_a_difference_that_is_certain_is_told_though_more_is_hidden(project):
    spec(project, {"HOST": {"parity": "same"}}, {})
    for name in ENVIRONMENTS:
        project.env(f"HOST={name}\n", f"{name}.env")
    loaded = assay.load(working=str(project.folder))
    probe = Hiding(loaded.environments, World(root=loaded.root, process={}))
    probe.hidden = {("b", "HOST"): State.UNREADABLE}
    with Run(loaded, process={}, probes=[probe]) as run:
        report = run.check(only=["parity"])
    [judged] = [f for f in report.findings if f.kind == "parity"]
    assert judged.outcome == "fail"
    assert judged.message == "HOST differs: a and c have different values"


def test_a_source_that_cannot_be_read_makes_one_finding(project):
    spec(project, {"HOST": {"parity": "same"}, "PORT": {"parity": "same"}}, {})
    project.env("HOST=1\n", "a.env")
    project.env("HOST=2\n", "b.env")
    report = json.loads(project.run("check", "--format", "json").out)
    failed = [f for f in report["findings"] if f["outcome"] == "fail"]
    assert [(f["rule"], f["subject"]) for f in failed] == [("source-missing", "c.env")]


def test_secrets_compare_as_they_are_and_do_not_show(project):
    spec(project, {"HOST": {"parity": "same", "secret": True}}, {})
    project.env("HOST=vR7mQ2xK9pL4tW8zN3cJ6yB1\n", "a.env")
    project.env("HOST=vR7mQ2xK9pL4tW8zN3cJ6yB2\n", "b.env")
    ran = project.run("check", "a", "b")
    assert "HOST differs: a and b have different values" in ran.out
    assert "vR7m" not in ran.said
    assert Secret("x") != Secret("y")


def test_a_text_where_a_name_belongs_may_be_its_value_and_is_hidden(project):
    project.spec(
        "environments: {a: {values: [process]}, b: {values: [process]}}\n"
        "variables: {HOST: {}}\n"
        "parity: {one: {between: [a, b], ignore: [tr0ub4dor]}}"
    )
    assert f"{BULLETS} is not a variable that the spec declares" in project.run("lint").out
