"""A reference of all environments and variables: what each is, and what a good value is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.document_kind import DocumentKind, Parameters
from assay.documents.content import groups_of, places_of
from assay.documents.database_sections import databases_of, tables_of
from assay.documents.sections import comparisons_of, keys_of, rules_of

if TYPE_CHECKING:
    from assay.spec.document import Spec


def values(spec: Spec, parameters: Parameters) -> dict[str, Any]:
    """Environments, groups, keys, databases, tables and rules."""
    groups = groups_of(spec, parameters)
    names = {variable.name for group in groups for variable in group.variables}
    return {
        "databases": databases_of(spec, parameters),
        "tables": tables_of(spec, parameters),
        "comparisons": [] if parameters.groups or parameters.only else comparisons_of(spec),
        "groups": groups,
        "keys": [key for key in keys_of(spec) if key.variable in names],
        "places": places_of(spec, parameters),
        "rules": rules_of(spec),
    }


KIND: DocumentKind[Parameters] = DocumentKind(
    name="environment-reference",
    doc=__doc__ or "",
    parameters=Parameters,
    values=values,
    template="environment-reference.md.j2",
    path="docs/environment.md",
)
