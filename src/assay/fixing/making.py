"""Values that need nobody: a variable's default, its only good value, a secret of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.document_kind import Parameters
from assay.documents.content import groups_of
from assay.documents.setup_guide import in_order
from assay.formats.armor import wrap
from assay.kinds.key.entries import keys_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from assay.documents.content import DocumentedVariable
    from assay.spec.document import Spec


def ordered(spec: Spec, environment: str) -> Mapping[str, DocumentedVariable]:
    """The variables of an environment in the order in which its setup guide goes through them."""
    groups = in_order(groups_of(spec, Parameters(environment=environment)))
    return {variable.name: variable for group in groups for variable in group.variables}


def made(variable: DocumentedVariable, spec: Spec) -> Iterator[tuple[str, str]]:
    """Values for a variable that is not set, each with what to say of it; mostly there is none."""
    name, declared = variable.name, variable.declared
    if declared.default is not None:
        if not variable.secret:
            yield declared.default, f"set {name} to its default"
        return
    spellings = declared.format.spellings()
    if len(spellings) == 1:
        yield spellings[0], f"set {name} to the only value that it may have"
    elif variable.secret and variable.command and not variable.parity:
        fresh = _generated(declared, spec)
        if fresh:
            yield fresh, f"set {name} to a new random secret"


def _generated(declared: Any, spec: Spec) -> str | None:
    """A new secret as its key is read, or of its type."""
    for entry in keys_of(spec).values():
        key = entry.declared
        if key.variable == declared.name:
            from assay.crypto.generating import generated

            stored = key.stored_as or getattr(declared.format, "stored_as", None)
            text = generated(key)
            return text if stored is None else wrap(text, stored)
    fresh: str | None = declared.format.generate()
    return fresh
