"""The kinds of check that assay knows.

The registry is explicit: a kind's name and the module below `assay.kinds` whose `KIND` it is. A
module is imported only when a spec has a section for it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assay.kind import Kind
    from assay.model import Rule

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
EVERYWHERE = frozenset(("source",))
"""Kinds whose checks don't hang on an entry of their own section."""
LIVE = frozenset(("credential", "database", "table"))
"""Kinds whose checks look at running systems; they are left out where nothing may be contacted."""
COMPARING = frozenset(("parity",))
"""Kinds that compare environments; where there are two, they don't hang on an entry either."""


def kind(name: str) -> Kind[Any]:
    """The kind called `name`; KeyError where there is none."""
    if name not in KINDS:
        raise KeyError(name)
    found: Kind[Any] = import_module(f"assay.kinds.{name}.kind").KIND
    return found


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


def renamed_codes() -> dict[str, str]:
    """Former codes of rules, each with the present one."""
    return {old: rule.code for rule in all_rules().values() for old in rule.formerly}
