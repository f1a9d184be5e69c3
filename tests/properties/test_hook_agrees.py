"""What the screen calls clean the engine passes, and what `hook` calls clean `check` does not fail.

Not only values are drawn: also where files lie, how their paths are written, which loaders read
them, and what environments and variables are called.
"""

from __future__ import annotations

import contextlib
import json
import os
from random import Random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.project import Project
from tests.properties import layouts, worlds

from assay.cli import hook
from assay.errors import SpecError
from assay.screen import judge
from assay.screen.remembered import load_and_remember

EACH = 2 if settings().max_examples <= 100 else 4
"""Sets of files that every spec is tried with."""
SEEDS = st.integers(0, 2**32 - 1)


def findings(project: Project, *argv: str) -> list[dict[str, Any]]:
    """What a command fails or can't tell."""
    ran = project.run(*argv, "--format", "json")
    assert ran.err == "", ran.err
    return [f for f in json.loads(ran.out)["findings"] if f["outcome"] in ("fail", "unknown")]


def disagreements(rng: Random) -> list[tuple[Any, ...]]:
    """Every hook that finds nothing where the engine, or a check, fails."""
    found: list[tuple[Any, ...]] = []
    with Project.temporary() as temporary, pytest.MonkeyPatch.context() as patch:
        for name in (*worlds.NAMES, *layouts.NAMES):  # some loaders let the process win
            patch.delenv(name, raising=False)
        made = layouts.world(rng, temporary.folder)
        project = Project(made.root)
        project.spec(json.dumps(made.data).encode())
        with contextlib.chdir(project.folder):
            try:
                spec, plan = load_and_remember(None, os.getcwd())
            except SpecError:
                return found
            for _ in range(EACH):
                layouts.fill(rng, made)
                for file in made.files:
                    found += one_file(rng, project, made, file, (plan, spec.root))
                found += whole_environment(rng, project, made, (plan, spec.root))
    return found


def one_file(
    rng: Random, project: Project, made: layouts.World, file: str, by: tuple[Any, str]
) -> list[tuple[Any, ...]]:
    """One file, as a person or a hook may write its path."""
    given = layouts.spelt(rng, file, os.getcwd())
    if not quiet(project, by, [given], None):
        return []
    with_engine = engine(project, given)
    if with_engine:
        return [("engine", made.data, given, contents(made), with_engine)]
    found = []
    for name, sources in made.readers.items():
        if file not in [path for path, _ in sources]:
            continue
        whole = all(
            os.path.exists(path) or declared.get("optional") for path, declared in sources
        ) and not any(value == "process" for value in made.data["environments"][name]["values"])
        blamed = [
            f
            for f in findings(project, "check", name)
            if f["outcome"] == "fail" and because_of(f, file, whole=whole)
        ]
        if blamed:
            found.append(("check", made.data, given, name, contents(made), blamed))
    return found


def whole_environment(
    rng: Random, project: Project, made: layouts.World, by: tuple[Any, str]
) -> list[tuple[Any, ...]]:
    """All files of an environment together, in any order."""
    name, sources = rng.choice([*made.readers.items()])
    there = dict.fromkeys(path for path, _ in sources if os.path.exists(path))
    missing = [p for p, declared in sources if p not in there and not declared.get("optional")]
    process = "process" in made.data["environments"][name]["values"]
    if missing or process or not there:
        return []
    given = [layouts.spelt(rng, path, os.getcwd()) for path in there]
    rng.shuffle(given)
    if not quiet(project, by, given, name):
        return []
    problems = engine(project, *given, "--env", name)
    if problems:
        return [("engine", made.data, given, name, contents(made), problems)]
    failed = [
        f
        for f in findings(project, "check", name)
        if f["outcome"] == "fail" and f["kind"] in layouts.CHECKED
    ]
    return [("check", made.data, given, name, contents(made), failed)] if failed else []


def quiet(project: Project, by: tuple[Any, str], given: list[str], name: str | None) -> bool:
    """Whether a hook finds nothing, by the screen or by the engine."""
    plan, root = by
    if judge.clean(plan, root, [os.path.join(os.getcwd(), file) for file in given], name):
        return True
    return not findings(project, "hook", *given, *(["--env", name] if name else []))


def engine(project: Project, *argv: str) -> list[Any]:
    """What `assay hook` finds without asking the screen."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hook, "clean", lambda *_: False)
        return [(f["rule"], f["subject"]) for f in findings(project, "hook", *argv)]


def because_of(finding: dict[str, Any], file: str, *, whole: bool) -> bool:
    """Whether a check fails because of one file: it points there, or the environment lacks a name.

    Where another source may set what is missing, a rule can't be judged by files.
    """
    if finding["kind"] not in layouts.CHECKED:
        return False
    if finding["rule"] == "variable-missing":
        return whole
    if finding["kind"] == "rule" and not whole:
        return False
    places = (finding["location"], *(r["location"] for r in finding["related"]))
    return file in [os.path.realpath(place["file"]) for place in places if place]


def contents(made: layouts.World) -> dict[str, bytes]:
    """What the files hold, to show."""
    found = {}
    for file in made.files:
        with contextlib.suppress(OSError), open(file, "rb") as opened:
            found[file] = opened.read()
    return found


@settings(phases=[Phase.reuse, Phase.generate])
@given(SEEDS)
def test_what_hook_calls_clean_neither_the_engine_nor_a_check_fails(seed):
    assert disagreements(Random(seed)) == []
