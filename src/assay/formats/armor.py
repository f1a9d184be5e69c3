"""PEM armour (RFC 7468): how it is stored in variables, and how it breaks there."""

from __future__ import annotations

import base64
from typing import Literal

from assay.formats.decoding import decode_base64
from assay.model import Rule, Violation

PEM_MALFORMED = Rule(
    code="pem-malformed",
    message="{name} is not PEM: expected matching -----BEGIN and -----END lines",
    remedy="Paste the complete file into {name}, from its BEGIN line to its END line.",
    why="The TLS or JWT library can't read the key and fails, usually at the first request.",
)
PEM_TRUNCATED = Rule(
    code="pem-truncated",
    message="{name} has a BEGIN line but no END line: only the beginning was stored",
    remedy="Paste the complete block into {name} in quotes, or store it as base64: `base64 -w0 "
    "FILE`.",
    why="Many .env loaders read only the first line, and no library can use that alone.",
)
PEM_NEWLINES = Rule(
    code="pem-newlines",
    message="{name} contains the two characters \\n instead of newlines",
    messages={"base64": "{name} is base64 of PEM with the two characters \\n instead of newlines"},
    remedy="Store {name} with real newlines, or declare `stored-as: escaped` if the application "
    "converts them.",
    remedies={
        "base64": "Write the key to a file with real newlines (`jq -r .private_key` of a service "
        "account's JSON), and set {name} to what `base64 -w0 FILE` prints (macOS: `base64 -i`)."
    },
    why="The library looks for separate lines and finds a single one, which is not PEM.",
)
PEM_ONE_LINE = Rule(
    code="pem-one-line",
    message="{name} is PEM on a single line: expected each BEGIN and END on its own line",
    remedy="Copy {name} from the file again, and keep its newlines.",
    why="A form field or an unquoted shell variable turned the newlines into spaces, and no "
    "library finds the BEGIN line.",
)
PEM_INDENTED = Rule(
    code="pem-indented",
    message="{name} has spaces before its BEGIN or END line",
    remedy="Remove the indentation from the lines of {name}.",
    why="OpenSSL, and therefore Node, recognises BEGIN and END only at the start of a line.",
)
PEM_BODY = Rule(
    code="pem-body",
    message="{name} has a damaged body: the text between BEGIN and END is not base64",
    remedy="Copy the full contents of the file into {name} again.",
    why="A character was lost, added or changed, so no library can decode the key.",
)
PEM_STORAGE = Rule(
    code="pem-storage",
    message="{name} is stored as {found}: expected {expected}",
    remedy="Store {name} as {expected}, or change `stored-as` if the application expects {found}.",
    why="The application unwraps the value in a different way, so it doesn't get PEM.",
)
PEM_RULES = (
    *(PEM_MALFORMED, PEM_TRUNCATED, PEM_NEWLINES, PEM_ONE_LINE, PEM_INDENTED),
    *(PEM_BODY, PEM_STORAGE),
)

StoredAs = Literal["pem", "base64", "escaped"]
WORDS: dict[StoredAs, str] = {
    "pem": "PEM with newlines",
    "base64": "base64 of the PEM file",
    "escaped": "PEM with \\n instead of newlines",
}
_BEGIN, _END, _DASHES = "-----BEGIN ", "-----END ", "-----"
LIMIT = 65536
"""Characters; keys and chains of certificates are shorter, and parsers slow on longer ones."""


def armored(value: str, stored_as: StoredAs) -> tuple[str, list[str]] | Violation:
    """The PEM text of a value and its blocks' labels, or how it is broken."""
    stored = _wrapping(value)
    if stored == "pem" != stored_as and "\n" not in value.strip():
        return (PEM_ONE_LINE if _END in value else PEM_TRUNCATED).violated()
    if stored == "escaped" and stored_as == "pem":
        return PEM_NEWLINES.violated()
    # who replaces \\n with newlines leaves real ones alone
    if stored not in (None, stored_as) and (stored, stored_as) != ("pem", "escaped"):
        return PEM_STORAGE.violated(found=WORDS[stored], expected=WORDS[stored_as])
    text = unwrapped(value)
    if stored == "base64" and _wrapping(text) == "escaped":
        return PEM_NEWLINES.violated(case="base64")
    found = labels(text)
    return found.violated() if isinstance(found, Rule) else (text, found)


def unwrapped(value: str) -> str:
    """The PEM text of a value, however it is stored."""
    match _wrapping(value):
        case "base64":
            return (decode_base64(value.strip()) or b"").decode(errors="replace")
        case "escaped":
            return value.replace("\\r", "").replace("\\n", "\n")
        case _:
            return value


def labels(text: str) -> list[str] | Rule:
    """The labels of a PEM text's blocks, or the rule that the text breaks."""
    if _BEGIN not in text or len(text) > LIMIT:
        return PEM_MALFORMED
    if _END not in text:
        return PEM_TRUNCATED
    if "\n" not in text.strip():
        return PEM_ONE_LINE
    return _parsed(text)


def _parsed(text: str) -> list[str] | Rule:
    found: list[str] = []
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
            if not _is_body(lines):
                return PEM_BODY
            found.append(label.removesuffix(_DASHES))
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


def _is_body(lines: list[str]) -> bool:
    # Encrypted OpenSSL keys have headers (RFC 1421), followed by an empty line.
    headed = "" in lines and any(":" in line for line in lines)
    try:
        return bool(
            base64.b64decode("".join(lines[lines.index("") if headed else 0 :]), validate=True)
        )
    except ValueError:
        return False
