"""What is reported missing is what is missing, for any spec and any environment."""

from __future__ import annotations

import contextlib
import json
from random import Random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.project import Project

import assay
from assay.kinds.variable import kind as variable

NAMES = (
    "ALPHA",
    "ALPHAS",
    "BRAVO",
    "BRAVOO",
    "CHARLIE",
    "DELTA_1",
    "DELTA_2",
    "ECHO",
    "FOXTROT",
    "MODE",
)
ENVIRONMENTS = ("dev", "prod")
SEEDS = st.integers(0, 2**32 - 1)

Tree = tuple[Any, ...]


def condition(rng: Random, names: list[str], depth: int = 0) -> tuple[str, Tree]:
    """A condition as text, and as a tree for the reference below."""
    shape = rng.randrange(4 if depth > 2 else 7)
    name = rng.choice(names)
    if shape == 0:
        return f"isSet('{name}')", ("set", name)
    if shape in (1, 2):
        text = rng.choice(["on", "off"])
        return f"{name} == '{text}'", ("is", name, text)
    if shape == 3:
        environment = rng.choice(ENVIRONMENTS)
        return f"environment == '{environment}'", ("in", environment)
    left, first = condition(rng, names, depth + 1)
    if shape == 4:
        return f"!({left})", ("not", first)
    right, second = condition(rng, names, depth + 1)
    operator = "&&" if shape == 5 else "||"
    return f"({left}) {operator} ({right})", ("and" if shape == 5 else "or", first, second)


def reads(tree: Tree, name: str) -> bool:
    """Whether a condition depends on a name."""
    return tree[:2] in (("is", name), ("set", name)) or any(
        isinstance(inner, tuple) and reads(inner, name) for inner in tree
    )


def holds(tree: Tree, values: dict[str, str], defaults: dict[str, str], at: str) -> bool | None:
    """Kleene's logic, written anew: None where it hangs on what is unset."""
    match tree:
        case ("set", name):
            return name in values
        case ("is", name, text):
            value = values.get(name, defaults.get(name))
            return None if value is None else bool(value == text)
        case ("in", environment):
            return bool(at == environment)
        case ("not", inner):
            verdict = holds(inner, values, defaults, at)
            return None if verdict is None else not verdict
        case _:
            operator, left, right = tree
            both = {holds(left, values, defaults, at), holds(right, values, defaults, at)}
            decisive = operator == "or"
            if decisive in both:
                return bool(decisive)
            return None if None in both else not bool(decisive)


def world(rng: Random) -> tuple[dict[str, Any], dict[str, dict[str, Any]], dict[str, str], str]:
    """A spec, what it means, an environment's values, and the environment."""
    names = rng.sample(NAMES, rng.randint(1, len(NAMES)))
    variables: dict[str, Any] = {}
    meaning: dict[str, dict[str, Any]] = {}
    for name in names:
        fields: dict[str, Any] = {}
        meant: dict[str, Any] = {}
        if rng.random() < 0.6:
            text, tree = condition(rng, names)
            while reads(tree, name):  # lint refuses it
                text, tree = condition(rng, names)
            choice, meant["required"] = rng.choice([(True, True), (False, False), (text, tree)])
            fields["required"] = choice
        if rng.random() < 0.2:
            fields["when"], meant["when"] = condition(rng, names)
        if rng.random() < 0.2:
            fields["default"] = meant["default"] = rng.choice(["on", "off"])
        if rng.random() < 0.2:
            fields["only-in"] = meant["only-in"] = [rng.choice(ENVIRONMENTS)]
        variables[name], meaning[name] = fields, meant
    values = {name: rng.choice(["on", "off"]) for name in names if rng.random() < 0.6}
    for stray in ("ALPHAX", "BRAV", "CHARLEI", "UNRELATED"):
        if rng.random() < 0.3:
            values[stray] = "on"
    data = {
        "assay": 1,
        "variables": variables,
        "environments": {n: {"values": [{"dotenv": f"{n}.env"}]} for n in ENVIRONMENTS},
    }
    return data, meaning, values, rng.choice(ENVIRONMENTS)


def truly_missing(meaning: dict[str, dict[str, Any]], values: dict[str, str], at: str) -> set[str]:
    defaults = {name: m["default"] for name, m in meaning.items() if "default" in m}

    def true(tree: Any) -> bool:
        return tree if isinstance(tree, bool) else holds(tree, values, defaults, at) is True

    return {
        name
        for name, meant in meaning.items()
        if name not in values
        and name not in defaults
        and at in meant.get("only-in", ENVIRONMENTS)
        and true(meant.get("when", True))
        and true(meant.get("required", True))
    }


def difference(seed: int) -> tuple[set[str], set[str]]:
    """What is missing by the reference, and what the checks report."""
    data, meaning, values, at = world(Random(seed))
    with Project.temporary() as project, contextlib.chdir(project.folder):
        project.spec(json.dumps(data).encode())
        lines = "".join(f"{name}={value}\n" for name, value in values.items())
        project.env(lines, f"{at}.env")
        try:
            spec = assay.load()
        except assay.SpecError as refused:
            if all("never true" in one.message for one in refused.problems):
                return set(), set()  # such a condition is a mistake
            raise
        report = assay.run(spec, environments=[at])
        codes = {"variable-missing", "variable-misspelled"}
        reported = {f.subject for f in report.failures() if f.rule in codes}
        ran = project.run("hook", "--format", "json", f"{at}.env")
        by_hook = {
            f["subject"]
            for f in json.loads(ran.out)["findings"]
            if f["rule"] in codes and f["severity"] == "error"
        }
        assert by_hook == reported
    return truly_missing(meaning, values, at), reported


@settings(phases=[Phase.reuse, Phase.generate])
@given(SEEDS)
def test_the_missing_set_reported_is_the_missing_set(seed):
    truly, reported = difference(seed)
    assert reported == truly


@pytest.mark.parametrize("broken", [lambda *_: True, lambda *_: False])
def test_a_wrong_idea_of_conditions_is_caught(broken, monkeypatch):
    monkeypatch.setattr(variable, "_holds", broken)
    monkeypatch.setattr("assay.cli.hook.clean", lambda *_: False)
    assert any(truly != reported for truly, reported in map(difference, range(60)))
