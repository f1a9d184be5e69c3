"""The names that JavaScript validates at once: schemas of Zod and t3-env, and envalid's `cleanEnv`.

Only files that mention the environment are searched, so a key in capitals is one of its names.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assay.discovery.reference import Need, Reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.discovery.lexing import Lexed

_ENTRY = re.compile(r"(?:^|[{,])\s*(?P<name>[A-Z][A-Z0-9_]*[A-Z0-9])\s*:\s*", re.MULTILINE)
_ZOD = re.compile(r"z\s*\.")
_ENVALID = re.compile(r"(?:str|bool|num|email|host|port|url|json)\(")
_ENVALID_TYPES = {"bool": "boolean", "num": "number"}
_SPARED = re.compile(r"\.\s*(?:optional|nullish|default|prefault|catch)\(|\bz\s*\.\s*undefined\(")
_DEFAULT = re.compile(
    r"""(?:\.\s*(?:default|prefault)\(|\bdefault:)\s*"""
    r"""(?:"([^"\\\n]*)"|'([^'\\\n]*)'|(-?\d+(?:\.\d+)?|true|false)\s*[,)}])"""
)
_FLAG = re.compile(
    r"""z\s*\.\s*enum\(\[\s*["'](?:true|false|0|1)["']\s*,\s*["'](?:true|false|0|1)["']"""
)
_STOPS = re.compile(r"\bthrow\b|\bprocess\.exit\(")
LONGEST = 4000
"""Characters of one entry; what is longer isn't one."""


def schema_references(code: Lexed) -> Iterator[Reference]:
    """Every name that a schema declares, and whether the program stops without it."""
    zod, envalid = "z." in code.text or "zod" in code.text, "cleanEnv(" in code.text
    if not (zod or envalid):
        return
    asks_only = "safeParse(" in code.text and not _STOPS.search(code.text)
    for entry in _ENTRY.finditer(code.text):
        if code.quoted[entry.start("name")]:
            continue
        told = _expression(code, entry.end())
        line = code.text.count("\n", 0, entry.start("name")) + 1
        if zod and (_ZOD.match(told) or re.search(r"[?:]\s*z\s*\.", told)):
            need, hint = _need(told), _zod_hint(told)
        elif envalid and _ENVALID.match(told):
            need, hint = _envalid_need(told), _ENVALID_TYPES.get(told.partition("(")[0], "")
        else:
            continue
        if asks_only and need is Need.DEMANDED:
            need = Need.UNKNOWN
        found = _DEFAULT.search(told) if need is Need.OPTIONAL else None
        default = next(filter(None, found.groups()), None) if found else None
        yield Reference(entry["name"], line, need, default, hint)


def _expression(code: Lexed, start: int) -> str:
    """What stands up to the comma or the brace that ends it."""
    depth = 0
    for at in range(start, min(len(code.text), start + LONGEST)):
        if code.quoted[at]:
            continue
        char = code.text[at]
        if char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        if depth < 0 or (char == "," and not depth):
            return code.text[start:at]
    return ""


def _need(told: str) -> Need:
    if _SPARED.search(told):
        return Need.OPTIONAL
    plain = _ZOD.match(told) and not re.match(r"z\s*\.\s*(?:preprocess|any|unknown)\(", told)
    return Need.DEMANDED if plain else Need.UNKNOWN


def _zod_hint(told: str) -> str:
    if re.match(r"z\s*\.\s*coerce\s*\.\s*number\(", told):
        return "integer" if re.search(r"\.\s*int\(", told) else "number"
    return "boolean" if _FLAG.match(told) else ""


def _envalid_need(told: str) -> Need:
    if re.search(r"\bdefault:", told):
        return Need.OPTIONAL
    return Need.UNKNOWN if "devDefault" in told else Need.DEMANDED
