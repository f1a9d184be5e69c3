"""The dialect `nuxt`: c12 3's `setupDotenv`, which has dotenv parse and then expands by itself.

No quotes protect a `$`. What is unset stays as it is, a value that refers to itself becomes empty,
and names that begin with `_` are not taken over.
"""

from __future__ import annotations

import re

from assay.dotenv import node
from assay.dotenv.reading import DEPTH
from assay.dotenv.scanning import unescaped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from assay.dotenv.document import DotenvEntry
    from assay.dotenv.reading import TextReading

_REFERENCE = re.compile(r"([^\n\r\u2028\u2029]?)\$\{?([A-Za-z0-9_:]+)?\}?")
# Characters that all steps together may copy.
_COPIED = 64 * 1024 * 1024


def take_in(reading: TextReading) -> None:
    """Read a text as dotenv does, before anything is expanded."""
    node.read(reading)


def read(reading: TextReading) -> None:
    """Read a text; process variables keep their values, and references see them first."""
    take_in(reading)
    resolve(reading)


def resolve(reading: TextReading) -> None:
    """Expand what was read, and drop the names that are not taken over."""
    if reading.environ or "$" in reading.text:
        _Expansion(reading).run()
    for name in [name for name in reading.values if name.startswith("_")]:
        del reading.values[name]


class _Expansion:
    __slots__ = ("_entry", "_found", "_left", "_reading", "_target")

    def __init__(self, reading: TextReading) -> None:
        self._reading = reading
        file = {name: value or "" for name, value in reading.values.items()}
        self._target = node.object_order({**file, **reading.environ})
        self._found: list[tuple[str, str]] = []
        self._left = _COPIED
        self._entry: DotenvEntry | None = None

    def run(self) -> None:
        reading, target = self._reading, self._target
        winners = {entry.key: entry for entry in reading.entries}
        for key in [*reading.environ, *(k for k in target if k not in reading.environ)]:
            self._entry, self._found = winners.get(key), []
            target[key] = self._expanded(target[key] or "", ())
            if self._entry is not None and key in reading.values:
                value = reading.environ.get(key, target[key])
                self._entry.value = reading.values[key] = value
                self._entry.expands = tuple([construct for construct, _ in self._found])
                self._entry.references = tuple([name for _, name in self._found])

    def _expanded(self, text: str, parents: tuple[str, ...]) -> str:
        place = self._entry or 0
        if len(parents) > DEPTH:
            raise self._reading.too_much(place)
        made = text
        for match in _REFERENCE.finditer(text) if "$" in text else ():
            prefix, name = match[1], match[2] or "undefined"
            if prefix == "\\":
                construct = match[0]
                value: str | None = construct.replace("\\$", "$", 1)
            else:
                construct = match[0][len(prefix) :]
                if name in parents:
                    return ""
                value = self._target.get(name)
                if value is not None:
                    if match[2]:
                        self._found.append((construct, name))
                    value = self._expanded(value, (*parents, name))
            if value is not None:
                at = made.find(construct)
                if at == -1:
                    continue
                before, after = made[:at], made[at + len(construct) :]
                patterns = {"$": "$", "&": construct, "`": before, "'": after}
                value = self._reading.spend(unescaped(value, "$", patterns), place)
                made = f"{before}{value}{after}"
                self._left -= len(made)
                if self._left < 0:
                    raise self._reading.too_much(place)
        return made
