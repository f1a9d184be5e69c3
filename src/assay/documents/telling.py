"""What the kinds of checks tell documents of their entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from assay.documents.markdown import line
from assay.kinds import KINDS, kinds_of

if TYPE_CHECKING:
    from assay.document_kind import Parameters
    from assay.spec.document import Spec


def told(spec: Spec, parameters: Parameters) -> dict[str, Any]:
    """Values for templates by their names, every text of them on one line.

    A kind that the spec has no entries of has an empty list, so that templates may ask for it.
    """
    found: dict[str, Any] = {}
    for kind in KINDS.values():
        if kind.tell is not None:
            found |= kind.tell(spec, parameters)
    return {name: _lined(value) for name, value in found.items()}


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
    """A value with each of its texts on one line."""
    if isinstance(value, str):
        return line(value)
    if isinstance(value, (list, tuple)):
        return type(value)(map(_lined, value))
    if isinstance(value, msgspec.Struct):
        fields = {name: _lined(getattr(value, name)) for name in value.__struct_fields__}
        return msgspec.structs.replace(value, **fields)
    return value
