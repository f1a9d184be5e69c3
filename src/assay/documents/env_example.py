"""An example of a .env file: what the project uses, each with what it is and where to get it.

What everybody has to fill in is empty, what is optional stands in a comment, and defaults that
aren't secret are written as values. Every loader of the project's files reads the same from it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from assay import dotenv
from assay.document_kind import DocumentKind, Parameters
from assay.documents import wording
from assay.documents.content import DocumentedVariable, groups_of, places_of
from assay.documents.markers import unmarked
from assay.errors import OutputError
from assay.reporters.base import sentence as stopped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.spec.document import Spec


def values(spec: Spec, parameters: Parameters) -> dict[str, Any]:
    """The lines of each group."""
    places = places_of(spec, parameters)
    dialects = {d: None for place in places for file in place.files for d in file.dialects}
    known = tuple(dialects) or ("node",)
    paths = {file.path: None for place in places for file in place.files if file.path}
    return {
        "files": tuple(paths),
        "groups": [
            {"heading": group.heading, "lines": [_line(one, known) for one in wanted]}
            for group in groups_of(spec, parameters)
            if (wanted := [v for v in group.variables if v.of_project and not v.deprecated])
        ],
        "places": places,
    }


def _line(variable: DocumentedVariable, dialects: tuple[str, ...]) -> dict[str, Any]:
    """`NAME=value` with comments above it; only these where no .env file can hold the name."""
    name, value = variable.name, variable.default or ""
    optional = not value and not _is_asked_for(variable)
    notes = list(_notes(variable, shown=bool(value)))
    spelled = spelling(value, dialects)
    if not all(_holds(f"{name}={spelled or ''}\n", name, spelled or "", d) for d in dialects):
        if not all(_holds(f"{name}=\n", name, "", dialect) for dialect in dialects):
            notes.append(
                "A .env file can't contain this name; set it where the program is started."
            )
            return {"name": name, "notes": notes, "assignment": ""}
        spelled = None
    if spelled is None:
        notes.append(
            "This value can't be written so that every loader of this file reads it identically."
        )
    assignment = f"{name}={spelled or ''}"
    return {"name": name, "notes": notes, "assignment": f"{'# ' * optional}{assignment}"}


def _is_asked_for(variable: DocumentedVariable) -> bool:
    """Whether everybody who copies the file has to fill it in; of alternatives, the first."""
    if variable.alternatives:
        return not variable.condition and variable.alternatives[0] == variable.name
    return variable.need == "always"


def _notes(variable: DocumentedVariable, *, shown: bool) -> Iterator[str]:
    """What it is, then what a good value is and where to get it."""
    needed = wording.need(variable) if variable.condition or variable.alternatives else ""
    if variable.when and not needed:
        needed = f"Used only {variable.when}."
    form = wording.form(variable) if variable.type != "text" or variable.limits else ""
    given = "" if shown else wording.value(variable)
    home = wording.home(variable) if variable.only_in else ""
    yield from filter(None, [stopped(variable.description)])
    yield from filter(None, [" ".join(filter(None, [needed, home, form, given]))])
    yield from filter(None, [wording.origin(variable)])


@cache
def spelling(value: str, dialects: tuple[str, ...]) -> str | None:
    """What to write after `NAME=` so that each dialect reads `value`; None if nothing does."""
    for dialect in dialects:
        try:
            form = unmarked("", dotenv.quote(value, dialect), "")
        except (dotenv.DotenvError, OutputError):
            continue
        if all(_holds(f"A={form}\n", "A", value, other) for other in dialects):
            return form
    return None


def _holds(text: str, name: str, value: str, dialect: str) -> bool:
    """Whether a dialect reads exactly this name with this value, whatever lines follow."""
    document = dotenv.parse(f"{text}\n# 'Z\"\nZ=1\n", dialect)
    return not document.errors and document.values == {name: value, "Z": "1"}


KIND: DocumentKind[Parameters] = DocumentKind(
    name="env-example",
    doc=__doc__ or "",
    parameters=Parameters,
    values=values,
    template="env-example.j2",
    path=".env.example",
)
