"""What may be compared of keys in one environment: the bytes that are made of their variables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.comparison import Cell, Pepper
from assay.facts import Setting, State
from assay.kinds.key.entries import keys_of
from assay.kinds.variable.cells import UNSET, variable_cell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.kinds.key.spec import Key
    from assay.spec.document import Spec


def cells(
    spec: Spec, _environment: str, listing: Mapping[str, Setting], pepper: Pepper
) -> dict[str, Cell]:
    """The cells of the keys."""
    found = {}
    for name, entry in keys_of(spec).items():
        key = entry.declared
        settings = {n: listing.get(n, UNSET) for n in (key.variable, *key.references)}
        found[name] = key_cell(settings, name, key, spec, pepper)
    return found


def key_cell(
    settings: Mapping[str, Setting], name: str, key: Key, spec: Spec, pepper: Pepper
) -> Cell:
    """The cell of a key, by the bytes that the application makes of its variable.

    Two spellings of the same bytes are the same key. `settings` holds the variables that it needs.
    """
    from assay.crypto import DerivingProblem, derived

    setting = settings[key.variable]
    text = setting.text or (
        spec.variables[key.variable].declared.default if setting.state is State.MISSING else None
    )
    if not text:
        return variable_cell(setting, name, None, pepper)
    salts = {n: settings[n].text for n in key.references}
    made = derived(key, text, salts)
    if isinstance(made, DerivingProblem):
        return Cell(state=State.UNREADABLE, reason=f"not a usable key: it {made.reason}")
    digest = pepper.digest("key", name, made)
    return Cell(state=setting.state, digest=digest, under=pepper.name)
