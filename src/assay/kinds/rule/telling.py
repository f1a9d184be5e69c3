"""Rules of a spec as documents report them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from assay.kinds.rule.spec import CrossRule

if TYPE_CHECKING:
    from assay.document_kind import Parameters
    from assay.spec.document import Spec


class ToldRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that the spec itself makes, across variables."""

    name: str
    description: str
    when: str
    condition: str
    message: str
    remedy: str


def tell(spec: Spec, _parameters: Parameters) -> dict[str, Any]:
    """The rules that a spec makes itself."""
    found = spec.entries(CrossRule)
    return {"rules": [_rule(name, entry.declared) for name, entry in found.items()]}


def _rule(name: str, rule: CrossRule) -> ToldRule:
    return ToldRule(
        name=name,
        description=rule.description,
        when=rule.when or "",
        condition=rule.assertion,
        message=rule.message,
        remedy=rule.remedy,
    )
