"""Texts that make careless readers slow, of any size."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

DIALECTS = ("node", "node20", "next", "python", "ruby", "compose", "docker", "shell")

TEXTS: dict[str, Callable[[int], str]] = {
    "a long line": lambda size: f"A={'x' * size}\n",
    "a long line in quotes": lambda size: f'A="{"x" * size}"\n',
    "unclosed double quotes": lambda size: 'A="x\n' * (size // 5),
    "unclosed single quotes": lambda size: "A='x\n" * (size // 5),
    "unclosed back ticks": lambda size: "A=`x\n" * (size // 5),
    "quotes on one line": lambda size: "A=" + '"' * size + "x\n",
    "backslashes": lambda size: 'A="' + "\\" * size + "\n",
    "open braces": lambda size: "A=" + "${B:-" * (size // 5) + "\n",
    "dollars": lambda size: f"A={'$' * size}\n",
    "blanks": lambda size: f"A={' ' * (size // 2)}x {' ' * (size // 2)}\n",
    "short lines": lambda size: "".join(f"A{number}=x\n" for number in range(size // 8)),
    "one name again": lambda size: "A=x\n" * (size // 4),
    "carriage returns": lambda size: "A=x" + "\r" * size + "\n",
}
"""By name; each gives a text of about as many characters as it is told."""

PATTERN = "(a+)+$"
"""Takes engines that backtrack exponential time on a text of `a` and `!`, which does not match."""
