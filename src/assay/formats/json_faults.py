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
        end = error.pos >= len(text.rstrip())
        place = f"line {error.lineno}, column {error.colno}"
        return case, "its end" if end or case.startswith("followed") else place
    except RecursionError:
        pass
    return "", "a number or a word that JSON does not have"


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
