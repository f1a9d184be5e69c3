"""No secret, nor a piece or an encoding of one, appears in anything that assay writes."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.project import Project
from tests.properties import canaries
from tests.properties.leaks.drafted import drafted
from tests.properties.leaks.neighbours import neighbours, pasted
from tests.properties.leaks.planted import Planted
from tests.properties.leaks.rows import rows
from tests.properties.leaks.stores import Store
from tests.properties.leaks.values import canary, values

from assay import discretion, engine, model
from assay.assignments import Assignments
from assay.cli import check, output
from assay.cli.project import run_of
from assay.cli.spec_lines import SpecLines
from assay.crypto import variations
from assay.crypto.autopsy import Examiner
from assay.facts import Secret
from assay.kinds.credential import words as credential_words
from assay.model import Report
from assay.redaction import Masker
from assay.reporters import excerpt
from assay.reporters.base import Quoted
from assay.schema_diff import expressions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from assay.model import Location

PLANTS: dict[str, Callable[[Random], Planted]] = {
    "drafted": drafted,
    "neighbours": neighbours,
    "pasted": pasted,
    "rows": rows,
    "values": values,
}
"""Ways to hide secrets in a project."""


def shown(plant: str, seed: int) -> list[str]:
    """What comes out for a seed that may not."""
    with Project.temporary() as project:
        return PLANTS[plant](Random(seed)).leaks(project)


def noticed(plant: str, seeds: Iterable[int]) -> bool:
    """Whether anything comes out for one of the seeds."""
    return any(shown(plant, seed) for seed in seeds)


@pytest.mark.parametrize("plant", PLANTS)
@settings(phases=[Phase.reuse, Phase.generate], max_examples=max(8, settings().max_examples // 10))
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_no_secret_shows_in_any_output_of_any_command(plant, seed, masked):
    with pytest.MonkeyPatch.context() as patched:
        if not masked:  # nothing depends on the last masker
            patched.setattr(Masker, "mask", lambda _, text: text)
        if seed % 4:  # keys that take long to derive are looked for now and then
            patched.setattr(variations, "_ROUNDS", ())
            patched.setattr(variations, "_SALTS", ("", ""))
        assert shown(plant, seed) == []


def bare(self: Secret, *_: object) -> str:
    return self.reveal()


SECRET = "9fK2mQ7xT4vL8wR3pZ6y"


def leaks(project: Project) -> list[str]:
    """What comes out about one malformed secret, pieces of which the masker would know."""
    data = {
        "assay": 1,
        "variables": {"API_KEY": {"type": "port", "secret": True}, "PORT": {"type": "port"}},
        "environments": {"dev": {"values": [{"dotenv": ".env"}]}},
    }
    content = f"PORT=80\nAPI_KEY={SECRET}\n".encode()
    planted = Planted(spec=json.dumps(data).encode(), files={".env": content}, secrets=[SECRET])
    return planted.leaks(project)


def test_this_suite_would_notice_if_findings_showed_what_is_secret(project, monkeypatch):
    assert leaks(project) == []
    monkeypatch.setattr(Masker, "mask", lambda _, text: text)
    assert leaks(project) == [], "nothing depends on the last masker"
    shown_anyway = engine._finding

    def careless(check, outcome, **more):
        return shown_anyway(check, outcome, **{**more, "sensitive": False})

    monkeypatch.setattr(engine, "_finding", careless)
    assert leaks(project) == [], "an excerpt shows nothing but what was listed as public"
    monkeypatch.setattr(output.Excerpts, "line", whole_line)
    assert leaks(project) != []


def whole_line(self: output.Excerpts, location: Location) -> Quoted | None:
    """An excerpt that does not ask whose values stand on its line."""
    line = self._lines(location.file)[(location.line or 1) - 1 :][:1]
    return Quoted(line[0], location) if line else None


@pytest.mark.parametrize("plant", ["neighbours", "pasted"])
def test_this_suite_would_notice_if_excerpts_were_whole_lines(monkeypatch, plant):
    monkeypatch.setattr(output.Excerpts, "line", whole_line)
    assert noticed(plant, range(12))


def test_this_suite_would_notice_if_assignments_or_fields_were_whole_lines(monkeypatch):
    monkeypatch.setattr(Assignments, "quoted", lambda _, __, line, at: Quoted(line, at))
    assert noticed("neighbours", range(12))
    monkeypatch.setattr(SpecLines, "_open", lambda *_: True)
    assert noticed("pasted", range(30))


@pytest.mark.parametrize(("place", "name"), [(model, "discreet"), (Report, "discreet")])
def test_this_suite_would_notice_if_names_were_told_as_they_are(monkeypatch, place, name):
    monkeypatch.setattr(place, name, lambda one, **_: one)
    assert noticed("pasted", range(60))


def test_this_suite_would_notice_if_evidence_told_a_key(monkeypatch):
    monkeypatch.setattr(Masker, "mask", lambda _, said: said)
    key = Random(1).randbytes(32).hex()  # the first key of those rows
    monkeypatch.setattr(credential_words, "notes", lambda _: (key,))
    assert shown("rows", 1) == [], "what looks like a key is bullets"
    monkeypatch.setattr(model, "discreet", lambda text, **_: text)
    assert shown("rows", 1) != []


def stored() -> list[str]:
    """The pieces of secrets that come out of a database and what is said about it."""
    rng = Random(1)
    store = Store(rng, canary)
    store.away, store.strict = False, True
    data: dict[str, Any] = {
        "assay": 1,
        "variables": {},
        "environments": {name: {"values": [{"dotenv": ".env"}]} for name in ("dev", "prod")},
    }
    store.declare(data, "KEY")
    content = f"KEY={store.key}\nDATABASE_URL={store.url}\n".encode()
    with Project.temporary() as project:
        planted = Planted(
            spec=json.dumps(data).encode(),
            files={".env": content},
            secrets=store.secrets,
            make=store.make,
        )
        return planted.leaks(project)


def as_it_stands(_sort: str, word: str, _known: object, *, called: bool) -> str:
    del called
    return word


@pytest.mark.parametrize(
    ("place", "name", "careless"),
    [
        (credential_words, "notes", lambda _: (Store(Random(1), canary).key,)),
        (expressions, "_shown", as_it_stands),
    ],
    ids=["evidence", "literals of the schema"],
)
def test_this_suite_would_notice_what_a_database_must_not_tell(monkeypatch, place, name, careless):
    monkeypatch.setattr(Masker, "mask", lambda _, text: text)
    assert stored() == [], "nothing depends on the last masker"
    monkeypatch.setattr(place, name, careless)
    monkeypatch.setattr(model, "discreet", lambda text, **_: text)
    assert stored() != []


def test_this_suite_would_notice_if_the_excerpt_ignored_what_is_sensitive(project, monkeypatch):
    monkeypatch.setattr(Masker, "mask", lambda _, text: text)
    monkeypatch.setattr(excerpt, "BULLETS", SECRET)
    assert leaks(project) != []


def test_this_suite_would_notice_if_a_secret_printed_itself(project, monkeypatch):
    monkeypatch.setattr(Masker, "mask", lambda _, text: text)
    monkeypatch.setattr(Secret, "__format__", bare)
    monkeypatch.setattr(check, "run_of", talkative)
    assert leaks(project) == [], "what looks like a secret is bullets in whatever is said"
    monkeypatch.setattr(discretion, "discreet", lambda text, **_: text)
    assert leaks(project) != []


def test_a_secret_does_not_print_itself(project, monkeypatch):
    monkeypatch.setattr(check, "run_of", talkative)
    monkeypatch.setattr(Masker, "mask", lambda _, text: text)
    assert leaks(project) == []


def talkative(spec: Any, streams: Any, **how: Any) -> Any:
    made: Any = run_of(spec, streams, **how)
    made.learn = lambda: streams.say(f"{_values(made)}")
    return made


def _values(run: Any) -> list[str]:
    return [f"{s.value} {s.value!r} {s.value:>9}" for one in run.listings for s in one.values()]


@pytest.mark.parametrize("command", [["check"], ["hook", ".env"], ["check", "--format", "json"]])
def test_a_bug_of_ours_shows_no_secret(project, monkeypatch, command):
    secret = "9fK2mQ7xT4vL8wR3pZ6y"

    def explode(model: Any, facts: Any) -> Any:
        raise RuntimeError(f"could not evaluate {secret}: {facts!r} {vars()}")

    project.spec("variables: {API_KEY: {type: port, secret: true}}")
    project.env(f"API_KEY={secret}\n")
    monkeypatch.setattr("assay.formats.numbers.Port.violations", explode)
    ran = project.run(*command)
    assert (ran.code, ran.out) == (70, "")
    assert "assay: a bug in assay: RuntimeError at test_no_secret_shows.py:" in ran.err
    assert "Please report it" in ran.err
    assert "Traceback" not in ran.err
    assert canaries.found([secret], ran.said) == []


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_bug_of_the_autopsy_is_no_fault_of_the_database_and_shows_no_secret(
    project, monkeypatch, capfd, form
):
    planted = rows(Random(3))

    def explode(self: Examiner, cells: Any, *_more: Any) -> None:
        raise RuntimeError(f"can't examine {cells} with {vars(self)}")

    monkeypatch.setattr(Examiner, "add", explode)
    monkeypatch.setattr(Masker, "mask", lambda _, said: said)
    planted.lay(project)
    ran = project.run("credentials", "check", "--format", form)
    assert (ran.code, ran.out) == (70, "")
    assert "assay: a bug in assay: RuntimeError at test_no_secret_shows.py:" in ran.err
    said = "".join([ran.err, *capfd.readouterr()])
    assert "Traceback" not in said
    assert canaries.found(planted.secrets, said) == []


@pytest.mark.parametrize("guise", sorted(canaries.pieces("9fK2 mQ7x/T4vL8wR3pZ6y&"))[::7])
def test_each_guise_of_a_canary_is_noticed(guise):
    assert canaries.found(["9fK2 mQ7x/T4vL8wR3pZ6y&"], f"say {guise} again")


def test_ordinary_words_are_not_masked_though_an_undeclared_name_holds_them(project):
    project.spec("variables: {A: {}}\nenvironments: {production: {values: [{dotenv: .env}]}}")
    project.env("A=hello\nNODE_ENV=production\nKIND=variable\nWHERE=.env\n")
    ran = project.run("check")
    assert "[redacted]" not in ran.said
    assert "NODE_ENV is set in .env, but no spec declares it" in ran.out
    assert "in production" in ran.out
