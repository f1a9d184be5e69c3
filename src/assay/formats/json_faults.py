"""Why a text isn't JSON, by what happened to it on its way into a variable."""

from __future__ import annotations

import json
import re

from assay.formats.decoding import decode_base64


def fault(text: str) -> tuple[str, str]:
    """The case of `json-malformed` that fits best, and the place where reading fails, in words."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        case = _case(text, error)
        if case != "cut" and error.pos >= len(text.rstrip()):
            return case, "its end"
        return case, _place(text, _unclosed(text) if case == "cut" else error.pos)
    except RecursionError:
        pass
    foreign = next((m.start(1) for m in _FOREIGN.finditer(text) if m[1]), None)
    at = "" if foreign is None else f" at {_place(text, foreign)}"
    return "", f"a number or a word that JSON does not have{at}"


def _place(text: str, position: int) -> str:
    line = text.count("\n", 0, position) + 1
    return f"line {line}, column {position - text.rfind(chr(10), 0, position)}"


_FOREIGN = re.compile(r'"(?:\\.|[^"\\])*"|(-?Infinity|NaN)')
"""A text, or a number that Python writes and JSON lacks."""
_PARTS = re.compile(r'"(?:\\.|[^"\\])*("|$)|[\[{}\]]', re.DOTALL)


def _unclosed(text: str) -> int:
    """Where the innermost text, list or object begins that a cut left open."""
    opened = [0]
    for part in _PARTS.finditer(text):
        if part[0] in "[{":
            opened.append(part.start())
        elif part[0] in "]}":
            opened.pop()
        elif not part[1]:
            return part.start()
    return opened[-1]


def json_array(text: str) -> bool:
    """Whether a text is an array in JSON, or as Python prints a list."""
    if not (text.startswith("[") and text.endswith("]")):
        return False
    return _is_json(text) or ("'" in text and _is_json(text.replace("'", '"')))


def _case(text: str, error: json.JSONDecodeError) -> str:
    start = text.strip()
    if start.startswith(("{", "[")):
        return _damaged(start, error)
    if start[:1] in _QUOTES and start[1:2] in ("{", "["):
        return "preceded"
    if (decode_base64(start) or b"")[:1] in (b"{", b"["):
        return "base64"
    if re.fullmatch(r"[\w.~/\\:-]+\.json", start):
        return "path"
    return "list" if "," in start and '"' not in start else ""


def _damaged(text: str, error: json.JSONDecodeError) -> str:
    """What happened to a text that begins as JSON does."""
    if '\\"' in text and _is_json(text.replace('\\"', '"')):
        return "escaped"
    if any(quote in text for quote in "\u201c\u201d\u2018\u2019"):
        return "curly"
    if error.msg.startswith("Extra data"):
        return "followed" if error.doc[error.pos :].strip(_QUOTES) else "followed-by-quote"
    if error.msg.startswith("Invalid control character"):
        return "newline"
    if re.search(r",\s*[}\]]", text) and _is_json(re.sub(r",(?=\s*[}\]])", "", text)):
        return "comma"
    if _is_json(re.sub(r"\b(?:True|False|None)\b", "null", text)):
        return "python"
    if error.pos >= len(text) or error.msg.startswith("Unterminated string"):
        return "cut"
    return "unquoted" if '"' not in text else ""


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


_QUOTES = "\"'`"
