"""The .env file that a generator or a manual leaves in a new project passes with its import."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assay.dotenv import DIALECTS

STOCK = Path(__file__).parent / "stock"
HEAD = re.compile(r"# imports: (?P<imports>.+); dialect: (?P<dialect>.+)\n")


def _head(file: Path) -> tuple[str, str]:
    found = HEAD.match(file.read_text(encoding="utf-8"))
    assert found, "the first line says what to import and which loader reads the file"
    return found["imports"], found["dialect"]


FILES = [file for file in sorted(STOCK.glob("*.env")) if _head(file)[1] in DIALECTS]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_new_project_passes(project, file):
    imports, dialect = _head(file)
    names = ", ".join(f"'builtin:{name}'" for name in imports.split())
    project.spec(
        f"imports: [{names}]\nenvironments:\n  development:\n    values:\n"
        f"      - dotenv: {{path: .env, dialect: {dialect}}}\n"
    )
    project.write(".env", file.read_bytes())
    ran = project.run("check")
    assert (ran.code, "error" in ran.out, "warning" in ran.out) == (0, False, False), ran.out
