"""Linting and documenting a large spec: seconds, and beside plain Jinja over the same YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.corpus import project, variables
from bench.measure import Command, in_turns
from bench.table import Row, at_most

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.measure import Timing
    from bench.setting import Setting

COUNT = 1000
PATHS = {
    ".env.example": "env-example",
    "environment.md": "environment-reference",
    "environment.schema.json": "json-schema",
    "runbook.md": "runbook",
    "settings.py": "python",
    "setup.md": "setup-guide",
    "troubleshooting.md": "troubleshooting",
    "env.d.ts": "typescript",
}
PLAIN = """\
import jinja2, yaml

with open("specs/shop.yaml", encoding="utf-8") as file:
    spec = yaml.load(file, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
text = '''{% for name, variable in variables.items() %}
### {{ name }}

{{ variable.description }}

{% for field, value in variable.items() %}- {{ field }}: {{ value }}
{% endfor %}{% endfor %}'''
made = jinja2.Environment().from_string(text).render(variables=spec["variables"])
with open("plain.md", "w", encoding="utf-8") as file:
    file.write(made)
"""
"""A reference without a spec language: nothing is validated, merged or escaped."""


def rows(setting: Setting) -> Iterator[Row]:
    """Lint, all documents, one document, and plain Jinja."""
    folder = project(setting.scratch / "documents", variables(COUNT))
    with (folder / "specs" / "shop.yaml").open("a") as spec:
        spec.write("documents:\n")
        spec.writelines(f"  {path}: {kind}\n" for path, kind in PATHS.items())
    commands = {
        "lint": (setting.assay, "lint"),
        "all": (setting.assay, "docs", "--stdout"),
        "one": (setting.assay, "docs", "--stdout", "environment.md"),
        "plain": (setting.python, "-c", PLAIN),
    }
    timings = in_turns(
        [Command(name, command, folder, setting.environ) for name, command in commands.items()],
        max(3, setting.runs // 3),
    )
    yield _seconds(f"`assay lint` of {COUNT:,} variables", timings["lint"], 1)
    yield _seconds(
        f"`assay docs`, {len(PATHS)} documents of {COUNT:,} variables", timings["all"], 3
    )
    yield at_most("its reference beside one by plain Jinja", timings["one"], timings["plain"])


def _seconds(what: str, timing: Timing, limit: float) -> Row:
    cpu, wall = timing.cpu, timing.wall
    return Row(what, f"{cpu:.2f} s", f"{wall:.2f} s", f"≤ {limit} s", max(cpu, wall) <= limit)
