"""Keys as documents report them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from assay.kinds.key.spec import Key

if TYPE_CHECKING:
    from assay.document_kind import Parameters
    from assay.spec.document import Spec


class ToldKey(msgspec.Struct, frozen=True, kw_only=True):
    """An encryption key."""

    name: str
    variable: str
    description: str
    cipher: str
    obtain: str
    previous: tuple[str, ...]
    """The variables with earlier keys."""
    rotate_every: str


def tell(spec: Spec, parameters: Parameters) -> dict[str, Any]:
    """The keys of the variables that a document covers."""
    return {
        "keys": [
            _key(name, entry.declared)
            for name, entry in spec.entries(Key).items()
            if _chosen(entry.declared.variable, spec, parameters)
        ]
    }


def _chosen(name: str, spec: Spec, parameters: Parameters) -> bool:
    variable = spec.variables[name].declared.variable
    return parameters.chooses(name, variable.group, variable.only_in)


def _key(name: str, key: Key) -> ToldKey:
    return ToldKey(
        name=name,
        variable=key.variable,
        description=key.description,
        cipher=key.cipher or "",
        obtain=key.obtain,
        previous=key.previous,
        rotate_every=key.rotate_every or "",
    )
