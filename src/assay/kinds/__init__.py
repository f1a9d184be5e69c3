"""The kinds of check that assay knows.

The registry is explicit: the section of the spec that a kind reads, and where its `KIND` is. A
module is imported only when a spec has that section.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.kind import Kind
    from assay.model import Rule
    from assay.spec.document import Spec

KINDS: Registry[Kind[Any]] = Registry(
    __name__,
    {
        "credentials": "credential.kind:KIND",
        "databases": "database.kind:KIND",
        "environments": "source.kind:KIND",
        "keys": "key.kind:KIND",
        "parity": "parity.kind:KIND",
        "rules": "rule.kind:KIND",
        "tables": "table.kind:KIND",
        "variables": "variable.kind:KIND",
    },
    group="kinds",
    base="assay.kind:Kind",
)
"""Section of the spec to `module:KIND` below `assay.kinds`, in alphabetical order."""


def kinds_of(spec: Spec) -> Iterator[Kind[Any]]:
    """The kinds that a spec says something for, in alphabetical order."""
    return (KINDS[section] for section in KINDS if section in spec.sections)


def all_rules() -> dict[str, Rule]:
    """Every rule that a check or a spec can break, by code, in alphabetical order."""
    from assay.formats import FORMATS
    from assay.spec.rules import RULES

    rules = [*RULES]
    for kind in KINDS.values():
        rules.extend(kind.rules)
    for made in FORMATS.values():
        rules.extend(made.rules)
    return {rule.code: rule for rule in sorted(rules, key=lambda rule: rule.code)}
