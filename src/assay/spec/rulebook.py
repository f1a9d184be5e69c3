"""All rules by their codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.formats import FORMATS
from assay.kinds import KINDS
from assay.spec.rules import RULES

if TYPE_CHECKING:
    from assay.model import Rule


def all_rules() -> dict[str, Rule]:
    """Every rule that a check or a spec can break, by code, in alphabetical order."""
    rules = [*RULES]
    for kind in KINDS.values():
        rules.extend(kind.rules)
    for made in FORMATS.values():
        rules.extend(made.rules)
    return {rule.code: rule for rule in sorted(rules, key=lambda rule: rule.code)}
