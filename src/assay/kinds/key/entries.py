"""The keys of a spec, for those who ask whether there are any.

Most specs have no key, and what a key is made of takes long to import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.kind import Entry
    from assay.kinds.key.spec import Key
    from assay.spec.document import Spec

SECTION = "keys"


def keys_of(spec: Spec) -> Mapping[str, Entry[Key]]:
    """The same as `spec.entries(Key)`."""
    return spec.sections.get(SECTION, {})


def keyed(spec: Spec) -> Mapping[str, frozenset[str]]:
    """The variables that hold keys, and the encodings that they are read in.

    What is wrong with their form is explained by their keys.
    """
    return spec.once(_keyed)


def _keyed(spec: Spec) -> Mapping[str, frozenset[str]]:
    made: dict[str, frozenset[str]] = {}
    for entry in keys_of(spec).values():
        for name in entry.declared.variables:
            made[name] = made.get(name, frozenset()) | {entry.declared.encoding}
    return made
