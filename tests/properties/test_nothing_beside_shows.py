"""Neighbours, comments, short and wordy secrets, and secrets where names belong, are in no output.

The canaries of the other properties are long and random. These are what a masker can't know, and
what is only safe by where it stands.
"""

from __future__ import annotations

import json
import string
from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.cli.test_pasted_secrets import PLACES
from tests.project import Project

from assay import dotenv, model
from assay.assignments import Assignments
from assay.cli import output
from assay.cli.spec_lines import SpecLines
from assay.model import Location, Report
from assay.reporters import REPORTERS
from assay.reporters.base import Quoted

SEEDS = st.integers(0, 2**32 - 1)
EACH = settings(
    phases=[Phase.reuse, Phase.generate], max_examples=max(15, settings().max_examples // 20)
)
WORDS = ("plum", "otter", "dusk", "velvet", "quarry", "lantern", "mosaic", "thistle", "ember")
MARKS = "!%&*@^~"


def short(rng: Random) -> str:
    """A secret that is too short for a masker, or made of words; nothing else of ours holds it."""
    shape = rng.randrange(4)
    if shape == 0:
        return f"zq{''.join(rng.choices(string.ascii_lowercase + string.digits, k=5))}"
    if shape == 1:
        return "-".join(rng.sample(WORDS, 3))
    if shape == 2:
        return f"{rng.choice(WORDS)}{rng.choice(WORDS)}{rng.randrange(10, 99)}"
    return f"{rng.choice(WORDS).title()}{rng.randrange(100)}{rng.choice(MARKS)}q"


def random_secret(rng: Random) -> str:
    """A secret that looks like one."""
    key = "".join(rng.choices(string.ascii_letters + string.digits, k=rng.randint(20, 40)))
    shapes = (
        *(key, key, rng.randbytes(rng.randint(16, 32)).hex(), f"sk_live_{key}", f"ghp_{key}"),
        f"postgres://app:{short(rng)}@db.internal:5432/app",
        f"https://{short(rng)}:{short(rng)}@example.com/x",
        f"eyJ{key}.{key}.{key}",
        f"-----BEGIN PRIVATE KEY-----\n{key}\n-----END PRIVATE KEY-----",
    )
    return rng.choice(shapes)


def lines(rng: Random, secret: str) -> str:
    """Lines of a .env file with what is wrong beside a secret, in one of many ways."""
    wrong = rng.choice(["PORT=99999", "PORT='99999'", 'PORT="99999"', "MODE=c", "PORT: 99999"])
    name = rng.choice(["PIN", "DB_PASSWORD", "SESSION_TOKEN", "STRANGER_X"])
    other = rng.choice([f"{name}={secret}", f"{name}='{secret}'", f'{name}="{secret}"'])
    joint = rng.choice([" ", "; ", ";", " && ", "\t", " \\\n", ", ", "\n"])
    way = rng.randrange(6)
    if way == 0:
        return f"{wrong}{rng.choice([' # ', ' #', chr(9) + '# old: '])}{secret}"
    if way == 1:
        return f"{other}{joint}{wrong}"
    if way == 2:
        return f"{wrong}{joint}{other}"
    if way == 3:
        return f"export {other}{joint}{wrong}{joint}{other} # {secret}"
    if way == 4:
        return f"PIN='{secret}\n{wrong}\n{secret}'\n{wrong} # {secret}"
    return f'{wrong[:5]}"99999\n{name}={secret}"\n# {secret}\n{wrong}'


def of_files(seed: int) -> list[str]:
    """What comes out of a .env file that should not."""
    rng = Random(seed)
    secret, dialect = short(rng), rng.choice(dotenv.DIALECTS)
    source = {"path": ".env", "dialect": dialect}
    data = {
        "assay": 1,
        "undeclared": rng.choice(["ignore", "warn"]),
        "variables": {
            "PORT": {"type": "port"},
            "MODE": {"type": "enum", "options": ["a", "b"], "required": False},
            "PIN": {"secret": True, "required": False},
            "DB_PASSWORD": {"required": False},
            "SESSION_TOKEN": {"required": False},
        },
        "environments": {
            "dev": {"values": [{"dotenv": source}]},
            "two": {
                "values": [{"dotenv": {"path": ".env", "dialect": rng.choice(dotenv.DIALECTS)}}]
            },
        },
        "rules": {"r": {"assert": "PORT > 70000", "message": "too low"}},
    }
    with Project.temporary() as project:
        project.spec(json.dumps(data).encode())
        text = lines(rng, secret) + "\n"
        project.env(text)
        said = [project.run("check", "--format", form).said for form in REPORTERS]
        said += [project.run("hook", ".env").said, project.run("hook", "-", stdin=text).said]
        return [one for one in said if secret in one]


def of_specs(seed: int) -> list[str]:
    """What comes out of a spec with a secret in it that should not."""
    rng = Random(seed)
    secret = random_secret(rng)
    place = rng.choice(sorted(PLACES))
    plain = place in ("an alias", "a tag", "an unclosed quote", "a comment", "a comment of its own")
    written = secret.replace("\n", " ") if plain else json.dumps(secret)
    field = PLACES[place].replace("S", "\0").replace("\0", written)
    base = (
        "variables: {PORT: {type: port}}\n",
        "environments: {dev: {values: [dotenv: .env]}}\n",
    )
    with Project.temporary() as project:
        head = "" if field.startswith("assay") else "assay: 1\n"
        kept = (line for line in base if field.split(":")[0] != line.split(":")[0])
        project.spec(f"{head}{''.join(kept)}{field}\n")
        project.env("PORT=80\n")
        said = [project.run("lint", "--format", form).said for form in REPORTERS]
        said += [project.run("check").said, project.run("hook", ".env").said]
        said += [project.run("explain", secret).said, project.run("check", "--only", secret).said]
    bodies = [part for part in secret.replace("-----", "\n").split("\n") if "PRIVATE" not in part]
    if "@" in secret:
        bodies += secret.partition("://")[2].partition("@")[0].split(":")[-1:]
    return [one for one in said for body in bodies if body and body in one]


@EACH
@given(SEEDS)
def test_nothing_beside_an_assignment_shows(seed):
    assert of_files(seed) == []


@EACH
@given(SEEDS)
def test_no_secret_shows_where_a_name_belongs(seed):
    assert of_specs(seed) == []


def raw(self: output.Excerpts, location: Location) -> Quoted | None:
    """The whole line, as excerpts were."""
    lines = self._lines(location.file)
    line = lines[(location.line or 1) - 1 : location.line]
    return Quoted(line[0], location) if line else None


def test_this_suite_would_notice_if_excerpts_were_whole_lines(monkeypatch):
    monkeypatch.setattr(output.Excerpts, "line", raw)
    assert any(of_files(seed) for seed in range(12))
    assert any(of_specs(seed) for seed in range(12))


def test_this_suite_would_notice_if_assignments_or_fields_were_whole_lines(monkeypatch):
    monkeypatch.setattr(Assignments, "quoted", lambda _, __, line, at: Quoted(line, at))
    assert any(of_files(seed) for seed in range(12))
    monkeypatch.setattr(SpecLines, "_open", lambda *_: True)
    assert any(of_specs(seed) for seed in range(30))


@pytest.mark.parametrize(("place", "name"), [(model, "discreet"), (Report, "discreet")])
def test_this_suite_would_notice_if_names_were_told_as_they_are(monkeypatch, place, name):
    monkeypatch.setattr(place, name, lambda one, **_: one)
    assert any(of_specs(seed) for seed in range(60))
