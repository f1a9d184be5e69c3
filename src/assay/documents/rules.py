"""Rules in words: what can go wrong with a spec's environments, told as a person reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.documents.content import variables_of
from assay.kinds import KINDS, kinds_of
from assay.model import Category, Rule
from assay.spec.document import VARIABLES, Spec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assay.document_kind import Parameters

COMMON = (
    "variable-missing",
    "variable-placeholder",
    "variable-example",
    "variable-quoted",
    "variable-newline",
    "variable-misspelled",
)
"""What people who set up an environment meet first."""


class _Named(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return f"<{key}>"


def plain(template: str) -> str:
    """A rule's template as a person reads it, `<name>` where a value will stand."""
    return template.format_map(_Named())


def trouble(rule: Rule, variables: Iterable[str] = ()) -> dict[str, Any]:
    """A rule as documents tell it; `variables` are those whose type makes it possible."""
    return {
        "code": rule.code,
        "category": str(rule.category),
        "severity": str(rule.severity),
        "message": plain(rule.message),
        "why": rule.why,
        "remedy": plain(rule.remedy),
        "remedies": list(map(plain, rule.remedies.values())),
        "bad": rule.bad,
        "good": rule.good,
        "variables": list(variables),
    }


def troubles(spec: Spec, parameters: Parameters) -> dict[str, list[dict[str, Any]]]:
    """What can go wrong with the environments of a spec, by category, in alphabetical order."""
    of_types: dict[str, dict[str, None]] = {}
    known: dict[str, Rule] = {}
    for variable in variables_of(spec, parameters):
        for rule in variable.declared.format.rules:
            known[rule.code] = rule
            of_types.setdefault(rule.code, {})[variable.name] = None
    for made in kinds_of(spec):
        if spec.sections[made.section]:
            for rule in made.rules:
                known[rule.code] = rule
                of_types.pop(rule.code, None)
    found: dict[str, list[dict[str, Any]]] = {str(category): [] for category in Category}
    for code, rule in sorted(known.items()):
        found[str(rule.category)].append(trouble(rule, of_types.get(code, ())))
    return {category: rules for category, rules in found.items() if rules}


def common_troubles() -> list[dict[str, Any]]:
    """What people who set up an environment meet first."""
    rules = {rule.code: rule for rule in KINDS[VARIABLES].rules}
    return [trouble(rules[code]) for code in COMMON]
