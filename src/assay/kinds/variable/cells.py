"""What may be compared of variables in one environment, and which values may be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.comparison import Cell, Pepper
from assay.facts import Setting, State
from assay.hygiene.exposure import marked_secret
from assay.hygiene.naming import shown
from assay.kinds.conditions import unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.kinds.variable.spec import Declared
    from assay.spec.document import Spec


UNSET = Setting(state=State.MISSING)


def cells(
    spec: Spec, environment: str, listing: Mapping[str, Setting], pepper: Pepper
) -> dict[str, Cell]:
    """The cells of the declared variables, and of others that only the application can mean."""
    sources = spec.environments[environment].values
    exhaustive = {source.label for source in sources if source.exhaustive}
    found = {
        name: variable_cell(listing.get(name, UNSET), name, entry.declared, pepper)
        for name, entry in spec.used.items()
    }
    for name, setting in listing.items():
        if name not in found and setting.source in exhaustive and shown(name) == name:
            found[name] = variable_cell(setting, name, None, pepper)
    return found


def values(spec: Spec, listing: Mapping[str, Setting]) -> dict[str, str]:
    """The values that may be shown."""
    found = {}
    for name, entry in spec.used.items():
        setting, declared = listing.get(name, UNSET), entry.declared
        text = setting.text or (declared.default if setting.state is State.MISSING else None)
        if text and _showable(setting, text, declared):
            found[name] = text
    return found


def variable_cell(setting: Setting, name: str, declared: Declared | None, pepper: Pepper) -> Cell:
    """The cell of a variable; `declared` is None for a name that no spec declares.

    The application sees the default of what is unset, and an empty text only if that is allowed.
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


def _showable(setting: Setting, text: str, declared: Declared) -> bool:
    """Whether a value may be shown: what is not of its type may be anything, pasted by mistake."""
    return not (
        declared.secret
        or setting.expanded
        or marked_secret(text)
        or any(declared.format.violations(text))
    )
