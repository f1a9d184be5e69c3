"""The dialect `react-scripts`: npm dotenv 10 with dotenv-expand 5, as Vue CLI 5 has them too.

It reads line by line, knows neither `export` nor comments after values, and no quotes protect a
`$`. References see the process and all of the file; what is unset is empty. A value that refers to
itself overflows the stack there, and the program stops.
"""

from __future__ import annotations

import re

from assay.dotenv.node import SPACES, object_order, valid
from assay.dotenv.reading import DEPTH
from assay.dotenv.scanning import unescaped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from assay.dotenv.document import DotenvEntry
    from assay.dotenv.reading import TextReading

_LINE = re.compile(
    rf"[{SPACES}]*([A-Za-z0-9_.-]+)[{SPACES}]*=[{SPACES}]*([^\n\r\u2028\u2029]*)[{SPACES}]*\Z"
)
_REFERENCE = re.compile(r"([^\n\r\u2028\u2029]?)\$\{?([a-zA-Z0-9_]+)?\}?")


def read(reading: TextReading) -> None:
    """Read a text; process variables keep their values, but for references in them."""
    reading.unify_newlines()
    start = 0
    for line in reading.text.split("\n"):
        match = _LINE.match(line)
        if match:
            _add(reading, match, start)
        elif line.strip(SPACES) and line.strip(SPACES)[0] != "#":
            reading.note_dropped([start])
        start += len(line) + 1
    reading.values = object_order(reading.values)
    known = {**{name: value or "" for name, value in reading.values.items()}, **reading.environ}
    winners = {entry.key: entry for entry in reading.entries}
    for name in reading.values:
        entry, found = winners[name], list[tuple[str, str]]()
        value = _expanded(known[name], entry, known, found, reading)
        entry.value = reading.values[name] = value
        entry.expands = tuple([construct for construct, _ in found])
        entry.references = tuple([other for _, other in found])


def _add(reading: TextReading, match: re.Match[str], start: int) -> None:
    written, quote = match[2], ""
    if written[:1] in ("'", '"') and written.endswith(written[0]):
        quote = written[0] if len(written) > 1 else ""
        value = written[1:-1] or written[:1] * (len(written) == 1)
        value = value.replace("\\n", "\n") if written[0] == '"' else value
    else:
        value = written = written.strip(SPACES)
    places = match.start(1), match.end(1), match.start(2), match.start(2) + len(written)
    first, last, begin, end = (start + place for place in places)
    if reading.source.bad:
        value = valid(value)
    reading.add(match[1], value, (first, last, begin, end), quote)


def _expanded(  # noqa: PLR0913, PLR0917 - what a recursion carries along
    text: str,
    entry: DotenvEntry,
    known: dict[str, str],
    found: list[tuple[str, str]],
    reading: TextReading,
    depth: int = 0,
) -> str:
    if depth > DEPTH:
        raise reading.too_much(entry)
    made = text
    for match in _REFERENCE.finditer(text) if "$" in text else ():
        prefix, name = match[1], match[2] or "undefined"
        construct = match[0][len(prefix) :]
        if prefix == "\\":
            construct, value = match[0], match[0].replace("\\$", "$", 1)
        else:
            if match[2]:
                found.append((construct, name))
            value = _expanded(known.get(name, ""), entry, known, found, reading, depth + 1)
        at = made.find(construct)
        if at != -1:
            before, after = made[:at], made[at + len(construct) :]
            patterns = {"$": "$", "&": construct, "`": before, "'": after}
            made = f"{before}{reading.spend(unescaped(value, '$', patterns), entry)}{after}"
            reading.spend(made, entry)
    return made
