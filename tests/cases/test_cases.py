"""Golden cases: a folder with a project, and `expected.txt` with what assay says of it.

A case holds `spec.yaml` or `specs/`, the .env files, and where it needs a database `NAME.sql`, of
which the SQLite file `NAME.db` is made. Where that matters `commands.txt` has one command a line;
the default is `lint` where the topic is `spec`, else `check`. What comes out is compared with
`expected.txt`; `ASSAY_UPDATE_CASES=1 pytest tests/cases` writes it anew. Read the diff.
"""

from __future__ import annotations

import os
import shlex
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assay.kinds import KINDS
from assay.spec.rulebook import all_rules

if TYPE_CHECKING:
    from tests.project import Project

CASES = Path(__file__).parent
FOLDERS = sorted(file.parent for file in CASES.glob("*/*/expected.txt"))
PREFIXES = ("parity-", "rule-", "source-", "spec-", "variable-")
OWN = frozenset(
    rule.code
    for name in ("credentials", "databases", "keys", "tables")
    for rule in KINDS[name].rules
)
ELSEWHERE = frozenset(
    (
        *("credential-bytes-added", "credential-expired", "credential-key-unusable"),
        *("credential-library-missing", "credential-malformed", "credential-wrong-envelope"),
        *("credential-remote", "credential-unexplained"),
        *("database-connection-refused", "database-denied", "database-driver-missing"),
        *("database-extension-missing", "database-failed", "database-gateway"),
        *("database-wrong-project", "database-key-rejected", "database-name-not-resolved"),
        "database-network-unreachable",
        *("database-not-found", "database-overloaded", "database-page-repeated", "database-paused"),
        *("database-rate-limited", "database-schema-not-exposed", "database-table-not-found"),
        "database-superuser",
        *("database-timed-out", "database-tls-failed", "database-connection-lost"),
        *("database-wrong-password", "database-wrong-role", "parity-rights-differ"),
        *("spec-plugin-clash", "spec-plugin-failed", "spec-plugin-missing"),
        *("table-grant-excess", "table-grant-undeclared", "table-policy-undeclared"),
        *("table-grant-missing", "table-policy-differs", "table-policy-missing"),
        *("table-privilege-missing", "table-role-missing", "table-row-security-off"),
        *("table-row-security-on",),
    )
)
"""Rules that a SQLite file can't break, and causes that take other producers; tests/kinds,
tests/crypto and tests/plugin show them."""


def said(folder: Path, project: Project) -> str:
    """The commands of a case with what they print and how they end."""
    shutil.copytree(folder, project.folder, dirs_exist_ok=True)
    for script in project.folder.glob("*.sql"):
        project.database(f"{script.stem}.db", script.read_text(encoding="utf-8"))
    commands = folder / "commands.txt"
    default = "lint" if folder.parent.name == "spec" else "check"
    lines = commands.read_text().splitlines() if commands.exists() else [default]
    parts = []
    for line in lines:
        words = shlex.split(line)
        if (folder / "spec.yaml").exists() and words[0] in ("check", "hook", "lint"):
            words[1:1] = ["--spec", "spec.yaml"]
        ran = project.run(*words)
        parts.append(f"$ assay {line}\n{ran.said}[exit code {ran.code}]\n")
    return "\n".join(parts)


def folders() -> list[Path]:
    if os.environ.get("ASSAY_UPDATE_CASES"):
        return sorted(folder for folder in CASES.glob("*/*") if folder.is_dir())
    return FOLDERS


@pytest.mark.parametrize("folder", folders(), ids=lambda f: f"{f.parent.name}/{f.name}")
def test_a_case_comes_out_as_expected(folder, project):
    text = said(folder, project)
    expected = folder / "expected.txt"
    if os.environ.get("ASSAY_UPDATE_CASES"):
        expected.write_text(text, encoding="utf-8")
    assert text == expected.read_text(encoding="utf-8")


def test_every_rule_of_the_core_has_a_case():
    shown = "\n".join(file.read_text(encoding="utf-8") for file in CASES.glob("*/*/expected.txt"))
    codes = [code for code in all_rules() if code.startswith(PREFIXES) or code in OWN]
    missing = {code for code in codes if f"[{code}]: " not in shown}
    assert sorted(missing - ELSEWHERE) == []


def test_every_folder_is_a_case():
    inside = [f for f in CASES.glob("*/*") if f.is_dir() and f.name != "__pycache__"]
    assert sorted(inside) == FOLDERS
