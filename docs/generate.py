"""Writes the pages and schemas that come from the code: `python docs/generate.py [--check]`.

A page is generated whole, or has a part between `<!-- generated: NAME -->` and `<!-- end -->`.
`--check` writes nothing, names what is stale, and fails where there is something.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from assay.cli.schema import schema_text

sys.path.insert(0, str(Path(__file__).parents[1]))
from docs import pages, picture

if TYPE_CHECKING:
    from collections.abc import Callable

DOCS = Path(__file__).parent
MAKERS: dict[str, Callable[[], str]] = {
    "assay.schema.json": lambda: schema_text("spec"),
    "commands.md": pages.commands,
    "demo.svg": picture.demo,
    "formats.md": pages.formats,
    "language.md": lambda: filled((DOCS / "language.md").read_text(encoding="utf-8")),
    "report.schema.json": lambda: schema_text("report"),
    "rules.md": pages.rules,
}
"""File below `docs` to what makes its text, in alphabetical order."""


def filled(page: str) -> str:
    """A page with its generated parts made anew."""
    for name, make in pages.PARTS.items():
        before, start, rest = page.partition(f"<!-- generated: {name} -->\n")
        _, end, after = rest.partition("<!-- end -->\n")
        if not start or not end:
            raise SystemExit(f"language.md lacks the marks of its generated part {name}")
        page = f"{before}{start}\n{make()}\n{end}{after}"
    return page


def stale() -> list[str]:
    """The generated files that are not what the code would make now."""
    return [
        name
        for name, make in MAKERS.items()
        if not (DOCS / name).exists() or (DOCS / name).read_text(encoding="utf-8") != make()
    ]


def main(argv: list[str]) -> int:
    """Write what is stale, or only name it."""
    found = stale()
    if "--check" in argv:
        for name in found:
            print(f"docs/{name} is stale: run `make docs`", file=sys.stderr)
        return 1 if found else 0
    for name in found:
        (DOCS / name).write_text(MAKERS[name](), encoding="utf-8")
        print(f"docs/{name} written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
