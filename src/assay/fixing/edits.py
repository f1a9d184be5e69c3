"""One change of a .env file, and the proof that it changes what it names and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from assay import dotenv
from assay.dotenv.document import BOM
from assay.dotenv.quoting import forms
from assay.redacted import redacted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.dotenv.document import Document, DotenvEntry


class FixedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A .env file that may be changed, and everyone who reads it."""

    path: str
    """As the spec writes it."""
    dialects: tuple[str, ...]
    """The loaders of the environments that are to be fixed."""
    others: tuple[str, ...] = ()
    """All other loaders that read it."""


@redacted("path")
class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a file, the text that replaces it, and what it is meant to do."""

    path: str
    start: int
    end: int
    text: str
    told: str
    """What it does, in words that show no value."""
    wanted: Mapping[str, str | None]
    """The names whose values it may change, with those that they have then; None is unset."""
    everywhere: bool = False
    """Whether each loader has to read these values, and not only those of the environments."""
    adds: bool = False
    """Whether it sets what was not set, which may make other variables required."""

    def applied(self, text: str) -> str:
        """A text with the change."""
        return text[: self.start] + self.text + text[self.end :]


def proved(file: FixedFile, text: str, edit: Edit, process: Mapping[str, str]) -> bool:
    """Whether every loader reads all as before, but for what the edit names, which is as meant."""
    after = edit.applied(text)
    for dialect in dict.fromkeys((*file.dialects, *file.others)):
        old = dotenv.parse(text, dialect, environ=process)
        new = dotenv.parse(after, dialect, environ=process)
        if len(new.errors) > len(old.errors) or len(new.problems) > len(old.problems):
            return False
        names = old.values.keys() | new.values.keys()
        if any(_value(old, n) != _value(new, n) for n in names - edit.wanted.keys()):
            return False
        exact = edit.everywhere or dialect in file.dialects
        if exact and any(new.values.get(n) != value for n, value in edit.wanted.items()):
            return False
    return True


def _value(document: Document, name: str) -> tuple[bool, str | None]:
    return name in document.values, document.values.get(name)


def rewritten(
    file: FixedFile, entry: DotenvEntry, value: str, told: str, *, everywhere: bool = False
) -> Iterator[Edit]:
    """The ways to give an assignment a value, first those that keep its quotes."""
    quotes = [entry.quote] if entry.quote or not entry.raw else ["", *_around(entry.raw)]
    same = (f"{mark}{value}{mark}" for mark in quotes)
    for text in dict.fromkeys((*same, *_spellings(file, value))):
        yield Edit(
            path=file.path,
            start=entry.value_start,
            end=entry.value_end,
            text=text,
            told=told,
            wanted={entry.key: value},
            everywhere=everywhere,
        )


def _around(raw: str) -> list[str]:
    """The quotes around a text, which its loader may not know as such."""
    return [raw[0]] if len(raw) > 1 and raw[0] == raw[-1] and raw[0] in "\"'`" else []


def _spellings(file: FixedFile, value: str) -> Iterator[str]:
    for dialect in dict.fromkeys((*file.dialects, *file.others)):
        yield from forms(value, dialect)


def appended(file: FixedFile, text: str, name: str, value: str, told: str) -> Iterator[Edit]:
    """The ways to set a name that no line of a file sets, on a line after all others.

    First come those that every loader of the file reads alike.
    """
    style = "\r\n" if "\r\n" in text else "\n"
    lead = style if text.removeprefix(BOM) and not text.endswith(("\n", "\r")) else ""
    spellings = dict.fromkeys(_spellings(file, value))
    for everywhere, newline in ((True, style), (True, "\n"), (False, style)):
        for spelling in spellings:
            yield Edit(
                path=file.path,
                start=len(text),
                end=len(text),
                text=f"{lead}{name}={spelling}{newline}",
                told=told,
                wanted={name: value},
                everywhere=everywhere,
                adds=True,
            )
