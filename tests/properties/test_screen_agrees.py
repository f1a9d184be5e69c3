"""The screen never calls clean what the engine fails."""

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
from tests.properties import worlds

from assay import dotenv
from assay.cli import hook
from assay.errors import SpecError
from assay.screen import fast_dotenv as plain
from assay.screen import judge
from assay.screen.remembered import load_and_remember

EACH = 8
"""Environments that every spec is tried with."""
SEEDS = st.integers(0, 2**32 - 1)


def by_engine(project: Project, files: list[str], environment: str | None) -> list[Any]:
    """What `assay hook` finds without asking the screen: rule and subject."""
    options = ["--format", "json"] + (["--env", environment] if environment else [])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hook, "clean", lambda *_: False)
        ran = project.run("hook", *options, *files)
    assert ran.err == ""
    findings = json.loads(ran.out)["findings"]
    return [(f["rule"], f["subject"]) for f in findings if f["outcome"] in ("fail", "unknown")]


def disagreements(rng: Random) -> list[tuple[Any, ...]]:
    """Every environment that the screen calls clean and the engine does not."""
    found: list[tuple[Any, ...]] = []
    data = worlds.spec(rng)
    with Project.temporary() as project, contextlib.chdir(project.folder):
        project.spec(json.dumps(data).encode())
        try:
            spec, plan = load_and_remember(None, os.getcwd())
        except SpecError:
            return found
        dialect = data["environments"]["dev"]["values"][0]["dotenv"]["dialect"]
        for _ in range(EACH):
            contents = {
                name: worlds.env(rng, data, dialect)
                for name in (".env", "prod.env", "more.env", "elsewhere.env")
                if rng.random() < 0.9
            }
            for name in (".env", "prod.env", "more.env", "elsewhere.env"):
                (project.folder / name).unlink(missing_ok=True)
            for name, content in contents.items():
                project.env(content, name)
            for files, environment in (
                ([".env"], None),
                (["prod.env"], None),
                (["elsewhere.env"], None),
                ([".env", "more.env"], "dev"),
                (["prod.env"], "prod"),
            ):
                paths = [os.path.join(spec.root, file) for file in files]
                if judge.clean(plan, spec.root, paths, environment):
                    problems = by_engine(project, files, environment)
                    if problems:
                        found.append((data, contents, files, environment, problems))
    return found


@settings(phases=[Phase.reuse, Phase.generate])
@given(SEEDS)
def test_what_the_screen_calls_clean_the_engine_passes(seed):
    assert disagreements(Random(seed)) == []


@pytest.mark.parametrize(
    "broken",
    ["_unhurt", "_secrets_strong", "_formed", "_complete", "_rules_hold"],
)
def test_a_screen_without_one_of_its_judgements_is_caught(broken, monkeypatch):
    monkeypatch.setattr(judge, broken, lambda *_: True)
    assert any(disagreements(Random(seed)) for seed in range(400))


@settings(phases=[Phase.reuse, Phase.generate])
@given(SEEDS, st.sampled_from(dotenv.DIALECTS))
def test_what_is_read_plainly_is_what_the_loader_sees(seed, dialect):
    rng = Random(seed)
    content = worlds.env(rng, worlds.spec(rng, dialect=dialect), dialect)
    found = plain.read_plain(content, dialect)
    if found is not None:
        assert found == dotenv.loads(content, dialect)


@given(
    st.lists(
        st.sampled_from(
            [*"Aab_.1=-:/%+,^@~?&;*!|()[]{}<>#$\\`\"' \t\r\v\f", "\n", "\nA=", "export ", "é", "\0"]
        ),
        max_size=12,
    ),
    st.sampled_from(dotenv.DIALECTS),
)
def test_any_text_read_plainly_is_what_the_loader_sees(pieces, dialect):
    content = ("A=" + "".join(pieces)).encode()
    found = plain.read_plain(content, dialect)
    if found is not None:
        assert found == dotenv.loads(content, dialect)
