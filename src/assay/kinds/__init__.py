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
