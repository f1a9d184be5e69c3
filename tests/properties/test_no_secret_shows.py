"""No secret, nor a piece or an encoding of one, appears in anything that assay writes."""

from __future__ import annotations

import json
import os
import string
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.project import Project, Ran
from tests.properties import canaries, stores, worlds

from assay import dotenv, engine, model
from assay.cli import check, output
from assay.cli.project import run_of
from assay.documents import DOCUMENTS
from assay.facts import Secret
from assay.formats import FORMATS
from assay.hygiene.sounds import sound
from assay.kinds.credential import words as credential_words
from assay.kinds.variable.spec import parse_variable
from assay.redaction import Masker
from assay.reporters import REPORTERS, excerpt
from assay.reporters.base import Quoted
from assay.schema_diff import expressions

if TYPE_CHECKING:
    from assay.model import Location

SEEDS = st.integers(0, 2**32 - 1)
ALPHABET = string.ascii_letters + string.digits
SHAPES = (
    "{}",
    "{}",
    "{}\n",
    " {}",
    "'{}'",
    '"{}"',
    "`{}`",
    "{}  -",
    "x{}#{}",
    "a b {} c",
    "postgres://app:{}@db.internal:5432/app",
    "https://user:{}@example.com/?key={}",
    "sk_live_{}",
    "eyJhbGciOiJIUzI1NiJ9.{}.{}",
    "-----BEGIN PRIVATE KEY-----\n{}\n{}\n-----END PRIVATE KEY-----\n",
    "-----BEGIN PRIVATE KEY-----\n{}",
    '{{"key": "{}"}}',
    '{{"key": "{}"',
    "key: {}\nother: [{}",
    "${}",
    "$({})",
    "${{NOPE:-{}}}",
    "{},{}",
    "<{}>",
    "{}\0",
    "{}é\u2028",
)
"""How a canary stands in a value."""
LINES = (
    '{name}="{value}',
    "{name}='{value}",
    "{name}: {value}",
    "{name} = {value} # {value}",
    "export {name}={value}",
    "{name}={value}\n{name}={value}",
    "export OTHER=1 {name}={value}",
    "# {name}={value}",
    "{name}=`{value}`",
    '{name}="{value}" trailing \'',
    "{name}=$(echo {value})",
    "{name}\t=\t{value}",
)


WORDS = (
    *("swordfish", "marmalade", "trombone", "pelican", "walnut", "saffron", "gargoyle", "lantern"),
    *("mulberry", "thimble", "cinnamon", "obsidian", "porcupine", "zeppelin"),
)
"""Words of passphrases that no message has."""
SOUNDING = (
    "API_KEY",
    "DB_PASSWORD",
    "dbPassphrase",
    "SESSION_TOKEN_OLD",
    "PGPASSWORD",
    "apiSecret2",
)
"""Names that make a text secret, though no spec says so."""


def canary(rng: Random, *, wordy: bool = True) -> str:
    """A secret that stands nowhere else: long, random or made of words, and awkward to write."""
    draw = rng.random() if wordy else 1.0
    if draw < 0.15:
        return rng.choice([" ", "-", "_", ""]).join(rng.sample(WORDS, rng.randint(3, 6)))
    if draw < 0.25:
        return "".join(rng.choices(string.ascii_uppercase + "234567", k=rng.choice([16, 26, 32])))
    text = "".join(rng.choices(ALPHABET, k=rng.randint(16, 40)))
    if rng.random() < 0.5:
        return text
    at = rng.randrange(8, len(text) - 7)
    return text[:at] + rng.choice(["&<>", '"', "'", "$", "\\", "/+", " ", "%", "\n"]) + text[at:]


def declared(rng: Random, name: str) -> dict[str, Any]:
    """A secret of any type; by its name alone, if that is enough."""
    kind = rng.choice(sorted(FORMATS))
    rows = [case for case in worlds.PLAIN if case.given["type"] == kind]
    given = dict(rng.choice(rows).given) if rows else {"type": kind}
    if rng.random() < 0.5 and name in SOUNDING:
        given = {"type": "text"} if rng.random() < 0.5 else given
        if sound(name) in parse_variable(name, given).format.left_to_names:
            return given
    return {**given, "secret": True}


def world(rng: Random) -> tuple[dict[str, Any], bytes, list[str], stores.Store | None]:
    """A spec, an environment full of secrets, the secrets, and a database full of them."""
    names = rng.sample([*SOUNDING, "NEXT_PUBLIC_TOKEN", "SIGNING", "JSON_SEAL"], 3)
    secrets = [canary(rng) for _ in range(6)]
    variables = {name: declared(rng, name) for name in names}
    for variable in variables.values():
        variable["parity"] = rng.choice(["same", "different", "shape"])
    variables["PORT"] = {"type": "port"}
    if rng.random() < 0.3:
        variables["PORT"]["required"] = f"isSet('{names[0]}')"
    read = f"!isSet('{names[0]}') || environment == 'prod'"
    dialect = rng.choice(dotenv.DIALECTS)
    others = [other for other in dotenv.DIALECTS if rng.random() < 0.2]
    source = {"path": ".env", "dialect": dialect, "also-read-by": others}
    data = {
        "assay": 1,
        "undeclared": rng.choice(["ignore", "warn", "fail"]),
        "variables": variables,
        "rules": {"broken": {"assert": read, "message": "not both"}},
        "environments": {
            "dev": {"values": [{"dotenv": source}]},
            "prod": {"live": True, "values": [{"dotenv": source}, "process"]},
        },
    }
    if rng.random() < 0.6:
        data["keys"] = {"k": _key(rng, names[0])}
        variables[names[0]] = {"secret": True}
    lines = ["PORT=99999"] if rng.random() < 0.5 else ["PORT=80"]
    for name, secret in zip([*names, "UNDECLARED", "API_KEYY", "VITE_X"], secrets, strict=True):
        value = rng.choice(SHAPES).replace("{}", secret).replace("{{", "{").replace("}}", "}")
        if rng.random() < 0.5:
            lines.append(rng.choice(LINES).replace("{name}", name).replace("{value}", value))
        else:
            lines.append(worlds.line(rng, name, value, dialect))
    store = stores.Store(rng, canary) if rng.random() < 0.5 else None
    if store is not None:
        lines.append(worlds.line(rng, "DATABASE_URL", store.url, dialect))
        secrets += store.secrets
        if rng.random() < 0.5:
            lines.append(worlds.line(rng, names[1], store.key, dialect))
        store.declare(data, names[1])
    rng.shuffle(lines)
    return data, "\n".join(lines).encode(), secrets, store


def _key(rng: Random, name: str) -> dict[str, Any]:
    """A key that is read in one of many ways."""
    made: dict[str, Any] = {
        "variable": name,
        "cipher": rng.choice(["aes-256-gcm", "hmac-sha256", "ed25519"]),
        "encoding": rng.choice(["hex", "base64", "base64url", "utf8", "jwk"]),
        "check-value": "0123456789ab",
    }
    if rng.random() < 0.3:
        made["derive"] = {"hkdf": {"salt": "salt"}}
        made["encoding"] = "utf8"
    return made


def random_dialect(content: bytes) -> str:
    """One of the dialects, by the content."""
    return dotenv.DIALECTS[sum(content) % len(dotenv.DIALECTS)]


def everything(
    project: Project, data: dict[str, Any], content: bytes, store: stores.Store | None = None
) -> str:
    """All that assay says and writes about an environment, in every format."""
    if store is not None:
        store.make(project)
    project.spec(json.dumps(data).encode())
    project.env(content)
    written = project.folder / "out"
    written.mkdir(exist_ok=True)
    summary = str(written / "summary.md")
    outputs = [f"--output={name}={written / name}" for name in REPORTERS]
    runs = [
        project.run("check", *outputs, "-v"),
        project.run("check", "--format", "github", environ={"GITHUB_STEP_SUMMARY": summary}),
        project.run("check", "--color", "always", environ={"COLUMNS": "40"}),
        project.run("check", "dev", "--format", "json"),
        project.run("hook", ".env"),
        project.run("hook", ".env", "--format", "sarif"),
        project.run("hook", "--env", "prod", ".env", "-v"),
        project.run("hook", "-", stdin=content),
        project.run("lint"),
        project.run("lint", "--all"),
        project.run("check", "--all"),
        project.run("init", "--stdout", "--dialect", random_dialect(content)),
        project.run("run", "dev", "-v", "--", "./no-such-program"),
        project.run("run", "prod", "--no-check", "--clean", "--", "./no-such-program"),
        project.run("docs"),
        project.run("docs", "--check"),
        *(project.run("docs", "--as", kind) for kind in DOCUMENTS),
        *played(project, content, outputs),
        *compared(project, written),
        *(store.said(project, outputs) if store is not None else ()),
    ]
    cache = Path(os.environ["XDG_CACHE_HOME"])
    files = [*written.iterdir(), *(file for file in cache.rglob("*") if file.is_file())]
    texts = [file.read_bytes().decode("utf-8", "backslashreplace") for file in files]
    return "\n".join([*(ran.said for ran in runs), *texts])


def compared(project: Project, written: Path) -> list[Ran]:
    """What comparing environments says, live and with a snapshot, and the snapshot itself."""
    snapshot = str(written / "snapshot.json")
    return [
        project.run("snapshot", "-o", snapshot),
        project.run("snapshot"),
        *(
            project.run("diff", "dev", other, "--all", "--format", form)
            for form in ("text", "json", "markdown")
            for other in ("prod", f"{snapshot}:dev")
        ),
        project.run("diff", "dev", "prod", "--color", "always", environ={"COLUMNS": "40"}),
    ]


def played(project: Project, content: bytes, outputs: list[str]) -> list[Ran]:
    """What fixture tests say that hold the values of a .env file, or the file itself."""
    values = {name: value for name, value in dotenv.parse(content, "node").values.items() if value}
    test = {"name": "a", "environment": "prod", "values": values, "findings": []}
    several = {"name": "b", "environments": {"dev": values, "prod": values}, "findings": []}
    text = json.dumps({"assay": 1, "tests": [test, several]}, ensure_ascii=False)
    project.write("specs/tests/good.yaml", text.encode("utf-8", "backslashreplace"))
    project.write("broken/raw.yaml", content)
    project.write("broken/inside.yaml", b"assay: 1\ntests:\n- name: a\n  values:\n" + content)
    project.write("broken/field.yaml", text.replace('"values"', '"valeus"').encode(errors="ignore"))
    return [
        project.run("test", *outputs, "-v"),
        project.run("test", "--format", "github"),
        *(project.run("test", f"broken/{name}.yaml") for name in ("raw", "inside", "field")),
    ]


def shown(seed: int) -> list[str]:
    """The pieces of secrets that come out for a seed."""
    data, content, secrets, store = world(Random(seed))
    with Project.temporary() as project:
        return canaries.found(secrets, everything(project, data, content, store))


@settings(phases=[Phase.reuse, Phase.generate], max_examples=max(20, settings().max_examples // 20))
@given(SEEDS)
def test_no_secret_shows_in_any_output_of_any_command(seed):
    assert shown(seed) == []


def bare(self: Secret, *_: object) -> str:
    return self.reveal()


def leaks(project: Project) -> list[str]:
    """What comes out about one malformed secret, pieces of which the masker would know."""
    secret = "9fK2mQ7xT4vL8wR3pZ6y"
    data = {
        "assay": 1,
        "variables": {"API_KEY": {"type": "port", "secret": True}, "PORT": {"type": "port"}},
        "environments": {"dev": {"values": [{"dotenv": ".env"}]}},
    }
    content = f"PORT=80\nAPI_KEY={secret}\n".encode()
    return canaries.found([secret], everything(project, data, content))


def test_this_suite_would_notice_if_findings_showed_what_is_secret(project, monkeypatch):
    assert leaks(project) == []
    monkeypatch.setattr(Masker, "mask", lambda _, text: text)
    assert leaks(project) == [], "nothing hangs on the last masker"
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


def stored(seed: int = 1) -> list[str]:
    """The pieces of secrets that come out of a database and what is said about it."""
    rng = Random(seed)
    store = stores.Store(rng, canary)
    store.away, store.strict = False, True
    data: dict[str, Any] = {
        "assay": 1,
        "variables": {},
        "environments": {name: {"values": [{"dotenv": ".env"}]} for name in ("dev", "prod")},
    }
    store.declare(data, "KEY")
    content = f"KEY={store.key}\nDATABASE_URL={store.url}\n".encode()
    with Project.temporary() as project:
        store.make(project)
        project.spec(json.dumps(data).encode())
        project.env(content)
        runs = (project.run("snapshot"), project.run("check", "dev"))
        return canaries.found(store.secrets, "\n".join(ran.said for ran in runs))


def as_it_stands(_sort: str, word: str, _known: object, *, called: bool) -> str:
    del called
    return word


@pytest.mark.parametrize(
    ("place", "name", "careless"),
    [
        (credential_words, "notes", lambda _: (stores.Store(Random(1), canary).key,)),
        (expressions, "_shown", as_it_stands),
    ],
    ids=["evidence", "literals of the schema"],
)
def test_this_suite_would_notice_what_a_database_must_not_tell(monkeypatch, place, name, careless):
    monkeypatch.setattr(Masker, "mask", lambda _, text: text)
    assert stored() == [], "nothing hangs on the last masker"
    monkeypatch.setattr(place, name, careless)
    monkeypatch.setattr(model, "discreet", lambda text, **_: text)
    assert stored() != []


def test_this_suite_would_notice_if_the_excerpt_ignored_what_is_sensitive(project, monkeypatch):
    monkeypatch.setattr(Masker, "mask", lambda _, text: text)
    monkeypatch.setattr(excerpt, "BULLETS", "9fK2mQ7xT4vL8wR3pZ6y")
    assert leaks(project) != []


def test_this_suite_would_notice_if_a_secret_printed_itself(project, monkeypatch):
    monkeypatch.setattr(Masker, "mask", lambda _, text: text)
    monkeypatch.setattr(Secret, "__format__", bare)
    monkeypatch.setattr(check, "run_of", talkative)
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
