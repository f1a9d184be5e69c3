"""What a condition would give away of a secret, as flaws of the spec; found offline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.kind import Flaw
from assay.spec import rules
from assay.spec.literals import place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.spec.document import Spec
    from assay.spec.expressions import Condition
    from assay.spec.revealing import Look

    Path = tuple[str | int, ...]

MOST_LENGTHS = 4
"""Lengths that the conditions of a spec may compare a secret's with: enough for bounds, and too few
to find out how long it is."""


def flaws(path: Path, condition: Condition, spec: Spec, *, in_rule: bool) -> Iterator[Flaw]:
    """At most one flaw for each secret, at its place in the text."""
    if not any(is_secret(name, spec) for name in condition.read):
        return
    from assay.spec.revealing import Scope, looks

    scope = Scope(lambda name: is_secret(name, spec), lambda name: _is_given(name, spec))
    told: set[str] = set()
    for look in looks(spec.conditions.tree(condition), scope):
        if look.name not in told and not (look.sort == "bound" and _is_one_of_few(look, spec)):
            told.add(look.name)
            has_size = spec.variables[look.name].declared.format.cel in ("string", "list")
            instead = _INSTEAD[look.sort] if has_size else _INSTEAD_OF_NUMBERS
            yield _flaw(path, look, condition.text, f"{instead}{_ADMITTED if in_rule else ''}.")


def is_secret(name: str, spec: Spec) -> bool:
    """Whether nobody may see the value of a name that a condition reads."""
    return name in spec.variables and bool(spec.variables[name].declared.secret)


def _is_given(name: str, spec: Spec) -> bool:
    """Whether the spec itself may give a name's value, so that comparing with it is guessing."""
    if name not in spec.variables:
        return True  # the name of the environment, or whether it is live
    return spec.variables[name].declared.default is not None


def _is_one_of_few(look: Look, spec: Spec) -> bool:
    lengths = spec.conditions.lengths.setdefault(look.name, set())
    if look.length not in lengths and len(lengths) == MOST_LENGTHS:
        return False
    lengths.add(look.length)
    return True


_WHAT = {
    "bound": "how long {name} is, by more than {most} bounds",
    "content": "what {name} consists of",
    "given": "whether {name} equals {other}, which the spec gives a value",
    "length": "how long {name} is",
}
_INSTEAD = {
    "bound": "Keep a least and a greatest length: `min-length` and `max-length` of {name}",
    "content": "Let the type of {name} check it, or its `pattern`. A condition may ask "
    "`isSet('{name}')`, `{name} != OTHER_VARIABLE` and `size({name}) >= 32`",
    "given": "Compare {name} with a variable that has no `default`",
    "length": "Ask for a bound, as in `size({name}) >= 32`, or set `min-length` and `max-length` "
    "of {name}",
}
"""What a look gives away, and what to do instead."""
_INSTEAD_OF_NUMBERS = (
    "Let the type of {name} check it. A condition may ask `isSet('{name}')` and "
    "`{name} != OTHER_VARIABLE`"
)


_ADMITTED = ". If everyone may know the answer, add `reveals: true` to the rule"


def _flaw(path: Path, look: Look, text: str, step: str) -> Flaw:
    filling = {"name": look.name, "other": look.other, "most": MOST_LENGTHS}
    values = {
        "name": look.name,
        "what": _WHAT[look.sort].format_map(filling),
        "step": step.format_map(filling),
    }
    return Flaw(rules.REVEALING, path, values, (*place(text, look.at), len(look.name)))
