"""A secret that was pasted where a name or a word belongs is in no output."""

from __future__ import annotations

import json

import pytest

from assay.redacted import BULLETS
from assay.reporters import REPORTERS

SECRETS = (
    "postgres://app:hunter2@db.internal/app",
    "sk_live_wordlikeword",
    "vR7mQ2xK9pL4tW8zN3",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJib2IifQ.c2ln",
    "9e107d9d372bb6826bd81d3542a419d6",
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIE\n-----END PRIVATE KEY-----",
)
PLACES = {
    "sql.url": "databases: {main: {sql: {url: S}}}",
    "sql": "databases: {main: {sql: S}}",
    "a database": "databases: {main: S}",
    "supabase.key": "databases: {main: {supabase: {url: PORT, key: S}}}",
    "supabase.url": "databases: {main: {supabase: {url: S, key: PORT}}}",
    "keys.k.variable": "keys: {k: {variable: S, cipher: aes-256-gcm, encoding: hex}}",
    "keys.k.previous": "keys: {k: {variable: PORT, previous: [S], cipher: hmac-sha256}}",
    "keys.k.encoding": "keys: {k: {variable: PORT, cipher: hmac-sha256, encoding: S}}",
    "keys.k.cipher": "keys: {k: {variable: PORT, cipher: S, encoding: hex}}",
    "a key": "keys: {k: S}",
    "an import": "imports: [S]",
    "a rule of the library": "imports: ['builtin:x', S]",
    "a waiver's rule": "waivers: [{rule: S, subject: PORT, reason: x}]",
    "a waiver's subject": "waivers: [{rule: variable-missing, subject: S, reason: x}]",
    "a waiver's environment": (
        "waivers: [{rule: variable-missing, subject: PORT, environment: S, reason: x}]"
    ),
    "an environment": "environments: {dev: S}",
    "an environment's values": "environments: {dev: {values: S}}",
    "a source": "environments: {dev: {values: [S]}}",
    "a source's path": "environments: {dev: {values: [dotenv: S]}}",
    "a source's path that is optional": (
        "environments: {dev: {values: [{dotenv: {path: S, optional: maybe}}]}}"
    ),
    "a source's kind": "environments: {dev: {values: [{S: x}]}}",
    "a source's dialect": "environments: {dev: {values: [{dotenv: {path: .env, dialect: S}}]}}",
    "a name of an environment": "environments: {S: 1}",
    "a condition": "rules: {r: {assert: S, message: x}}",
    "a name in a condition": "rules: {r: {assert: 'PORT == S', message: x}}",
    "a rule": "rules: {r: S}",
    "a rule's name": "rules: {S: {asert: x}}",
    "a rule's severity": "rules: {r: {assert: 'true', message: x, severity: S}}",
    "a variable": "variables: {PORT: S}",
    "a variable's name": "variables: {S: {tpye: x}}",
    "a name with a colon less": "variables: {S: 1}",
    "a type": "variables: {A: {type: S}}",
    "a pattern": "variables: {A: {pattern: [S]}}",
    "a default beside a typo": "variables: {A: {defualt: S}}",
    "a default and a typo": "variables: {A: {requird: x, default: S}}",
    "a typo and an example": "variables: {A: {example: S, requird: x}}",
    "a default of another type": "variables: {A: {type: port, default: S}}",
    "a list of defaults": "variables: {A: {default: [S]}}",
    "required": "variables: {A: {required: S}}",
    "only-in": "variables: {A: {only-in: [S]}}",
    "deprecated": "variables: {A: {deprecated: S}}",
    "secret": "variables: {A: {secret: S}}",
    "severity": "variables: {A: {severity: S}}",
    "parity": "parity: {p: {between: [dev, S]}}",
    "a table": "tables: {t: {database: S}}",
    "a column": "tables: {t: {columns: {c: {type: S}}}}",
    "a document": "documents: {doc.md: S}",
    "a field of the spec": "S: 1",
    "the version": "assay: S",
    "an alias": "project: *S",
    "a tag": "project: !S x",
    "a key twice": "variables: {S: , S: }",
    "an unclosed bracket": "variables: {A: {default: S",
    "an unclosed quote": 'project: "S',
    "a second colon": "project: x: S",
    "a comment": "projet: x # S",
    "a comment of its own": "projet: x\n# S",
    "after a tab": "variables:\n\tA: {default: S}",
}


def quoted(secret: str, place: str) -> str:
    """A place in a spec with a secret in it, as YAML."""
    plain = place in ("an alias", "a tag", "an unclosed quote", "a comment", "a comment of its own")
    return secret.replace("\n", " ") if plain else json.dumps(secret)


def told(project, place: str, secret: str, *, by_all: bool = True) -> str:
    """All that is said of a spec with a secret in it, by all commands or by `lint` alone."""
    spec = PLACES[place].replace("S", "\0").replace("\0QL", "SQL")
    spec = spec.replace("\0", quoted(secret, place))
    base = {
        "variables": "variables: {PORT: {type: port}}\n",
        "environments": "environments: {dev: {values: [dotenv: .env]}}\n",
    }
    head = "" if spec.startswith("assay") else "assay: 1\n"
    project.spec(head + "".join(t for n, t in base.items() if not spec.startswith(n)) + spec + "\n")
    project.env("PORT=80\n")
    written = project.folder / "out"
    written.mkdir(exist_ok=True)
    runs = [
        project.run("lint", *(f"--output={form}={written / form}" for form in REPORTERS)),
        project.run("lint", "--color", "always", environ={"COLUMNS": "40"}),
    ]
    if by_all:
        others = ("check", "hook .env", "docs", "docs --check", "snapshot", "diff dev dev")
        runs += [project.run(*command.split()) for command in others]
    files = [file.read_text(encoding="utf-8") for file in written.iterdir()]
    assert len(files) == len(REPORTERS)
    return "\n".join([*(ran.said for ran in runs), *files])


def parts(secret: str) -> list[str]:
    """What must not be seen of a secret."""
    lines = [secret, *secret.replace("-----", "\n").split("\n")]
    if "hunter2" in secret:
        lines.append("hunter2")
    found = [line.strip() for line in lines if line.strip() and "PRIVATE KEY" not in line[:25]]
    return [*found, *(line[:10] for line in found if len(line) > 12 and "://" not in line)]


@pytest.mark.parametrize("place", PLACES)
def test_a_pasted_secret_is_in_no_output(project, place):
    first = list(PLACES).index(place) % 3
    for number, secret in enumerate(SECRETS):
        # other commands print the same findings, so that two secrets of each place are enough
        said = told(project, place, secret, by_all=number % 3 == first)
        assert [part for part in parts(secret) if part in said] == []


@pytest.mark.parametrize("secret", ["hunter2", "correct horse battery", "Tr0ub4dor&3"])
@pytest.mark.parametrize(
    "place",
    [
        *("sql.url", "sql", "a database", "supabase.key", "supabase.url", "keys.k.variable"),
        *("keys.k.previous", "a key", "an environment", "a rule", "a variable", "deprecated"),
        *("a default beside a typo", "a default and a typo", "a typo and an example"),
        *("a list of defaults", "a comment", "a comment of its own", "an unclosed quote"),
        *("an unclosed bracket", "a second colon", "after a tab"),
    ],
)
def test_a_wordy_secret_is_not_shown_where_no_word_belongs(project, place, secret):
    said = told(project, place, secret)
    assert secret not in said
    assert secret.split()[-1] not in said


def test_the_remedy_says_what_belongs_there(project):
    for secret in SECRETS:
        said = told(project, "keys.k.variable", secret)
        assert BULLETS in said
        text = " ".join(said.split())
        assert "such as DATABASE_URL" in text
        assert "treat it as leaked" in text
        assert "rotate it" in text


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_as_an_argument_is_not_repeated(project, secret):
    project.spec("variables: {PORT: {type: port}}\nenvironments: {dev: {values: [dotenv: .env]}}\n")
    project.env("PORT=80\n")
    for argv in (
        ("check", secret),
        ("check", "--only", secret),
        ("check", "--spec", secret),
        *(("lint", "--spec", secret, "--format", form) for form in REPORTERS),
        *(("hook", secret, "--format", form) for form in REPORTERS),
        ("check", f"--{secret}"),
        ("check", "--format", secret),
        ("check", "--fail-on", secret),
        ("check", "--output", f"{secret}=x"),
        ("check", "--wait", secret),
        ("explain", secret),
        ("hook", "--env", secret, ".env"),
        ("hook", secret),
        ("docs", secret),
        ("docs", "--as", secret),
        ("diff", "dev", secret),
        ("run", secret, "--", "true"),
        ("key", "show", secret),
        ("key", secret),
        ("snapshot", "--pepper", secret),
        ("completion", secret),
        (secret,),
    ):
        said = project.run(*argv).said
        assert [part for part in parts(secret) if part in said] == [], argv


def test_ordinary_slips_are_still_shown(project):
    project.spec(
        "variables: {PORT: {type: prot, requird: true, default: 80}, A: {only-in: [prodution]}}\n"
        "environments: {production: {values: [dotenv: .env]}}\n"
        "keys: {k: {variable: SIGNING_KYE, cipher: aes-256-gmc, encoding: hex}}\n"
    )
    said = project.run("lint").out
    for shown in ("prot", "requird: true", "prodution", "SIGNING_KYE", "aes-256-gmc"):
        assert shown in said
