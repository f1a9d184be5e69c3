"""A reference of all environments and variables: what each is, and what a good value is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.document_kind import DocumentKind, Parameters
from assay.documents.content import groups_of, places_of
from assay.documents.telling import told

if TYPE_CHECKING:
    from assay.spec.document import Spec


def values(spec: Spec, parameters: Parameters) -> dict[str, Any]:
    """Environments, groups, keys, databases, tables and rules."""
    return {
        **told(spec, parameters),
        "groups": groups_of(spec, parameters),
        "places": places_of(spec, parameters),
    }


KIND: DocumentKind[Parameters] = DocumentKind(
    name="environment-reference",
    doc=__doc__ or "",
    parameters=Parameters,
    values=values,
    template="environment-reference.md.j2",
    path="docs/environment.md",
)
