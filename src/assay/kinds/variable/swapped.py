"""Two variables, each of which holds what belongs in the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.facts import Listing
from assay.kind import NotApplicable
from assay.kinds import revealing
from assay.model import Category, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.facts import Facts
    from assay.kind import Subject
    from assay.kinds.variable.spec import Declared
    from assay.model import Violation
    from assay.spec.document import Spec

SWAPPED = Rule(
    code="variable-swapped",
    category=Category.NAMING,
    message="{name} and {other} are swapped: each has the value of the other",
    remedy="Exchange the values of {name} and {other}.",
    why="A service that is asked with key and secret the wrong way round only says that they are "
    "wrong.",
    bad="MPESA_CONSUMER_KEY=<the secret>, MPESA_CONSUMER_SECRET=<the key>",
    good="MPESA_CONSUMER_KEY=<the key>, MPESA_CONSUMER_SECRET=<the secret>",
)


def swapped(model: Subject[Declared], value: str, facts: Facts) -> Iterator[Violation]:
    """That a value which its type refuses is good in a variable whose own is good here.

    Raises:
        NotApplicable: so it is, and the other variable, which comes first, reports it.

    """
    own, settings = model.declared, facts[Listing(model.environment)]
    if revealing.chosen(own):
        return  # what a spec itself asks of a value is asked of no other variable's
    names, order = model.spec.once(_order)
    here = order[own.name]
    for at in range(max(here - NEAR, 0), min(here + NEAR + 1, len(names))):
        name = names[at]
        text = settings[name].text if at != here and name in settings else None
        if text and _exchanged(own, value, model.spec.variables[name].declared, text):
            if at < here:
                raise NotApplicable(f"its value and that of {name} are swapped")
            yield SWAPPED.violated(other=name)
            return


NEAR = 3
"""How far apart two variables that are mistaken for each other are declared at most."""


def _order(spec: Spec) -> tuple[list[str], dict[str, int]]:
    """The names of variables in the order of the spec, and the place of each."""
    names = list(spec.variables)
    return names, {name: at for at, name in enumerate(names)}


def _exchanged(own: Declared, value: str, other: Declared, text: str) -> bool:
    """Whether each of two values is good in the other's place alone; `value` is not in its own."""
    return (
        own.format != other.format
        and not revealing.chosen(other)
        and not any(other.format.violations(value))
        and any(other.format.violations(text))
        and not any(own.format.violations(text))
    )
