"""The outage: the healthy environment is clean, and each fault of production has its own rule.

So has each way in which the stored credentials were damaged, and nothing shows what they hold.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from tests.project import Project

import assay

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "mpesa"
FAULTS = {
    ("MPESA_CALLBACK_URL", "variable-missing"),
    ("MPESA_KMS_KEY", "variable-newline"),
    ("MPESA_KMS_KEY", "variable-quoted"),
    ("MPESA_PASSKEY", "variable-published"),
    ("MPESA_SHORTCODE", "variable-published"),
    ("NEXT_PUBLIC_SUPABASE_ANON_KEY", "variable-exposed"),
}
ROWS = {
    ("mpesa", "credential-json-buffer"),
    ("mpesa", "credential-unset-key"),
    ("mpesa", "credential-previous-key"),
    ("mpesa", "credential-truncated"),
    ("mpesa", "credential-wrapped"),
    ("mpesa.passkey_enc", "credential-tag-damaged"),
}
FIXES = {
    "NEXT_PUBLIC_SUPABASE_ANON_KEY": "sb_publishable_aXfnEiFJ4pXOfiHl3uCrLM6C",
    "MPESA_SHORTCODE": "600998",
    "MPESA_PASSKEY": "9c1f0e7ab35d48269c1f0e7ab35d482611aa9c1f0e7ab35d48269c1f0e7ab35d",
    "MPESA_KMS_KEY": "7a3e153ebf5a4bd8d7f710699d515426b332b0861a6eea4624e283c4b8d4bf37",
    "MPESA_CALLBACK_URL": "https://billing.mgahawa.example/api/callback",
}


def settings(name: str) -> dict[str, str]:
    """The lines of a .env file of the example, raw."""
    lines = (EXAMPLE / name).read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("=")[::2] for line in lines if line and not line.startswith("#"))
    return dict(pairs)


@pytest.fixture
def copy(tmp_path: Path) -> Project:
    """The example in a folder where it may be changed."""
    return Project(Path(shutil.copytree(EXAMPLE, tmp_path / "mpesa")))


def faults(report: assay.Report) -> set[tuple[str, str]]:
    return {(finding.subject, finding.rule) for finding in report.failures(assay.Severity.INFO)}


def test_development_is_clean() -> None:
    report = assay.run(assay.load(str(EXAMPLE / "specs")), environments=["development"])
    assert faults(report) == set()
    assert report.exit_code() == 0


def test_each_fault_of_production_comes_out_as_its_own_rule() -> None:
    report = assay.run(assay.load(str(EXAMPLE / "specs")), environments=["production"])
    assert faults(report) == FAULTS
    assert report.exit_code() == 1


@pytest.mark.parametrize("name", sorted(FIXES))
def test_mending_one_fault_leaves_the_others(copy: Project, name: str) -> None:
    copy.env("".join(f"{n}={v}\n" for n, v in fixed(name).items()), ".env.production")
    done = copy.run("check", "production", "--format", "json")
    left = {(f["subject"], f["rule"]) for f in json.loads(done.out)["findings"] if f["rule"]}
    rows = ROWS if name == "MPESA_KMS_KEY" else set()
    assert left == {fault for fault in FAULTS if fault[0] != name} | rows


def fixed(*names: str) -> dict[str, str]:
    return {**settings(".env.production"), **{name: FIXES[name] for name in names}}


def test_production_with_every_fault_fixed_is_clean_but_for_the_rows(copy: Project) -> None:
    copy.env("".join(f"{n}={v}\n" for n, v in fixed(*FIXES).items()), ".env.production")
    done = copy.run("check", "production", "--only", "variable", "--only", "key", "--only", "table")
    assert (done.code, done.err) == (0, "")


def test_each_way_in_which_the_rows_were_damaged_comes_out_as_its_own_rule() -> None:
    report = assay.run(assay.load(str(EXAMPLE / "specs")), environments=["day-two"])
    assert faults(report) == ROWS
    notes = {f.rule: f.notes[0] for f in report.failures()}
    for rule in ("credential-tag-damaged", "credential-truncated"):
        assert notes.pop(rule).startswith("likely: ")
    assert all(note.startswith("proven: ") for note in notes.values())


def test_the_autopsy_goes_on_where_the_key_itself_is_damaged(copy: Project) -> None:
    done = copy.run("credentials", "check", "production")
    assert done.code == 1
    said = " ".join(done.out.split())
    assert "the ciphertext needs it without the newline after it and the quotes around it" in said
    assert "rows of tenant 10: encrypted with MPESA_KMS_KEY_OLD" in said


@pytest.mark.parametrize("name", ["development", "production"])
def test_the_databases_are_what_the_script_makes(copy: Project, name: str) -> None:
    def content(path: Path) -> list[str]:
        with contextlib.closing(sqlite3.connect(path)) as database:
            return list(database.iterdump())

    script = copy.folder / "data" / "make.py"
    made = copy.folder / "made"
    made.mkdir()
    subprocess.run([sys.executable, str(script), str(made)], check=True)
    assert content(made / f"{name}.db") == content(EXAMPLE / "data" / f"{name}.db")


def test_no_output_shows_a_secret(copy: Project) -> None:
    secrets = [
        value.strip('"\\n')
        for name, value in settings(".env.production").items()
        if "KEY" in name or "SECRET" in name
    ]
    assert len(secrets) == 7
    for format_ in ("text", "json", "sarif", "junit", "github", "github-summary"):
        said = copy.run("check", "production", "--verbose", "--format", format_).said
        assert [secret for secret in secrets if secret[-24:] in said] == []
        assert "eyJ" not in said


def test_its_documents_tell_what_its_spec_says(copy: Project) -> None:
    done = copy.run("docs", "--check")
    assert done.code == 0, f"run `make docs`\n{done.said}"
    assert "up to date" in done.out
    example = copy.folder / ".env.example"
    assert example.rename(copy.folder / ".env.development")
    missing = json.loads(copy.run("check", "development", "--format", "json").out)
    assert ("MPESA_KMS_KEY", "variable-empty") in {
        (f["subject"], f["rule"]) for f in missing["findings"]
    }


def test_node_reads_no_byte_of_the_damaged_key(copy: Project) -> None:
    node = shutil.which("node")
    peers = os.environ.get("ASSAY_PEERS", "")
    if not node or not (Path(peers) / "node_modules" / "@next" / "env").is_dir():
        if os.environ.get("CI"):
            pytest.fail("a peer is missing: run `make peers`")
        pytest.skip("run `make peers`, and set ASSAY_PEERS=.peers")
    script = (
        f"const env = require({json.dumps(peers)} + '/node_modules/@next/env');"
        "env.loadEnvConfig('.', false, {info() {}, error() {}});"
        "const key = process.env.MPESA_KMS_KEY;"
        "console.log(JSON.stringify([key[0], key.slice(-2), Buffer.from(key, 'hex').length]))"
    )
    done = subprocess.run(
        [node, "-e", script], cwd=copy.folder, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == ['"', '"\n', 0]


@pytest.mark.parametrize("path", sorted((ROOT / "specs").glob("*.yaml")), ids=lambda p: p.stem)
def test_the_specs_of_the_library_are_valid_and_tell_how_to_obtain_secrets(path: Path) -> None:
    assert assay.lint(str(path)).findings == ()
    for entry in assay.load(str(path)).variables.values():
        declared = entry.declared
        assert declared.variable.description.endswith(".")
        assert declared.variable.group
        assert not declared.secret or declared.variable.obtain
        if declared.example:
            assert not list(declared.format.violations(declared.example))


def test_the_demo_ends_well_and_says_what_to_look_at() -> None:
    done = subprocess.run(
        ["bash", str(ROOT / ".ci" / "demo")], capture_output=True, text=True, check=False
    )
    if not (ROOT / ".venv" / "bin" / "assay").exists():
        pytest.skip("`make setup` makes .venv, which the demo runs")
    assert (done.returncode, done.stderr) == (0, "")
    for told in (
        *("6 errors", "check value 5013d5b82058", "parity: ", "8 documents up to date"),
        *("needs it without the newline", "stored as a JSON Buffer; the ciphertext is intact"),
        *(
            'the text "undefined" hashed with SHA-256 instead of a key',
            "rows of tenant 10: encrypted",
        ),
    ):
        assert told in " ".join(done.stdout.split()), told
    assert done.stdout.rstrip().endswith("a spec by hand in five minutes")
    assert len(done.stdout.splitlines()) < 280
    assert max(map(len, done.stdout.splitlines())) <= 100
    assert "</html>" in (EXAMPLE / "report.html").read_text(encoding="utf-8")


def test_credentials_are_reported_in_the_order_of_the_spec(copy: Project) -> None:
    said = copy.run("credentials", "check").out
    headings = [line.split(":")[0] for line in said.splitlines() if line.startswith("mpesa in ")]
    assert headings == ["mpesa in development", "mpesa in production", "mpesa in day-two"]
