"""Slips in conditions that CEL refused: what other languages write, and what CEL has instead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assay.spec.syntax_errors import QUOTED, Wrong

if TYPE_CHECKING:
    from collections.abc import Callable

_FUNCTIONS = {
    "isSet": "isset is_set isdefined is_defined defined exists present ispresent notempty "
    "isnotempty hasvalue nonempty",
    "size": "len length count strlen",
    "startsWith": "startswith starts_with hasprefix begins",
    "endsWith": "endswith ends_with hassuffix",
    "contains": "includes include has_substring",
    "matches": "match test regex regexmatch re_match",
    "lowerAscii": "tolowercase lower tolower downcase lowercase",
    "upperAscii": "touppercase upper toupper upcase uppercase",
    "int": "parseint integer toint number",
    "environment": "env stage environment_name environmentname node_env app_env",
}
_OWN = {word: own for own, words in _FUNCTIONS.items() for word in words.split()}


def own_word(name: str, following: str) -> str | None:
    """The function, or the word `environment`, that an unknown name stands for."""
    own = _OWN.get(name.lower()) or ("environment" if name.lower() == "environment" else None)
    return own if own and (own == "environment") != following.lstrip().startswith("(") else None


def _named(found: re.Match[str]) -> tuple[str, str]:
    name = next(group for group in found.groups() if group)
    reason = f"a condition has the names of variables alone, not `{found[0]}`"
    return reason, f"Write `{name}` instead of `{found[0]}`."


def _present(found: re.Match[str]) -> tuple[str, str]:
    name, words = found[1], found[2].lower().split()
    negative = words[-1] in ("set", "defined", "present", "given")
    negated = ("not" in words or "!=" in words) == negative
    own = f"{'!' if negated else ''}isSet('{name}')"
    return f"use `isSet` to ask whether {name} is set", f"Write `{own}` instead of `{found[0]}`."


def _quoted(found: re.Match[str]) -> tuple[str, str]:
    reason = f"`isSet` takes a name in quotes, not `{found[1]}`"
    return reason, f"Write `isSet('{found[1]}')`."


def _size(found: re.Match[str]) -> tuple[str, str]:
    return "text has no fields", f"Write `size({found[1]})` instead of `{found[0]}`."


def _said(reason: str, step: str) -> Callable[[re.Match[str]], tuple[str, str]]:
    return lambda found: (reason.format(found[0]), step.format(found[0]))


def _own_loop(word: str) -> str:
    return "all" if word == "every" else "exists"


_NAME = r"([A-Za-z_]\w*)"
_SLIPS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[str, str]]], ...] = tuple(
    (re.compile(pattern), told)
    for pattern, told in (
        (
            (
                rf"\$\{{{_NAME}[^}}]*\}}|\$\{{\{{\s*(?:env|vars|secrets)\.{_NAME}\s*\}}\}}"
                rf"|\{{\{{\s*\.?(?:\w+\.)?{_NAME}\s*\}}\}}|\${_NAME}|%{_NAME}%"
                rf"|(?:process\.env|import\.meta\.env|\benv|\bvars|\bsecrets)\.{_NAME}"
                rf"|(?:process\.env|os\.environ|ENV)\[['\"]{_NAME}['\"]\]"
                rf"|os\.(?:getenv|environ\.get)\(['\"]{_NAME}['\"]\)"
            ),
            _named,
        ),
        (rf"{_NAME}\s+(is\s+(?:not\s+)?(?:set|defined|present|given|null|none|empty))\b", _present),
        (rf"{_NAME}\s*((?:==|!=)=?\s*(?:null|nil|None|undefined))\b", _present),
        (rf"\b(?:isSet|isset|is_set|has|defined|exists)\(\s*{_NAME}\s*\)", _quoted),
        (rf"{_NAME}\.(?:length|len|size)\b(?!\s*\()", _size),
        (
            r"\b(?:True|TRUE|False|FALSE)\b",
            lambda found: (
                f"`{found[0]}` is unknown: use `{found[0].lower()}`",
                f"Write `{found[0].lower()}` instead of `{found[0]}`.",
            ),
        ),
        (
            r"(?<=\.)(?:some|any|find|every)(?=\()",
            lambda found: (
                f"{found[0]} is unknown: did you mean {_own_loop(found[0])}?",
                f"Write `{_own_loop(found[0])}(item, item == 'a')` instead of `{found[0]}(...)`.",
            ),
        ),
        (r"=~|!~|~=?", _said("unexpected `{}`: use `matches`", "Write `NAME.matches('...')`.")),
        (
            r"\bnot\s+in\b",
            _said("unexpected `{}`", "Write `!(NAME in ['a', 'b'])` instead of `NAME not in ...`."),
        ),
        (
            r"\bin\s*\([^()]*,[^()]*\)",
            _said("a list has brackets", "Write the list in brackets: `in ['a', 'b']`."),
        ),
        (
            r"\bin\s+(?:'[^']*'|\"[^\"]*\")",
            _said(
                "`in` looks into a list, not a text",
                "Write `==` instead of `in`, or a list: `in ['a', 'b']`.",
            ),
        ),
        (
            r"^\s*(?:if|when|unless)\b|\bthen\b",
            _said("unexpected `{}`", "Write the condition alone, without `{}`."),
        ),
        (
            "[\u2018\u2019\u201c\u201d]",
            _said("`{}` is a typographic quote", "Write straight quotes: `'text'`."),
        ),
    )
)


def slip(text: str) -> Wrong | None:
    """The first slip in a condition; only for one that CEL refused."""
    for pattern, told in _SLIPS:
        for found in pattern.finditer(text):
            if not _within_quotes(text, found.start()):
                reason, step = told(found)
                return Wrong(found.start(), len(found[0]), reason, step)
    return None


def _within_quotes(text: str, offset: int) -> bool:
    return any(q.start() < offset < q.end() for q in QUOTED.finditer(text))
