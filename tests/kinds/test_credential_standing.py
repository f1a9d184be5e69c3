"""A remedy that changes the key or the spec is for when no other row depends on them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec.structs import replace

import assay
from assay.crypto.autopsy import Cause, CauseCode, Cluster, Confidence
from assay.crypto.autopsy.causes import ColumnCensus
from assay.crypto.examination import Census
from assay.kinds.credential.kind import examination
from assay.kinds.credential.standing import standing
from assay.kinds.credential.words import violation_of

if TYPE_CHECKING:
    from tests.project import Project

TEXT = "cf3d2a9e17b8405691e6d80b5f27ac34"
SPEC = """
environments: {production: {values: [process]}}
variables: {KEY: {secret: true}, OTHER: {secret: true, required: false}}
keys:
  own: {variable: KEY, cipher: aes-128-gcm, encoding: hex}
  same: {variable: KEY, cipher: aes-256-gcm, encoding: utf8}
  other: {variable: OTHER, cipher: aes-128-gcm, encoding: hex}
databases: {main: {sqlite: {path: app.db}}}
tables: {secrets: {}, more: {}}
credentials:
  first:
    table: secrets
    key: own
    identity: [id]
    columns: {secret: LAYOUT, token: LAYOUT}
"""
LAYOUT = "{envelope: {cipher: aes-128-gcm, layout: ['iv:12', ciphertext, 'tag:16']}}"
MORE = """
  second: {table: more, key: SECOND, identity: [id], columns: {secret: LAYOUT}}
"""


def because(code: CauseCode, **values: str) -> Cause:
    return Cause.of(code, Confidence.PROVEN, **values)


MISREAD = because(CauseCode.KEY_MISREAD, found="hashed", declared="read as hex")
LAID_OUT = because(CauseCode.WRONG_LAYOUT, found="a", declared="b", spec="c")
EMPTY = because(CauseCode.EMPTY)


def column(opened: int, *clusters: tuple[Cause, int]) -> ColumnCensus:
    made = tuple(Cluster(cause=cause, count=count) for cause, count in clusters)
    failed = sum(count for _, count in clusters)
    return ColumnCensus(name="c", opened=opened, failed=failed, clusters=made)


def stands(
    project: Project, secret: ColumnCensus, token: ColumnCensus | None = None, *, more: str = ""
) -> tuple[str, str]:
    project.spec((SPEC + more).replace("LAYOUT", LAYOUT))
    spec = assay.load(project.folder / "specs/app.yaml")
    asked = examination(spec, "production", "first")
    columns = {"secret": secret, **({} if token is None else {"token": token})}
    return standing(["secret"], secret.clusters[0], Census(rows=9, columns=columns), asked, spec)


@pytest.mark.parametrize("cause", [MISREAD, LAID_OUT])
def test_all_rows_of_one_cause_may_change_the_spec(project, cause):
    assert stands(project, column(0, (cause, 9))) == ("all", "")
    assert stands(project, column(0, (cause, 7), (EMPTY, 2))) == ("all", "")


@pytest.mark.parametrize("cause", [MISREAD, LAID_OUT])
def test_rows_that_can_be_decrypted_are_counted(project, cause):
    assert stands(project, column(2714, (cause, 7000))) == ("some", "2,714 rows")
    assert stands(project, column(1, (cause, 9))) == ("some", "1 row")


def test_rows_of_different_causes_are_no_single_population(project):
    both = column(0, (MISREAD, 6), (LAID_OUT, 3))
    assert stands(project, both) == ("", "")
    misread = replace(MISREAD, values=(("declared", "read as hex"), ("found", "cut")))
    assert stands(project, column(0, (MISREAD, 6), (misread, 3))) == ("", "")


def test_a_key_is_that_of_all_columns_and_a_layout_that_of_one(project):
    good = column(5)
    assert stands(project, column(0, (MISREAD, 9)), good) == ("some", "5 rows")
    assert stands(project, column(0, (LAID_OUT, 9)), good) == ("all", "")
    assert stands(project, column(0, (MISREAD, 9)), column(0, (LAID_OUT, 9))) == ("", "")


def test_columns_of_metadata_say_nothing_of_the_key(project):
    project.spec(SPEC.replace("LAYOUT", LAYOUT) + "    metadata: {version: integer}\n")
    spec = assay.load(project.folder / "specs/app.yaml")
    secret = column(0, (MISREAD, 9))
    census = Census(rows=9, columns={"secret": secret, "version": column(9)})
    asked = examination(spec, "production", "first")
    assert standing(["secret"], secret.clusters[0], census, asked, spec) == ("all", "")


def test_rows_of_other_keys_do_not_depend_on_the_text_of_this_one(project):
    previous = because(CauseCode.PREVIOUS_KEY, other="OLD")
    altered = replace(MISREAD, case="altered")
    assert stands(project, column(0, (altered, 7), (previous, 2))) == ("all", "")
    assert stands(project, column(0, (MISREAD, 7), (previous, 2))) == ("", "")


@pytest.mark.parametrize(("key", "found"), [("own", ""), ("same", ""), ("other", "all")])
def test_a_key_may_be_that_of_other_credentials(project, key, found):
    more = MORE.replace("SECOND", key)
    if key == "same":
        more = more.replace("LAYOUT", "{envelope: node-gcm-hex}")
    assert stands(project, column(0, (MISREAD, 9)), more=more) == (found, "")
    assert stands(project, column(0, (LAID_OUT, 9)), more=more) == ("all", "")


def test_rows_that_were_not_read_may_be_readable(project):
    project.spec(SPEC.replace("LAYOUT", LAYOUT))
    spec = assay.load(project.folder / "specs/app.yaml")
    asked = examination(spec, "production", "first")
    secret = column(0, (MISREAD, 9))
    census = Census(rows=9, columns={"secret": secret}, partial="no time")
    assert standing(["secret"], secret.clusters[0], census, asked, spec) == ("", "")
    filtered = SPEC.replace("    columns", "    where: revoked_at == null\n    columns")
    project.spec(filtered.replace("LAYOUT", LAYOUT))
    spec = assay.load(project.folder / "specs/app.yaml")
    asked, census = examination(spec, "production", "first"), replace(census, partial="")
    assert standing(["secret"], secret.clusters[0], census, asked, spec) == ("", "")


def test_a_credential_that_was_not_asked_for_still_counts(project):
    project.spec((SPEC + MORE.replace("SECOND", "own")).replace("LAYOUT", LAYOUT))
    nonce = bytes(12)
    cell = nonce + AESGCM(TEXT[:16].encode()).encrypt(nonce, b"a credential of a shop", None)
    with closing(sqlite3.connect(project.folder / "app.db")) as database, database:
        for table in ("secrets", "more"):
            database.execute(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, secret, token)")
        database.execute("INSERT INTO secrets VALUES (1, ?, ?)", (cell, cell))
    ran = project.run("credentials", "check", "--name", "first", environ={"KEY": TEXT})
    assert "help: If no other row can be decrypted today" in ran.out


ABOUT = {
    "column": "secret",
    "rows": "row 1",
    "key": "own",
    "variable": "KEY",
    "environment": "production",
    "healthy": "2 rows",
}


@pytest.mark.parametrize(
    ("case", "among", "name"),
    [
        ("", "", ""),
        ("", "some", "some"),
        ("altered", "", "altered"),
        ("altered", "all", "altered-all"),
    ],
)
def test_a_remedy_is_named_after_the_case_and_the_other_rows(case, among, name):
    violation = violation_of(replace(MISREAD, case=case), among, **ABOUT)
    rule = violation.rule
    assert violation.remedy == rule.remedies.get(name, rule.remedy).format_map(violation.values)


@pytest.mark.parametrize(("key", "told"), [("own", True), ("other", False)])
def test_a_key_that_rows_may_be_encrypted_with_is_not_trimmed_before_they_are_read(
    project, key, told
):
    project.spec(SPEC.replace("LAYOUT", LAYOUT).replace("key: own", f"key: {key}"))
    project.database("app.db", "CREATE TABLE secrets (id INTEGER PRIMARY KEY, secret, token)")
    ran = project.run("check", environ={"KEY": f"{TEXT}\n"})
    assert "error[variable-newline]" in ran.out
    assert ("Run `assay credentials check` first" in ran.out) is told
