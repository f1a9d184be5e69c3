"""Documents that show what kinds of checks know of their entries: references and runbooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from assay.document_kind import DocumentKind, Parameters
from assay.documents.conditions import clause, understood, when
from assay.documents.content import groups_of, places_of, variables_of
from assay.documents.markdown import line
from assay.documents.outlook import Outlook, applying, outlook_of
from assay.documents.rules import troubles
from assay.kinds import KINDS, kinds_of
from assay.kinds.fields import filled
from assay.kinds.rule.kind import ToldRule

if TYPE_CHECKING:
    from assay.spec.document import Spec


def told(spec: Spec, parameters: Parameters) -> dict[str, Any]:
    """Values for templates by their names, every text of them on one line.

    A kind that the spec has no entries of has an empty list, so that templates may ask for it.
    """
    outlook = outlook_of(spec, parameters.environment)
    found: dict[str, Any] = {}
    for kind in KINDS.values():
        if kind.tell is not None:
            found |= kind.tell(spec, parameters)
    spoken = {name: _spoken(value, spec, outlook) for name, value in found.items()}
    return {name: _lined(value) for name, value in spoken.items()} | {
        "rules": _rules(spec, outlook)
    }


def _spoken(value: Any, spec: Spec, outlook: Outlook) -> Any:
    """The same with conditions in words; what is never looked at is left out."""
    if not isinstance(value, list):
        return value
    kept = []
    for entry in value:
        condition = getattr(entry, "when", "")
        tree = understood(condition, spec, outlook.known) if condition else True
        if tree is not False:
            words = "" if tree is True else when(tree)
            kept.append(msgspec.structs.replace(entry, when=words) if condition else entry)
    return kept


def _rules(spec: Spec, outlook: Outlook) -> list[ToldRule]:
    """The rules that can be violated, with their conditions in words."""
    return [
        _lined(
            filled(
                ToldRule,
                rule,
                name=name,
                when="" if applies is True else when(applies),
                condition=clause(holds),
            )
        )
        for name, rule, applies, holds in applying(spec, outlook)
    ]


def prepared(spec: Spec, parameters: Parameters) -> tuple[str, ...]:
    """The statements that make databases ready, beside migrations."""
    found = (
        line(statement)
        for kind in kinds_of(spec)
        if kind.prepare is not None
        for statement in kind.prepare(spec, parameters)
    )
    return tuple(dict.fromkeys(found))


def _lined(value: Any) -> Any:
    if isinstance(value, str):
        return line(value)
    if isinstance(value, (list, tuple)):
        return type(value)(map(_lined, value))
    if isinstance(value, msgspec.Struct):
        fields = {name: _lined(getattr(value, name)) for name in value.__struct_fields__}
        return msgspec.structs.replace(value, **fields)
    return value


def _reference(spec: Spec, parameters: Parameters) -> dict[str, Any]:
    groups, places = groups_of(spec, parameters), places_of(spec, parameters)
    return {**told(spec, parameters), "groups": groups, "places": places}


def _troubleshooting(spec: Spec, parameters: Parameters) -> dict[str, Any]:
    return {**told(spec, parameters), "categories": troubles(spec, parameters)}


def _runbook(spec: Spec, parameters: Parameters) -> dict[str, Any]:
    variables = list(variables_of(spec, parameters))
    places = places_of(spec, parameters)
    return {
        **_troubleshooting(spec, parameters),
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


REFERENCE: DocumentKind[Parameters] = DocumentKind(
    name="environment-reference",
    doc="A reference of all environments and variables: what each is, and what a good value is.",
    parameters=Parameters,
    values=_reference,
    template="environment-reference.md.j2",
    path="docs/environment.md",
)
RUNBOOK: DocumentKind[Parameters] = DocumentKind(
    name="runbook",
    doc="A runbook for deploys: what to do before, during and after one, and what when it goes "
    "wrong.",
    parameters=Parameters,
    values=_runbook,
    template="runbook.md.j2",
    path="docs/runbook.md",
)
TROUBLESHOOTING: DocumentKind[Parameters] = DocumentKind(
    name="troubleshooting",
    doc="What can go wrong with this configuration, why it matters, and how to fix it.",
    parameters=Parameters,
    values=_troubleshooting,
    template="troubleshooting.md.j2",
    path="docs/troubleshooting.md",
)
