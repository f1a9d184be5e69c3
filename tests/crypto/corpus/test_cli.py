"""What the command line says of stored credentials is what the library says."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from tests.crypto.corpus.scoring import cells, corpus

import assay
from assay.crypto.autopsy import Examiner, autopsy
from assay.crypto.examination import Census
from assay.kinds.credential.kind import examination
from assay.kinds.credential.words import violations
from assay.probes.credentials import case

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.project import Project

    from assay.crypto.autopsy import Case

PER_CLASS = 3
_SLOW = ("scrypt", "pbkdf2", "cryptr", "iron")


def sample() -> Iterator[dict[str, Any]]:
    """Some cases of each class, far apart."""
    for _, group in groupby(sorted(corpus(), key=lambda made: made["class"]), lambda m: m["class"]):
        quick = [made for made in group if not any(word in json.dumps(made) for word in _SLOW)]
        yield from quick[:: max(1, len(quick) // PER_CLASS)][:PER_CLASS]


SAMPLE = list(sample())


def spec_of(made: dict[str, Any]) -> dict[str, Any]:
    others = [*made.get("previous", {}), *made.get("suspects", {})]
    column = {"envelope": made["envelope"]}
    if "plaintext" in made:
        column["plaintext"] = made["plaintext"]
    key = {"variable": "APP_KEY", **made["recipe"]}
    if "previous" in made:
        key["previous"] = list(made["previous"])
    credential: dict[str, Any] = {"table": "secrets", "key": "app", "identity": ["id"]}
    credential["columns"] = {"secret": column}
    if "suspects" in made:
        credential["suspects"] = list(made["suspects"])
    return {
        "assay": 1,
        "environments": {"production": {"values": ["process"]}},
        "variables": {name: {"secret": True} for name in ("APP_KEY", *others)},
        "keys": {"app": key},
        "databases": {"main": {"sqlite": {"path": "app.db"}}},
        "tables": {"secrets": {}},
        "credentials": {"app": credential},
    }


@pytest.fixture(params=SAMPLE, ids=[made["name"] for made in SAMPLE])
def made(request, project: Project) -> dict[str, Any]:
    """A case, with its spec and its rows in the project."""
    found: dict[str, Any] = request.param
    project.spec(yaml.safe_dump(spec_of(found), sort_keys=False))
    with closing(sqlite3.connect(project.folder / "app.db")) as database, database:
        database.execute("CREATE TABLE secrets (id INTEGER PRIMARY KEY, secret BLOB)")
        rows = [
            (at, bytes.fromhex(row["hex"]) if "hex" in row else row["text"])
            for at, row in enumerate(found["rows"], 1)
        ]
        database.executemany("INSERT INTO secrets VALUES (?, ?)", rows)
    return found


def environ(made: dict[str, Any]) -> dict[str, str]:
    return {"APP_KEY": made["env"], **made.get("previous", {}), **made.get("suspects", {})}


def library(project: Project, made: dict[str, Any]) -> tuple[Any, Any, Case]:
    spec = assay.load(project.folder / "specs/app.yaml")
    asked = examination(spec, "production", "app")
    return spec, asked, case(asked, asked.columns[0], environ(made))


def test_the_commands_say_what_the_library_says(project: Project, made: dict[str, Any]):
    spec, asked, of_column = library(project, made)
    examiner = Examiner(of_column, "secret")
    rows = cells(made)
    examiner.add(rows, [(str(at),) for at in range(1, len(rows) + 1)])
    census = Census(rows=len(rows), columns={"secret": examiner.census()})
    wanted = sorted(
        (one.rule.code, one.message, one.remedy, list(one.notes))
        for one in violations("app", census, asked, spec)
    )
    for command in (("credentials", "check"), ("check",)):
        ran = project.run(*command, "--format", "json", environ=environ(made))
        findings = json.loads(ran.out)["findings"]
        own = [one for one in findings if one["kind"] == "credential"]
        told = [one for one in own if one["outcome"] in ("fail", "warn")]
        blocked = command == ("check",) and any(one["outcome"] == "skip" for one in own)
        found = sorted((x["rule"], x["message"], x["remedy"], x["notes"]) for x in told)
        assert blocked or found == wanted
        assert ran.err == ""


def test_an_explanation_is_that_of_the_library(project: Project, made: dict[str, Any]):
    _, _, of_column = library(project, made)
    where = ("--column", "app.secret", "--env", "production", "--format", "json")
    for row in cells(made)[-2:]:
        if not row.strip():
            continue
        ran = project.run("credentials", "explain", "-", *where, stdin=row, environ=environ(made))
        found = json.loads(ran.out)
        told = [(one["rule"], one["confidence"]) for one in found["explanations"]]
        wanted = [
            (f"credential-{one.code.value}", one.confidence.value)
            for one in autopsy(of_column, row)
        ]
        assert told == wanted
        assert ran.code == (1 if wanted else 0)
