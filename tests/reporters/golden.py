"""Golden cases: a folder with `report.yaml` and an `expected.*` for each format that it names.

`ASSAY_UPDATE_CASES=1 pytest tests/reporters` writes the expected files anew; read the diff.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import yaml

from assay.model import Finding, Report, Rule
from assay.reporters.base import Context, Quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.model import Location

CASES = Path(__file__).parent / "cases"
ENDINGS = {
    "github": "github.txt",
    "github-summary": "md",
    "gitlab": "gitlab.json",
    "html": "html",
    "json": "json",
    "junit": "xml",
    "markdown": "markdown.md",
    "sarif": "sarif",
    "short": "short.txt",
    "tap": "tap",
    "text": "txt",
}


class Case(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One `report.yaml`."""

    formats: tuple[str, ...] = ("text",)
    project: str = "billing"
    environments: tuple[str, ...] = ("production",)
    context: dict[str, Any] = {}
    rules: list[Rule] = []
    files: dict[str, dict[int, str]] = {}
    findings: list[Finding] = []
    repeat: int = 1
    passed: dict[str, int] = {}

    @property
    def report(self) -> Report:
        """The findings, `repeat` times over, and as many passes as the case asks for."""
        many = [
            msgspec.structs.replace(f, subject=f.subject + (f"_{n}" if n else ""))
            for n in range(self.repeat)
            for f in self.findings
        ]
        passes = [
            msgspec.convert(
                {"outcome": "pass", "kind": "variable", "subject": f"V{n}", "environment": name},
                Finding,
            )
            for name, count in self.passed.items()
            for n in range(count)
        ]
        return Report.of(many + passes, project=self.project, environments=self.environments)

    @property
    def settings(self) -> Context:
        """The context: what the case asks for, its rules and its files."""
        defaults: dict[str, Any] = {
            "version": "0.1.0",
            "rules": self._rules,
            "excerpt": self._excerpt,
        }
        context = Context(**defaults)
        for name, value in self.context.items():
            kind = type(getattr(context, name))
            context = msgspec.structs.replace(context, **{name: kind(value)})
        return context

    def _rules(self) -> Mapping[str, Rule]:
        return {rule.code: rule for rule in self.rules}

    def _excerpt(self, location: Location) -> Quoted | None:
        line = self.files.get(location.file, {}).get(location.line or 0)
        return None if line is None else Quoted(line, location)


def load(folder: Path) -> Case:
    """The case in `folder`."""
    raw = yaml.safe_load((folder / "report.yaml").read_text(encoding="utf-8"))
    return msgspec.convert(raw, Case)
