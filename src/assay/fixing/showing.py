"""A plan as a diff: names, and the values that anybody may see; all else is bullets."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from assay import dotenv
from assay.assignments import alone
from assay.discretion import looks_secret
from assay.dotenv.document import SourceText
from assay.hygiene.naming import shown
from assay.redacted import BULLETS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.dotenv.document import DotenvEntry
    from assay.fixing.edits import FixedFile
    from assay.spec.document import Spec


def changes(
    spec: Spec, file: FixedFile, named: str, before: str | None, after: str
) -> Iterator[str]:
    """The lines of a unified diff of a file so named; `before` is None if there was none."""
    if before == after:
        return
    yield f"--- a/{named}" if before is not None else "--- /dev/null"
    yield f"+++ b/{named}"
    old, new = _lines(SourceText(before or "")), _lines(SourceText(after))
    shown_old, shown_new = _shown(spec, file, before or ""), _shown(spec, file, after)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for group in matcher.get_grouped_opcodes(1):
        (_, start, _, other, _), (_, _, stop, _, end) = group[0], group[-1]
        yield f"@@ -{_range(start, stop)} +{_range(other, end)} @@"
        for tag, *(first, last, other, end) in group:
            if tag == "equal":
                yield from (f" {line}" for line in shown_old[first:last])
            else:
                yield from (f"-{line}" for line in shown_old[first:last])
                yield from (f"+{line}" for line in shown_new[other:end])


def _range(start: int, stop: int) -> str:
    """A range of lines as unified diffs write it."""
    count = stop - start
    return str(start + 1) if count == 1 else f"{start + 1 if count else start},{count}"


def _lines(source: SourceText) -> list[str]:
    ends = [*source.line_starts[1:], len(source.text)]
    lines = (source.text[a:b] for a, b in zip(source.line_starts, ends, strict=True))
    return [line for line in lines if line]


def _shown(spec: Spec, file: FixedFile, text: str) -> list[str]:
    """Each line of a text as it may be shown."""
    document = dotenv.parse(text, file.dialects[0])
    entries: dict[int, list[DotenvEntry]] = {}
    for entry in document.entries:
        entries.setdefault(entry.line, []).append(entry)
    return [
        _assignment(spec, entries[number]) if number in entries else _bare(line)
        for number, line in enumerate(_lines(document.source), 1)
    ]


def _bare(line: str) -> str:
    """A line without an assignment; a comment may hold a secret too."""
    text = line.strip().removeprefix("\ufeff")
    return (f"# {BULLETS}" if text.startswith("#") else BULLETS) if text else ""


def _assignment(spec: Spec, entries: list[DotenvEntry]) -> str:
    """A line with a name and a value; the value only if it is public, and all of it is here."""
    entry = entries[0]
    name, raw, value = entry.key.removeprefix("\ufeff"), entry.raw, entry.value or ""
    declared = spec.variables[name].declared if name in spec.variables else None
    rest = entry.source.text[entry.value_end : entry.source.line_end(entry.value_end)].strip()
    plain = len(entries) == 1 and not entry.expands and raw.isprintable() and alone(raw) == raw
    public = declared is not None and not declared.hides(value) and not looks_secret(raw)
    told = plain and public and raw == f"{entry.quote}{value}{entry.quote}"
    seen = raw if told else BULLETS if raw else ""
    return (
        f"{'export ' if entry.exported else ''}{shown(name)}={seen}{f' {BULLETS}' if rest else ''}"
    )
