"""PEM armour (RFC 7468): how it is stored in variables, and how it breaks there."""

from __future__ import annotations

import base64
import binascii
from typing import Literal, NamedTuple

from assay.formats.decoding import decode_base64
from assay.model import Category, Rule, Violation
from assay.redacted import redacted

PEM_MALFORMED = Rule(
    code="pem-malformed",
    category=Category.FORMAT,
    message="{name} is not PEM: expected matching -----BEGIN and -----END lines",
    remedy="Paste the whole file into {name}, from its BEGIN line to its END line.",
    why="The TLS or JWT library can't read the key, mostly at the first request.",
)
PEM_TRUNCATED = Rule(
    code="pem-truncated",
    category=Category.FORMAT,
    message="{name} has a BEGIN line without its END line: only its beginning was stored",
    remedy="Paste the whole block into {name} in quotes, or store it as base64: `base64 -w0 FILE`.",
    why="Many loaders of .env files read one line only; no library can read the rest.",
)
PEM_NEWLINES = Rule(
    code="pem-newlines",
    category=Category.FORMAT,
    message="{name} holds a backslash and an n in place of its line ends",
    remedy="Store {name} with real line ends, or declare `stored-as: escaped` where the"
    " application replaces them.",
    why="The library looks for lines and finds a single one that is not PEM.",
)
PEM_ONE_LINE = Rule(
    code="pem-one-line",
    category=Category.FORMAT,
    message="{name} is PEM without line ends: expected each BEGIN and END on a line of its own",
    remedy="Copy {name} again from the file, with its line ends.",
    why="A form field or an unquoted shell variable turned line ends into spaces.",
)
PEM_INDENTED = Rule(
    code="pem-indented",
    category=Category.FORMAT,
    message="{name} has blanks before its BEGIN or END line",
    remedy="Take the indentation off the lines of {name}.",
    why="OpenSSL, and with it Node, finds these lines only where they begin a line.",
)
PEM_BODY = Rule(
    code="pem-body",
    category=Category.FORMAT,
    message="{name} has a damaged body: the text between BEGIN and END is not base64",
    remedy="Copy {name} again from the file, whole.",
    why="A character was lost, added or changed; no library can read it.",
)
PEM_STORAGE = Rule(
    code="pem-storage",
    category=Category.FORMAT,
    message="{name} is stored as {found}: expected {expected}",
    remedy="Store {name} as {expected}; or say how it is stored with `stored-as`, where the "
    "application undoes that.",
    why="The application undoes another wrapping than the one that is there.",
)
PEM_RULES = (
    PEM_MALFORMED,
    PEM_TRUNCATED,
    PEM_NEWLINES,
    PEM_ONE_LINE,
    PEM_INDENTED,
    PEM_BODY,
    PEM_STORAGE,
)

StoredAs = Literal["pem", "base64", "escaped"]
WORDS: dict[StoredAs, str] = {
    "pem": "PEM with its line ends",
    "base64": "base64 of the PEM file",
    "escaped": "PEM with \\n for its line ends",
}
_BEGIN, _END, _DASHES = "-----BEGIN ", "-----END ", "-----"
LIMIT = 65536
"""Characters; keys and chains of certificates are shorter, and parsers slow on longer ones."""


@redacted("label")
class Block(NamedTuple):
    """One block of PEM: its label, its decoded body, whether it has headers (RFC 1421)."""

    label: str
    body: bytes
    headers: bool


def unwrap(value: str, stored_as: StoredAs) -> str | Violation:
    """The PEM text of a value, or how its wrapping is broken."""
    found = _wrapping(value)
    if found == "pem" and stored_as != "pem" and "\n" not in value.strip():
        return PEM_ONE_LINE.violated()
    if found == "escaped" and stored_as == "pem":
        return PEM_NEWLINES.violated()
    if found is not None and found != stored_as:
        return PEM_STORAGE.violated(found=WORDS[found], expected=WORDS[stored_as])
    return unwrapped(value)


def unwrapped(value: str) -> str:
    """The PEM text of a value, however it is stored."""
    match _wrapping(value):
        case "base64":
            return (decode_base64(value.strip()) or b"").decode(errors="replace")
        case "escaped":
            return value.replace("\\r", "").replace("\\n", "\n")
        case _:
            return value


def blocks(text: str) -> list[Block] | Rule:
    """The blocks of a PEM text in their order, or the rule that the text breaks."""
    if _BEGIN not in text or len(text) > LIMIT:
        return PEM_MALFORMED
    if _END not in text:
        return PEM_TRUNCATED
    if "\n" not in text.strip():
        return PEM_ONE_LINE
    return _parsed(text)


def _parsed(text: str) -> list[Block] | Rule:
    found: list[Block] = []
    label: str | None = None
    lines: list[str] = []
    for given in text.splitlines():
        line = given.strip()
        if line.startswith((_BEGIN, _END)) and not given.startswith(line[:1]):
            return PEM_INDENTED
        if line.startswith(_BEGIN):
            if label is not None:
                return PEM_TRUNCATED
            label, lines = line.removeprefix(_BEGIN), []
        elif line.startswith(_END):
            if label is None or label != line.removeprefix(_END) or not label.endswith(_DASHES):
                return PEM_MALFORMED
            block = _block(label.removesuffix(_DASHES), lines)
            if block is None:
                return PEM_BODY
            found.append(block)
            label = None
        else:
            lines.append(line)
    if label is not None:
        return PEM_TRUNCATED
    return found or PEM_MALFORMED


def armor(label: str, body: bytes) -> str:
    """A block of PEM."""
    text = base64.b64encode(body).decode()
    lines = [text[at : at + 64] for at in range(0, len(text), 64)]
    return "\n".join((f"{_BEGIN}{label}{_DASHES}", *lines, f"{_END}{label}{_DASHES}", ""))


def wrap(text: str, stored_as: StoredAs) -> str:
    """A PEM text as it is stored in a variable."""
    match stored_as:
        case "pem":
            return text
        case "base64":
            return base64.b64encode(text.encode()).decode()
        case "escaped":
            return text.replace("\n", "\\n")


def _wrapping(value: str) -> StoredAs | None:
    if _BEGIN in value:
        return "escaped" if "\\n" in value and "\n" not in value.strip() else "pem"
    decoded = decode_base64(value.strip()) if len(value) <= LIMIT * 2 else None
    return "base64" if decoded is not None and _BEGIN.encode() in decoded else None


def _block(label: str, lines: list[str]) -> Block | None:
    headers = [line for line in lines if ":" in line]
    # Encrypted OpenSSL keys have headers, and an empty line behind them.
    body = "".join(lines[lines.index("") :] if headers and "" in lines else lines)
    try:
        decoded = base64.b64decode(body.encode(), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return None
    return Block(label, decoded, bool(headers)) if decoded else None
