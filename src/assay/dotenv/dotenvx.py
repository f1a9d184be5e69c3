"""The dialect `dotenvx`: dotenvx 2, `parse` of its package `@dotenvx/primitives` 3.

It reads lines as npm dotenv does, and each name in turn: a reference sees the process and what
stands above. Single quotes protect a `$`. A command is run there, never here; an `encrypted:`
value stays as it is, as without its key.
"""

from __future__ import annotations

from assay.dotenv import node
from assay.dotenv.expand import COPIED, ENDLESS, OPERATOR, REFERENCE, STEP
from assay.dotenv.scanning import unescaped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from assay.dotenv.document import DotenvEntry
    from assay.dotenv.reading import TextReading

ENCRYPTED = "encrypted:"


def read(reading: TextReading) -> None:
    """Read a text; process variables keep their values, and references see them first."""
    node.read(reading)
    environ = reading.environ
    running: dict[str, str] = {}
    literals: dict[str, str] = {}
    for entry in reading.entries:
        key, first = entry.key, entry.raw[:1]
        value = _special(entry.value or "", first)
        if key in environ:
            value = environ[key]
        literal = first == "'"
        if not literal and not value.startswith(ENCRYPTED):
            entry.executes = key not in environ and _has_command(value)
            if not environ.get(key) and not entry.executes:
                value = _expanded(value, entry, running, literals, reading).replace("\\$", "$")
        if literal:
            literals[key] = value
        entry.value = running[key] = reading.values[key] = value


def _special(value: str, quote: str) -> str:
    """What npm dotenv leaves escaped in quotes."""
    if quote == "'":
        return value.replace("\\'", "'")
    return value.replace("\\t", "\t") if quote == '"' else value


def _expanded(
    value: str,
    entry: DotenvEntry,
    running: dict[str, str],
    literals: dict[str, str],
    reading: TextReading,
) -> str:
    known = {**running, **reading.environ} if "$" in value else {}
    found: list[tuple[str, str]] = []
    left = COPIED
    while (match := REFERENCE.search(value)) is not None:
        left -= len(value) + STEP
        if left < 0:
            raise entry.refusal(*ENDLESS)
        key, made = _referred(match[1] or match[2], known)
        found.append((match[0], key))
        at = value.find(match[0])
        before, after = value[:at], value[at + len(match[0]) :]
        patterns = {"$": "$", "&": match[0], "`": before, "'": after}
        value = f"{before}{reading.spend(unescaped(made, '$', patterns), entry)}{after}"
        if value == known.get(key) or REFERENCE.search(literals.get(key, "").replace("\\", "")):
            break
    entry.expands = tuple([construct for construct, _ in found])
    entry.references = tuple([name for _, name in found])
    return value


def _referred(expression: str, known: dict[str, str]) -> tuple[str, str]:
    """The name that is looked up, and what stands for the reference."""
    operator = OPERATOR.search(expression)
    if operator is None:
        key = expression.partition("null")[0]  # JavaScript splits at the word for null
        return key, known.get(key, "")
    key, _, other = expression.partition(operator[0])
    value = known.get(key, "")
    there = bool(value) if operator[0].startswith(":") else key in known
    if operator[0].endswith("+"):
        return key, other if there else ""
    return key, value if there else other


def _has_command(value: str) -> bool:
    """Whether a `$(` is closed, with regard to quotes and to parentheses within."""
    at = value.find("$(")
    while at != -1:
        if _is_closed(value, at + 2):
            return True
        at = value.find("$(", at + 2)
    return False


def _is_closed(value: str, at: int) -> bool:  # noqa: C901 - one branch a character
    quotes = [""]
    """The open quote of each level of parentheses."""
    while at < len(value):
        char, quote = value[at], quotes[-1]
        if quote == "'":
            quotes[-1] = "" if char == "'" else quote
        elif char == "\\":
            at += 1
        elif quote and char == quote:
            quotes[-1] = ""
        elif quote:
            if value.startswith("$(", at):
                quotes.append("")
                at += 1
        elif char in "'\"`":
            quotes[-1] = char
        elif char == "(":
            quotes.append("")
        elif char == ")":
            quotes.pop()
            if not quotes:
                return True
        at += 1
    return False
