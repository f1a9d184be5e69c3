"""What is wrong with the syntax of a condition, for people who expect other operators."""

from __future__ import annotations

import re
from typing import NamedTuple


class Wrong(NamedTuple):
    """A mistake in a condition's syntax."""

    offset: int
    length: int
    reason: str
    step: str = "Write a CEL expression, such as `PORT > 1024 && NAME == 'text'`."


QUOTED = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*\"""", re.DOTALL)
_FOREIGN = re.compile(
    r"===|!==|<>|(?<![=!<>])=(?!=)|(?<!&)&(?!&)|(?<!\|)\|(?!\|)|\?\?|\b(?:and|or|not|xor)\b",
    re.IGNORECASE,
)
_INSTEAD = {
    "=": "`==` to compare",
    "===": "`==`",
    "!==": "`!=`",
    "<>": "`!=`",
    "xor": "`!=`",
    "??": "`default` in the variable's declaration",
    "&": "`&&`",
    "|": "`||`",
    "and": "`&&`",
    "or": "`||`",
    "not": "`!`",
}
"""Operators of other languages, and what CEL has instead."""


def explained(text: str, offset: int, said: str) -> Wrong:
    """The mistake that CEL met at an offset of a condition, `said` being its message."""
    bare = QUOTED.sub(lambda quoted: " " * len(quoted[0]), text)
    foreign = _FOREIGN.search(bare)
    if foreign is not None and foreign.start() <= offset:
        operator = foreign[0]
        instead = _INSTEAD[operator.lower()]
        step = f"Write {instead.partition(' ')[0]} instead of `{operator}`."
        if operator == "??":
            step = "Declare a `default` for the variable, and compare the variable alone."
        reason = f"unexpected `{operator}`: use {instead}"
        return Wrong(foreign.start(), len(operator), reason, step)
    if bare[offset : offset + 1] in ("'", '"'):
        return Wrong(offset, 1, "a quote is never closed", "Close the quote.")
    missing = re.search(r"missing '(.)' at", said)
    last = max(len(text) - 1, 0)
    if missing is not None:
        reason = f"`{missing[1]}` is missing here"
        return Wrong(min(offset, last), 1, reason, f"Add `{missing[1]}`.")
    unexpected = re.compile(r"\s*(\w+|\S)").match(bare, offset)
    if "<EOF>' expecting" in said or unexpected is None:
        return Wrong(min(offset, last), 1, "it is incomplete: something is missing at the end")
    start, end = unexpected.span(1)
    return Wrong(start, end - start, f"unexpected `{unexpected[1]}`")
