"""The screen never calls clean what the engine fails."""

from __future__ import annotations

import contextlib
import json
import os
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.formats.tables import CASES
from tests.formats.tables.case import Case
from tests.project import Project
from tests.properties import worlds

from assay import dotenv
from assay.cli import hook
from assay.errors import SpecError
from assay.facts import Facts, Listing, Secret, Setting, State, Value
from assay.formats import FORMATS
from assay.kind import NotApplicable
from assay.kinds.variable import kind as variable
from assay.screen import fast_dotenv as plain
from assay.screen import judge
from assay.screen.plan import compile_plan
from assay.screen.remembered import load_and_remember
from assay.spec.assembly import assemble

if TYPE_CHECKING:
    from collections.abc import Iterator

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


@pytest.mark.parametrize("broken", ["_complete", "_rules_hold"])
def test_a_screen_without_one_of_its_judgements_is_caught(broken, monkeypatch):
    monkeypatch.setattr(judge, broken, lambda *_: True)
    assert any(disagreements(Random(seed)) for seed in range(400))


BESIDE = {"OTHER_A": {"required": False}, "OTHER_B": {"required": False}}
"""Variables that a row of the tables may refer to."""
FIELDS: tuple[dict[str, Any], ...] = (
    {},
    {"secret": True},
    {"secret": False, "required": False},
    {"allow-empty": True, "deprecated": True},
    {"only-in": ["elsewhere"], "example": "vR7mQ2xK9pL4tW8zN3cJ6yB1"},
    {"secret": True, "example": "vR7mQ2xK9pL4tW8zN3cJ6yB1"},
)
SETTINGS = (
    *(*worlds.TROUBLESOME, "vR7mQ2xK9pL4tW8zN3cJ6yB1,", "vR7mQ2xK9pL4tW8zN3cJ6yB1"),
    *("$(openssl rand -hex 32)", "dev-$(openssl rand -hex 32)", "openssl rand -hex 32", "`date`"),
)
LEFT_TO_THE_ENGINE = {
    *("aws-arn", "aws-secret-access-key", "certificate", "cidr", "cron", "jwk", "jwt"),
    *("mpesa-consumer-key", "mpesa-consumer-secret", "mpesa-security-credential", "pem"),
    *("private-key", "public-key", "ssh-key", "yaml"),
}
"""Types of which the screen knows no form, or none of a usual value."""
NOT_BY_A_VALUE = {
    *("certificate-key-mismatch", "public-key-mismatch", "supabase-key-project"),
    *("variable-comment", "variable-cut", "variable-unclosed-quote"),
    *("variable-expanded", "variable-misspelled", "path-characters", "variable-other-vendor"),
    "variable-swapped",
}
"""Rules that other variables, another name or a loader break; a path's characters are damage."""


def by_kind(spec: Any, environment: str, text: str | None) -> set[str]:
    """The rules that a value of `NAME` breaks by the kind `variable` itself."""
    state = State.MISSING if text is None else State.READABLE if text else State.EMPTY
    setting = Setting(state=state, value=Secret(text) if text else None, source=".env")
    unset = Setting(state=State.MISSING)
    answers: dict[Any, Any] = {
        Value(environment, "NAME"): setting,
        Listing(environment): {} if text is None else {"NAME": setting},
        **{Value(environment, name): unset for name in BESIDE},
    }
    [check] = [c for c in variable.checks(spec, environment) if c.subject == "NAME"]
    try:
        return {violation.rule.code for violation in variable.evaluate(check.model, Facts(answers))}
    except NotApplicable:
        return set()


class Judged(NamedTuple):
    """A value as both have judged it."""

    given: dict[str, Any]
    environment: str
    text: str | None
    broken: set[str]
    clean: bool


def judgements() -> Iterator[Judged]:
    """Every row of the tables by its own values, and each type with fields that matter by more."""
    for row in (Case({"type": "text"}), *CASES):
        bare = len(row.given) == 1 or row.given["type"] == "enum"
        values = [None, *row.good, *(value for value, _ in row.bad), *(SETTINGS if bare else ())]
        for fields in FIELDS if bare else FIELDS[:1]:
            given = {**row.given, **fields}
            data = {
                "assay": 1,
                "variables": {"NAME": given, **BESIDE},
                "environments": {
                    name: {"live": name == "live", "values": [{"dotenv": ".env"}]}
                    for name in ("dev", "live", "elsewhere")
                },
            }
            spec = assemble(data, {}, "", ())
            plan = compile_plan(spec)
            for environment in ("dev", "live") if bare else ("live",):
                table = plan["environments"][environment]["table"]
                for text in values:
                    held = {} if text is None else {"NAME": text}
                    broken = by_kind(spec, environment, text)
                    clean = judge.judge(table, held, held)
                    yield Judged(given, environment, text, broken, clean)


def test_they_agree_on_every_type_and_every_rule_of_variables():
    broken, screened = set(), set()
    for one in judgements():
        assert not (one.clean and one.broken), one
        broken |= one.broken
        screened |= {one.given["type"]} if one.clean and one.text else set()
    assert screened == set(FORMATS) - LEFT_TO_THE_ENGINE
    every = {rule.code for rule in variable.KIND.rules}
    every |= {rule.code for name in FORMATS for rule in FORMATS[name].rules}
    assert every - broken == NOT_BY_A_VALUE


@pytest.mark.parametrize("lenient", ["_unhurt", "_secrets_strong", "_secrets_bare", "_formed"])
def test_a_screen_that_judges_no_longer_is_caught(lenient, monkeypatch):
    monkeypatch.setattr(judge, lenient, lambda *_: True)
    assert any(one.clean and one.broken for one in judgements())


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
