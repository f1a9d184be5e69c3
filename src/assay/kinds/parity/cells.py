"""What may be compared of a variable or a key in one environment: from settings to cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.comparison import Cell, Pepper
from assay.facts import Setting, State
from assay.kinds.conditions import unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.kinds.key.spec import Key
    from assay.kinds.variable.spec import Declared
    from assay.spec.document import Spec


def variable_cell(setting: Setting, name: str, declared: Declared | None, pepper: Pepper) -> Cell:
    """The cell of a variable; `declared` is None for a name that no spec declares.

    The application sees the default of what is unset, and an empty text only where that is allowed.
    """
    value = setting.text
    if declared is not None and value is None:
        if setting.state is State.MISSING:
            value = declared.default or None
        elif setting.state is State.EMPTY and declared.variable.allow_empty:
            value = ""
    if value is None:
        hidden = setting.state not in (State.MISSING, State.EMPTY)
        return Cell(state=setting.state, reason=unreadable(setting).reason if hidden else "")
    data = value.encode("utf-8", "surrogatepass")
    digest = pepper.digest("variable", name, data)
    return Cell(state=setting.state, digest=digest, under=pepper.name)


def key_cell(
    settings: Mapping[str, Setting], name: str, key: Key, spec: Spec, pepper: Pepper
) -> Cell:
    """The cell of a key, by the bytes that the application makes of its variable.

    Two spellings of the same bytes are the same key. `settings` holds the variables that it needs.
    """
    from assay.crypto import Problem, derived

    setting = settings[key.variable]
    text = setting.text or (
        spec.variables[key.variable].declared.default if setting.state is State.MISSING else None
    )
    if not text:
        return variable_cell(setting, name, None, pepper)
    salts = {n: settings[n].text for n in key.references}
    made = derived(key, text, salts)
    if isinstance(made, Problem):
        return Cell(state=State.UNREADABLE, reason=f"not a usable key: it {made.reason}")
    digest = pepper.digest("key", name, made)
    return Cell(state=setting.state, digest=digest, under=pepper.name)
