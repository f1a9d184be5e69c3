"""Text as comments of programs and .env files, wrapped, with nothing in it that could end them."""

from __future__ import annotations

import json
import textwrap
from functools import partial
from typing import TYPE_CHECKING, Any

from assay.reporters.display import visible, wrap

if TYPE_CHECKING:
    from collections.abc import Callable

WIDTH = 80
_AT_SPACES: dict[str, Any] = {"break_long_words": False, "break_on_hyphens": False}


def hashed(text: str, width: int = WIDTH) -> str:
    """Lines of `# text`."""
    return "\n".join(f"# {part}".rstrip() for part in _lines(text, width - 2))


def starred(texts: list[str], indent: int = 0, width: int = WIDTH) -> str:
    """A comment of JavaScript's documentation, a paragraph for each text; `@` begins no tag."""
    space = " " * indent
    lines = [f"{space}/**"]
    for number, text in enumerate(texts):
        if number and text.startswith("@") != texts[number - 1].startswith("@"):
            lines.append(f"{space} *")
        parts = _lines(text.replace("*/", "*\\/"), width - indent - 3)
        lines += [f"{space} * {part}".rstrip() for part in parts]
    return "\n".join([*lines, f"{space} */"])


def untagged(text: str) -> str:
    """A text in which JSDoc finds no tag, wherever it is broken into lines."""
    return " ".join(f"\\{word}" if word.startswith("@") else word for word in text.split(" "))


def quoted(text: str) -> str:
    """A string literal as JavaScript, TypeScript, Python and JSON read it."""
    return json.dumps(text, ensure_ascii=not text.isprintable())


def _lines(text: str, width: int) -> list[str]:
    lines: list[str] = []
    for whole in wrap(text, width).split("\n"):
        # a command is kept whole where it fits into a line
        parts = [whole] if len(whole) <= width else textwrap.wrap(whole, width, **_AT_SPACES)
        lines += map(visible, parts or [""])
    return lines


FILTERS: dict[str, Callable[..., Any]] = {
    "hashed": hashed,
    "json": partial(json.dumps, indent=2, ensure_ascii=False),
    "quoted": quoted,
    "starred": starred,
}
"""What templates of programs and .env files use."""
