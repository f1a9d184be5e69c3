"""What is wrong with what a spec says of stored credentials beyond its shape; found offline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.crypto.examination import placeholders
from assay.kind import Entry, Flaw
from assay.kinds import conditions
from assay.kinds.credential.filters import Slip, parse_filter
from assay.kinds.credential.spec import Credential
from assay.kinds.flaws import bad, unknown
from assay.kinds.key.spec import Key
from assay.kinds.table.spec import Table
from assay.spec import rules
from assay.words import either

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.formats.base import Format
    from assay.kinds.credential.spec import SealedField
    from assay.spec.document import Spec

Path = tuple[str | int, ...]


def lint(entry: Entry[Credential], spec: Spec) -> Iterator[Flaw]:
    """Names that nothing declares, and envelopes that the key does not open."""
    credential: Credential = entry.declared
    tables, keys = spec.entries(Table), spec.entries(Key)
    if credential.table not in spec.unread(Table.section):
        yield from unknown(("table",), credential.table, tables, "a table of the spec")
    if credential.key not in spec.unread(Key.section):
        yield from unknown(("key",), credential.key, keys, "a key of the spec")
    if credential.when is not None:
        yield from conditions.flaws(("when",), credential.when, spec)
    for index, name in enumerate(credential.suspects or ()):
        if name not in spec.broken:
            expected = "a variable that the spec declares"
            yield from unknown(("suspects", index), name, spec.variables, expected)
    table = tables.get(credential.table)
    known = (frozenset(table.declared.columns) or None) if table else None  # if it lists any
    key: Key | None = keys[credential.key].declared if credential.key in keys else None
    yield from _where(credential, known)
    yield from _identity(credential, known)
    for name, field in credential.columns.items():
        yield from _column(("columns", name), name, known, on_key=True)
        yield from _sealed(("columns", name), field, key, known)
    for index, name in enumerate(credential.required):
        listed = {**credential.columns, **credential.metadata}
        expected = f"a column in `columns` or `metadata` of {entry.name}"
        yield from unknown(("required", index), name, listed, expected)
    yield from _asked_too_often(entry, spec)
    for name, form in credential.metadata.items():
        yield from _column(("metadata", name), name, known, on_key=True)
        if name in credential.columns:
            reason = "it holds ciphertext, as `columns` says"
            yield bad(
                ("metadata", name), name, reason, f"Remove {name} from `metadata`.", on_key=True
            )
        yield from _type(("metadata", name), form)


MOST_PLAINTEXTS = 4
"""Types that all credentials of a spec may ask of what a column holds: enough for rows of several
sorts, and too few to find out what a row holds."""


def _asked_too_often(entry: Entry[Credential], spec: Spec) -> Iterator[Flaw]:
    """Types of a column's plaintexts beyond those that credentials before this one ask."""
    credential: Credential = entry.declared
    before: list[Credential] = []
    for other in spec.entries(Credential).values():
        if other.name == entry.name:
            break
        if _table(other.declared, spec) == _table(credential, spec):
            before.append(other.declared)
    for name, field in credential.columns.items():
        asked = [one.columns[name].plaintext for one in before if name in one.columns]
        known = [form for at, form in enumerate(asked) if form and form not in asked[:at]]
        if field.plaintext and field.plaintext not in known and len(known) >= MOST_PLAINTEXTS:
            reason = f"other credentials ask {len(known)} other types of {name} already"
            step = "Use one of the types that they ask."
            yield bad(("columns", name, "plaintext"), "plaintext", reason, step)


def _table(credential: Credential, spec: Spec) -> str:
    """The table's own name, for which a spec may have several."""
    entry = spec.entries(Table).get(credential.table)
    return (entry and entry.declared.name) or credential.table


def _where(credential: Credential, known: frozenset[str] | None) -> Iterator[Flaw]:
    slip = None if credential.where is None else parse_filter(credential.where, known)
    if isinstance(slip, Slip):
        values = {"reason": slip.reason, "step": slip.step}
        yield Flaw(rules.CONDITION, ("where",), values, (slip.line, slip.column, slip.length))


def _identity(credential: Credential, known: frozenset[str] | None) -> Iterator[Flaw]:
    for index, name in enumerate(credential.identity):
        path = ("identity", index)
        yield from _column(path, name, known)
        if name in credential.columns:
            reason = f"{name} holds ciphertext, and reports show identities"
            yield bad(path, "identity", reason, f"Remove {name} from `identity`.")
        if name in credential.identity[:index]:
            yield bad(path, "identity", f"{name} is named twice", "Remove one of the two.")


def _column(
    path: Path, name: str, known: frozenset[str] | None, *, on_key: bool = False
) -> Iterator[Flaw]:
    if known is not None:
        yield from unknown(path, name, known, "a column of the table", on_key=on_key)


def _sealed(
    path: Path, field: SealedField, key: Key | None, known: frozenset[str] | None
) -> Iterator[Flaw]:
    """What is wrong with how a column is sealed."""
    envelope = field.written_as
    at = (*path, "envelope")
    own = getattr(envelope, "cipher", None)  # a layout names its cipher, which must be the key's
    for name, reason in envelope.problems():
        yield bad((*at, name), name, reason)
    if envelope.remote:
        reason = f"{envelope.tag()} is only recognised: to open it takes {envelope.remote}"
        step = f"Remove {path[-1]} from `columns`: assay can't decrypt it."
        yield bad(at, "envelope", reason, step)
    elif key is not None and key.cipher not in envelope.ciphers:
        takes = f"is opened with a key for {either(sorted(envelope.ciphers))}"
        reason = f"{envelope.tag()} {takes}, and the key is for {key.cipher}"
        step = f"Name a key for {either(sorted(envelope.ciphers))}, or the envelope in which the "
        yield bad(at, "envelope", reason, f"{step}application writes this column.")
    elif key is not None and own not in (None, key.cipher):
        reason = f"the key is for {key.cipher}, and the envelope is of {own}"
        yield bad((*at, "cipher"), "cipher", reason, f"Write `cipher: {key.cipher}`.")
    elif key is not None and not envelope.derives_with(key):
        reason = "a salt stands beside the ciphertext, and `derive` of the key takes none"
        yield bad(at, "envelope", reason)
    for name in envelope.beside:
        yield from _column((*at, "columns"), name, known)
    for name in placeholders(envelope.aad):
        yield from _column((*at, "aad"), name, known)
    if field.plaintext is not None:
        yield from _type((*path, "plaintext"), field.plaintext)


def _type(path: Path, form: Format) -> Iterator[Flaw]:
    for name, reason in form.problems():
        yield bad((*path, name), name, reason)
    for name in form.references():
        reason = f"{form.tag()} is judged beside {name}, which no row holds"
        step = "Use a type that is judged by the value alone."
        yield bad(path, str(path[-1]), reason, step)
