"""`assay snapshot`: what it holds, what it never holds, and what it won't pass off as known."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.properties import canaries

from assay.snapshots.files import snapshot_schema

PEPPER = "8f1c2d7be04a95632fd1c07ab89e3465d0127f8ab3c4e596071829dabfce1430"
OTHER = "17aa2d7be04a95632fd1c07ab89e3465d0127f8ab3c4e596071829dabfce1430"
KEY = "9e1c2d7be04a95632fd1c07ab89e3465d0127f8ab3c4e596071829dabfce14aa"
SPEC = """\
project: shop
environments:
  a: {values: [{dotenv: .env}]}
  b: {values: [{dotenv: b.env}, process]}
variables:
  PORT: {type: port, default: 3000}
  TITLE: {required: false, allow-empty: true}
  EMPTY: {required: false}
  KMS: {secret: true}
keys:
  seal: {variable: KMS, cipher: aes-256-gcm, encoding: hex}
"""
ENV = f"TITLE=\nEMPTY=\nKMS={KEY}\nSTRAY=vR7mQ2xK9pL4tW8z\nMIIEvQIBADANBgkqhkiG9w0B=x\n"


@pytest.fixture
def shop(project):
    project.spec(SPEC)
    project.env(ENV)
    project.env("KMS=" + KEY.upper() + "\n", "b.env")
    return project


def taken(project, *argv: str, pepper: str = PEPPER) -> dict[str, Any]:
    ran = project.run("snapshot", *argv, environ={"ASSAY_PEPPER": pepper})
    assert (ran.code, ran.err) == (0, "")
    found: dict[str, Any] = json.loads(ran.out)
    return found


def test_a_snapshot_holds_states_and_digests_and_fits_its_schema(shop):
    found = taken(shop)
    jsonschema.validate(found, snapshot_schema())
    assert (found["version"], found["project"]) == (1, "shop")
    kept = found["environments"]["a"]
    assert kept["complete"] is True
    assert {name: entry["state"] for name, entry in kept["variables"].items()} == {
        "EMPTY": "empty",
        "KMS": "readable",
        "PORT": "missing",
        "STRAY": "readable",
        "TITLE": "empty",
    }
    assert "digest" in kept["variables"]["PORT"], "what is unset has the value of its default"
    assert "digest" in kept["variables"]["TITLE"]
    assert "digest" not in kept["variables"]["EMPTY"]
    assert set(found) == {"schema", "version", "project", "pepper", "environments"}


def test_names_of_the_process_that_nobody_declared_are_left_out(shop):
    environ = {"ASSAY_PEPPER": PEPPER, "SOMEBODY_ELSES": "x", "PORT": "80"}
    found = json.loads(shop.run("snapshot", "b", environ=environ).out)
    kept = found["environments"]["b"]
    assert set(kept["variables"]) == {"EMPTY", "KMS", "PORT", "TITLE"}
    assert kept["complete"] is False


def test_keys_are_kept_by_the_bytes_that_are_made_of_them(shop):
    found = taken(shop)["environments"]
    assert found["a"]["keys"]["seal"]["digest"] == found["b"]["keys"]["seal"]["digest"]
    kms = [found[name]["variables"]["KMS"]["digest"] for name in "ab"]
    assert len({*kms, found["a"]["keys"]["seal"]["digest"]}) == 3


def test_equal_input_makes_equal_bytes(shop):
    first = shop.run("snapshot", environ={"ASSAY_PEPPER": PEPPER}).out
    (shop.folder / ".env").write_text("\n".join(reversed(ENV.splitlines())) + "\n")
    assert shop.run("snapshot", environ={"ASSAY_PEPPER": PEPPER}).out == first
    assert "created" not in first


def test_a_date_is_taken_down_only_where_one_is_given(shop):
    assert taken(shop, "--created", "2027-01-31T12:00:00Z")["created"] == "2027-01-31T12:00:00Z"
    ran = shop.run("snapshot", "--created", "today")
    assert (ran.code, ran.out) == (2, "")
    assert "--created today is not a date or time" in ran.err


def test_two_peppers_share_no_digest(shop):
    def digests(found: dict[str, Any]) -> set[str]:
        return {
            entry["digest"]
            for environment in found["environments"].values()
            for entry in (*environment["variables"].values(), *environment["keys"].values())
            if "digest" in entry
        }

    mine, theirs = taken(shop), taken(shop, pepper=OTHER)
    assert len(digests(mine)) > 4
    assert digests(mine).isdisjoint(digests(theirs))
    assert mine["pepper"] != theirs["pepper"]


def test_it_is_written_whole_and_says_where_a_new_pepper_is(shop):
    ran = shop.run("snapshot", "-o", "snap.json")
    state = os.environ["XDG_STATE_HOME"]
    assert (ran.code, ran.out) == (0, "")
    assert f"created a new pepper in {state}/assay/pepper" in ran.err
    first = (shop.folder / "snap.json").read_bytes()
    assert shop.run("snapshot", "-o", "snap.json").err == ""
    assert (shop.folder / "snap.json").read_bytes() == first
    kept = Path(state, "assay/pepper").read_text(encoding="ascii").strip()
    assert canaries.found([kept], first.decode() + ran.said) == []


def test_quiet_says_nothing_of_the_pepper(shop):
    assert shop.run("snapshot", "-q", "-o", "snap.json") == (0, "", "")


@pytest.mark.parametrize(
    ("argv", "pepper", "code", "said"),
    [
        (["c"], PEPPER, 2, "c is not an environment"),
        ([], "abc", 2, "ASSAY_PEPPER must be at least 64 hex digits"),
        (["-o", "nowhere/snap.json"], PEPPER, 2, "nowhere/snap.json could not be written"),
        (["--nope"], PEPPER, 2, "--nope is not an option of `assay snapshot`"),
    ],
)
def test_mistakes_are_told(shop, argv, pepper, code, said):
    ran = shop.run("snapshot", *argv, environ={"ASSAY_PEPPER": pepper})
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err


def test_what_cannot_be_read_makes_no_snapshot(shop):
    (shop.folder / ".env").unlink()
    ran = shop.run("snapshot", "-o", "snap.json", environ={"ASSAY_PEPPER": PEPPER})
    assert ran.code == 3
    assert "a can't be read: .env does not exist" in ran.err
    assert not (shop.folder / "snap.json").exists()


def test_what_the_loader_refuses_makes_no_snapshot(shop):
    shop.spec("environments: {a: {values: [{dotenv: {path: .env, dialect: compose}}]}}")
    shop.env('A="x\n')
    ran = shop.run("snapshot", environ={"ASSAY_PEPPER": PEPPER})
    assert (ran.code, ran.out) == (3, "")
    assert "a can't be read: .env can't be read" in ran.err


def test_a_key_that_cannot_be_made_is_kept_as_unreadable_and_says_no_more(shop):
    shop.env("KMS=not hex at all\n")
    kept = taken(shop, "a")["environments"]["a"]["keys"]["seal"]
    assert kept == {"state": "unreadable"}


def test_the_schema_can_be_printed(shop):
    assert json.loads(shop.run("schema", "--of", "snapshot").out) == snapshot_schema()
