"""What may be wrong with a line, by the rule that says so, and the edits that could repair it.

Each is a proposal: whether it is taken is decided by `proved`, and by checking the result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay import dotenv
from assay.dotenv.document import BOM
from assay.fixing.edits import Edit, rewritten
from assay.hygiene.naming import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from assay.dotenv.document import Document, DotenvEntry
    from assay.fixing.edits import FixedFile
    from assay.model import Finding

    Repair = Callable[[Finding, FixedFile, Document], Iterator[Edit]]


def repairs(found: Finding, file: FixedFile, document: Document) -> Iterator[Edit]:
    """The edits of a file that could clear a finding about it, the best first."""
    known = REPAIRS.get(found.rule)
    if known is not None:
        yield from known(found, file, document)
    yield from _uncut(found, file, document)


def _renamed(found: Finding, file: FixedFile, document: Document) -> Iterator[Edit]:
    name, wrong = found.subject, found.written
    entries = [entry for entry in document.entries if entry.key == wrong]
    if len(entries) == 1:
        [entry] = entries
        yield Edit(
            path=file.path,
            start=entry.key_start,
            end=entry.key_end,
            text=name,
            told=f"rename {shown(wrong)} to {name}",
            wanted={name: entry.value, wrong: None},
        )


def _trimmed(found: Finding, file: FixedFile, document: Document) -> Iterator[Edit]:
    for entry, value in _valued(found, document):
        told = f"remove the whitespace around the value of {found.subject}"
        yield from rewritten(file, entry, value.strip(), told)


def _unquoted(found: Finding, file: FixedFile, document: Document) -> Iterator[Edit]:
    for entry, value in _valued(found, document):
        bare = value.strip()
        if len(bare) > 2 and bare[0] == bare[-1] and bare[0] not in bare[1:-1]:
            told = f"remove the quotes that are part of the value of {found.subject}"
            for edit in rewritten(file, entry, bare[1:-1], told):
                if edit.text != entry.raw:
                    yield edit


def _cleaned(found: Finding, file: FixedFile, document: Document) -> Iterator[Edit]:
    for entry, value in _valued(found, document):
        clean = value
        for start in (f"export {entry.key}=", f"{entry.key}="):
            clean = clean.removeprefix(start)
        clean = clean.translate(dict.fromkeys(map(ord, _INVISIBLE)))
        clean = clean.strip(_CURLY)
        while clean.endswith(("\\n", "\\r")):
            clean = clean[:-2]
        if clean and clean != value:
            told = f"remove what does not belong to the value of {found.subject}"
            yield from rewritten(file, entry, clean, told)


_INVISIBLE = "\ufeff\u200b\u200e\u200f\u2060"
_CURLY = "\u201c\u201d\u201e\u2018\u2019\u201a\u00ab\u00bb"


def _literal(found: Finding, file: FixedFile, document: Document) -> Iterator[Edit]:
    """A value whose `$` was text: none that could be meant as a reference to a variable."""
    entry = document.winner(found.subject)
    if entry is None or entry.executes or "\\" in entry.raw:
        return
    plain = all(construct[:2] != "${" for construct in entry.expands)
    if entry.expands and plain and not any(map(str.isupper, entry.references)):
        told = f"write {found.subject} so that its `$` stays"
        yield from rewritten(file, entry, _inner(entry), told)


def _alike(found: Finding, file: FixedFile, document: Document) -> Iterator[Edit]:
    """A value that the environment's loader reads as it stands, and a different one does not."""
    entry = document.winner(found.subject)
    if entry is None or not entry.value or set(entry.value) & set("\"'`\\\n\r"):
        return
    if _inner(entry) == entry.value:
        told = f"write {found.subject} so that every loader reads the same"
        yield from rewritten(file, entry, entry.value, told, everywhere=True)


def _uncut(found: Finding, file: FixedFile, document: Document) -> Iterator[Edit]:
    """A value that is cut at a `#` in the middle of a word, as no comment begins."""
    entry = document.winner(found.subject)
    if entry is None or entry.quote or not entry.value:
        return
    end = document.source.line_end(entry.value_end)
    rest = document.text[entry.value_end : end]
    meant = f"{entry.raw}{rest}"
    word = rest[:1] == "#" and not rest[1:2].isspace() and len(rest) > 1
    if word and len(meant.split()) == 1 and not set(meant) & set("\"'`\\$"):
        for edit in rewritten(file, entry, meant, f"quote {found.subject}, which is cut at a `#`"):
            yield _until(edit, end)


def _until(edit: Edit, end: int) -> Edit:
    from msgspec.structs import replace

    return replace(edit, end=end)


def _single(found: Finding, file: FixedFile, document: Document) -> Iterator[Edit]:
    """Two lines that set a name to the same: the later one goes, or else the earlier one."""
    entries = [entry for entry in document.entries if entry.key == found.subject]
    for at, first in enumerate(entries):
        for second in entries[at + 1 :]:
            same = (first.value, first.comment) == (second.value, second.comment)
            if same and not first.executes and not second.executes:
                yield from _without(second, file, document)
                yield from _without(first, file, document)


def _without(entry: DotenvEntry, file: FixedFile, document: Document) -> Iterator[Edit]:
    source, text = document.source, document.text
    starts = source.line_starts
    start = starts[source.position(entry.key_start)[0] - 1]
    last = source.position(max(entry.value_end - 1, entry.key_end))[0]
    end = starts[last] if last < len(starts) else len(text)
    before = text[start : entry.key_start].strip().removeprefix("export").strip()
    after = text[entry.value_end : end].strip()
    if not before and (not after or after.startswith("#")):
        told = f"remove the line that sets {shown(entry.key)} to the same value again"
        yield Edit(path=file.path, start=start, end=end, text="", told=told, wanted={})


def _unmarked(_found: Finding, file: FixedFile, document: Document) -> Iterator[Edit]:
    """A file without the byte order mark that its loader takes for a part of the first name."""
    if not document.has_bom:
        return
    bare = dotenv.parse(document.text.removeprefix(BOM), document.dialect)
    wanted: dict[str, str | None] = {name: None for name in document.values if name[:1] == BOM}
    wanted |= {entry.key: bare.values.get(entry.key) for entry in bare.entries[:1]}
    told = "remove the byte order mark"
    yield Edit(path=file.path, start=0, end=1, text="", told=told, wanted=wanted)


def _valued(found: Finding, document: Document) -> Iterator[tuple[DotenvEntry, str]]:
    """The assignment that a finding is about, with its value."""
    entry = document.winner(found.subject)
    if entry is not None and entry.value and not entry.expands and not entry.executes:
        yield entry, entry.value


def _inner(entry: DotenvEntry) -> str:
    """What stands between the quotes."""
    return entry.raw[1:-1] if entry.quote else entry.raw


REPAIRS: dict[str, Repair] = {
    "source-byte-order-mark": _unmarked,
    "source-duplicate": _single,
    "source-portability": _alike,
    "variable-expanded": _literal,
    "variable-extra-characters": _cleaned,
    "variable-misspelled": _renamed,
    "variable-newline": _trimmed,
    "variable-quoted": _unquoted,
    "variable-surrounding-space": _trimmed,
}
"""What repairs an offence; everything else is left to people."""
