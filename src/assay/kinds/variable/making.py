"""Where a good value of a variable comes from, as remedies and documents tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.hygiene.own import made_up
from assay.hygiene.sounds import sound
from assay.hygiene.strength import matters
from assay.kinds.key.entries import keys_of

if TYPE_CHECKING:
    from assay.kinds.variable.spec import Declared
    from assay.spec.document import Spec


def command_for(declared: Declared, spec: Spec) -> str:
    """A command that makes a good secret; empty if others issue it, or none makes one."""
    for name, entry in keys_of(spec).items():
        if declared.name in getattr(entry.declared, "variables", ()):
            return f"assay key generate {name}"
    sized = getattr(declared.format, "bytes", None) is not None
    own = declared.secret and (sized or made_up(declared.name))
    return declared.format.command() if own else ""


def strength_matters(spec: Spec, environment: str) -> bool:
    """Whether a weak secret is worth a finding: not where a spec declares an environment of tests.

    One that a fixture test makes up is called `test` as well.
    """
    declared = ("environments", environment) in spec.places
    return not declared or matters(environment, live=spec.environments[environment].live)


def encrypts(name: str, spec: Spec) -> bool:
    """Whether stored credentials may have been encrypted with the value of a variable."""
    keys = keys_of(spec)
    used = {entry.declared.key for entry in spec.sections.get("credentials", {}).values()}
    return any(name in keys[key].declared.variables for key in used & keys.keys())


def advice(declared: Declared, spec: Spec) -> tuple[str, str]:
    """Which remedy says where a good value comes from, and the command that makes one."""
    if declared.variable.obtain:
        return "obtain", ""
    if command := command_for(declared, spec):
        return "generate", command
    chosen = declared.variable.secret is True and declared.format.free
    issued = chosen or (declared.secret and sound(declared.name) in ("text", "number"))
    own = declared.format.chosen_by_people and made_up(declared.name)
    return ("issued" if issued and not own else ""), ""
