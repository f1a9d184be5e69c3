"""Keys, rules of the spec's own and waivers, as documents tell them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from assay.documents.markdown import line

if TYPE_CHECKING:
    from assay.spec.document import Spec


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """An encryption key."""

    name: str
    variable: str
    description: str
    cipher: str
    encoding: str
    obtain: str
    previous: tuple[str, ...]
    """The variables with earlier keys."""
    rotate_every: str


class OwnRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that the spec itself makes, across variables."""

    name: str
    when: str
    condition: str
    message: str
    remedy: str


def keys_of(spec: Spec) -> list[Key]:
    """The keys that a spec declares."""
    return [
        Key(
            name=name,
            variable=entry.declared.variable,
            description=_text(entry.declared, "description"),
            cipher=_text(entry.declared, "cipher"),
            encoding=_text(entry.declared, "encoding"),
            obtain=_text(entry.declared, "obtain"),
            previous=tuple(entry.declared.previous),
            rotate_every=_text(entry.declared, "rotate_every"),
        )
        for name, entry in spec.sections.get("keys", {}).items()
    ]


def rules_of(spec: Spec) -> list[OwnRule]:
    """The rules that a spec makes itself."""
    return [
        OwnRule(
            name=line(name),
            when=_text(entry.declared, "when"),
            condition=_text(entry.declared, "assert_", "assertion", "condition"),
            message=_text(entry.declared, "message"),
            remedy=_text(entry.declared, "remedy"),
        )
        for name, entry in spec.sections.get("rules", {}).items()
    ]


def _text(declared: Any, *names: str) -> str:
    """The first field of these names that is a text; empty where there is none."""
    for name in names:
        found = getattr(declared, name, None)
        if isinstance(found, str):
            return line(found)
    return ""
