"""A runbook for deploys: what to do before, during and after one, and what when it goes wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.document_kind import DocumentKind, Parameters
from assay.documents.content import places_of, variables_of
from assay.documents.markdown import line
from assay.documents.rules import troubles
from assay.documents.telling import told

if TYPE_CHECKING:
    from assay.spec.document import Spec


def values(spec: Spec, parameters: Parameters) -> dict[str, Any]:
    """Environments, tables, rotation, waivers, and what can go wrong."""
    variables = list(variables_of(spec, parameters))
    places = places_of(spec, parameters)
    return {
        **told(spec, parameters),
        "categories": troubles(spec, parameters),
        "deprecated": [variable for variable in variables if variable.deprecated],
        "live": [place for place in places if place.live] or places,
        "places": places,
        "rotating": [variable for variable in variables if variable.rotate_every],
        "waivers": [
            {
                "rule": waiver.rule,
                "subject": line(waiver.subject),
                "environment": waiver.environment or "all",
                "owner": line(waiver.owner),
                "reason": line(waiver.reason),
                "expires": str(waiver.expires or ""),
            }
            for waiver in spec.waivers
            if parameters.environment is None
            or waiver.environment in (None, parameters.environment)
        ],
    }


KIND: DocumentKind[Parameters] = DocumentKind(
    name="runbook",
    doc=__doc__ or "",
    parameters=Parameters,
    values=values,
    template="runbook.md.j2",
    path="docs/runbook.md",
)
