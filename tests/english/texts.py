"""Everything that people read: strings, docstrings and comments of the code, pages, templates."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]


class Text(NamedTuple):
    """A text with its place."""

    path: str
    line: int
    text: str


def of_python(path: Path) -> Iterator[Text]:
    """Strings, docstrings and comments; consecutive comments are one text."""
    source = path.read_text(encoding="utf-8")
    name = path.relative_to(ROOT).as_posix()
    inside: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            inside.update(id(part) for part in ast.walk(node) if part is not node)
            words = "".join(
                str(part.value) if isinstance(part, ast.Constant) else "X" for part in node.values
            )
            if id(node) not in inside:
                yield Text(name, node.lineno, _flat(words))
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in inside
            and " " in node.value
        ):
            yield Text(name, node.lineno, _flat(node.value))
    yield from _comments(source, name)


def _comments(source: str, name: str) -> Iterator[Text]:
    begun, last = 0, 0
    lines: list[str] = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT:
            continue
        row = token.start[0]
        if lines and row != last + 1:
            yield Text(name, begun, " ".join(lines))
            lines = []
        if not lines:
            begun = row
        lines.append(token.string.lstrip("#: "))
        last = row
    if lines:
        yield Text(name, begun, " ".join(lines))


def of_prose(path: Path) -> Iterator[Text]:
    """The paragraphs of a page, a template or a YAML file, and each line of a table or a list."""
    text = path.read_text(encoding="utf-8")
    if path.name == "CHANGELOG.md":  # what was released stays as it was
        text = text[: text.index("\n## [", text.index("## [Unreleased]") + 5)] if (
            text.count("\n## [") > 1
        ) else text  # fmt: skip
    name = path.relative_to(ROOT).as_posix()
    begun = 0
    lines: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        bare = re.sub(r"^[\s#>*|-]+", "", line)
        if lines and (not bare or re.match(r"\s*(?:[-*|]|\d+\.|#|[\w-]+:) ?", line)):
            yield Text(name, begun, _flat(" ".join(lines)))
            lines = []
        if bare:
            begun = begun if lines else number
            lines.append(bare)
    if lines:
        yield Text(name, begun, _flat(" ".join(lines)))


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def every() -> Iterator[Text]:
    """All texts of the repository that this project writes by hand, generated pages included."""
    for folder in ("src", "docs"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield from of_python(path)
    for path in sorted(
        (
            *ROOT.glob("*.md"),
            *ROOT.glob("docs/**/*.md"),
            *ROOT.glob("docs/templates/*"),
            *ROOT.glob("examples/*/README.md"),
            *ROOT.glob("specs/**/*.yaml"),
            *(file for file in ROOT.glob("templates/**/*") if file.is_file()),
        )
    ):
        yield from of_prose(path)
