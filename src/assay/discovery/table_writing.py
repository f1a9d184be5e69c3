"""The text of the databases and tables of a drafted spec."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from assay.discovery.yaml_writing import WIDTH, comment, entry, flow, scalar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assay.discovery.tables import TableDraft, Tables


class DatabaseDraft(NamedTuple):
    """A database that a spec declares."""

    name: str
    backend: Mapping[str, Any]
    """As the spec says it: `{"sql": {"url": "DATABASE_URL"}}`."""
    label: str
    """If it is, in words: `the URL in DATABASE_URL`."""
    environment: str
    """Where it was looked at."""
    tables: Tables | None = None
    """What it holds; None before it was asked."""


def written(databases: Sequence[DatabaseDraft]) -> Iterator[str]:
    """The lines of both sections."""
    yield "databases:"
    for database in databases:
        yield from entry(database.name, dict(database.backend), indent=2)
    told = [(database, database.tables) for database in databases if database.tables is not None]
    if not told:
        return
    yield ""
    taken: set[str] = set()
    for database, tables in told:
        yield from _heading(database, tables)
        for draft in tables.drafts:
            if not taken:
                yield "tables:"
            name = draft.name if draft.name not in taken else f"{database.name}.{draft.name}"
            taken.add(name)
            given = {"name": draft.name} if name != draft.name else {}
            where = {"database": database.name} if len(databases) > 1 else {}
            yield from _table(name, {**where, **given}, draft)
    if not taken:
        yield "tables: {}"
    yield from _credentials([draft for _, tables in told for draft in tables.drafts])


def _heading(database: DatabaseDraft, tables: Tables) -> Iterator[str]:
    if tables.drafts:
        yield from comment(
            f"What {database.label} holds in {database.environment} now. Keep what the "
            "application relies on: only what is said here is checked."
        )
    elif tables.untold:
        yield from comment(f"No table of {database.label} is known yet.")
    else:
        yield from comment(f"In {database.environment}, {database.label} has no tables yet.")
    for line in tables.untold:
        yield from comment(line)
    if tables.elsewhere:
        yield from comment(elsewhere(tables))
    if tables.skipped:
        yield from comment(
            "Left out because they are parts of others or belong to tools: "
            f"{_some(tables.skipped)}."
        )


def elsewhere(tables: Tables) -> str:
    """That there are tables which were not looked at."""
    return (
        f"Only the schema {tables.schema} was looked at; there are tables in "
        f"{_some(tables.elsewhere)} too. "
        "`schema` of a database, or of a table, says where else to look."
    )


def _some(names: Sequence[str]) -> str:
    """The first names, since a comment has no room for all."""
    shown, more = ", ".join(names[:_MOST]), len(names) - _MOST
    return f"{shown} and {more} more" if more > 0 else shown


_MOST = 6
"""Names in a comment."""


def _table(name: str, first: Mapping[str, str], draft: TableDraft) -> Iterator[str]:
    for line in draft.remarks:
        yield from comment(line, indent=2)
    yield f"  {scalar(name, flow=True)}:"
    for field, value in first.items():
        yield f"    {field}: {scalar(value)}"
    if draft.fields.get("view"):
        yield "    view: true"
    if draft.columns:
        yield "    columns:"
        for column, said in draft.columns.items():
            if isinstance(said, dict | None):
                yield from entry(column, said or {}, indent=6)
            else:
                yield f"      {scalar(column, flow=True)}: {scalar(said)}"
    for field, value in draft.fields.items():
        if field != "view":
            yield from _field(field, value)


def _field(field: str, value: Any) -> Iterator[str]:
    """A field in one line where it fits, else an item or an entry a line."""
    line = f"    {field}: {flow(value)}"
    if not isinstance(value, dict | list) or len(line) <= WIDTH:
        yield line
        return
    yield f"    {field}:"
    if isinstance(value, dict):
        yield from (f"      {scalar(key, flow=True)}: {flow(said)}" for key, said in value.items())
    else:
        yield from (f"      - {flow(item)}" for item in value)


def _credentials(drafts: Sequence[TableDraft]) -> Iterator[str]:
    """What to say of columns that seem to hold ciphertext, for people to take out of comments."""
    sealed = [draft for draft in drafts if draft.sealed]
    if not sealed:
        return
    yield ""
    yield from comment(
        "These columns look as if they held ciphertext. If so, say how it is sealed and by which "
        "of `keys`: then assay says of each row whether it opens, and why not."
    )
    yield "#"
    yield "# credentials:"
    for draft in sealed:
        yield f"#   {scalar(draft.name, flow=True)}:"
        yield f"#     table: {scalar(draft.name)}"
        yield f"#     identity: {flow(list(draft.identity))}"
        yield "#     key: main"
        yield "#     columns:"
        for column, envelope in draft.sealed.items():
            yield f"#       {scalar(column, flow=True)}: {envelope}"
