"""The kinds of check that assay knows.

The registry is explicit: a kind's name and the module below `assay.kinds` whose `KIND` it is. A
module is imported only when a spec has a section for it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.kind import Kind
    from assay.model import Rule
    from assay.spec.document import Spec

KINDS: dict[str, str] = {
    "credential": "credentials",
    "database": "databases",
    "key": "keys",
    "parity": "parity",
    "rule": "rules",
    "source": "environments",
    "table": "tables",
    "variable": "variables",
}
"""Kind, which is its module's name, to the section of the spec that it reads; in alphabetical
order."""


def kind(name: str) -> Kind[Any]:
    """The kind called `name`; KeyError where there is none."""
    if name not in KINDS:
        raise KeyError(name)
    found: Kind[Any] = import_module(f"assay.kinds.{name}.kind").KIND
    return found


def kind_of(section: str) -> Kind[Any]:
    """The kind that reads a section; KeyError if there is none."""
    return next((kind(name) for name, own in KINDS.items() if own == section))


def kinds_of(spec: Spec) -> Iterator[Kind[Any]]:
    """The kinds that a spec says something for, in alphabetical order."""
    return (kind(name) for name, section in KINDS.items() if section in spec.sections)


def all_rules() -> dict[str, Rule]:
    """Every rule that a check or a spec can break, by code, in alphabetical order."""
    from assay.formats import FORMATS, format_class
    from assay.spec.rules import RULES

    rules = [*RULES]
    for name in KINDS:
        rules.extend(kind(name).rules)
    for name in FORMATS:
        rules.extend(format_class(name).rules)
    return {rule.code: rule for rule in sorted(rules, key=lambda rule: rule.code)}
