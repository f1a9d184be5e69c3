"""A key is what the application makes of a variable: it fits its cipher, and is the right one.

The variable's own check comes first, and a key whose variable is missing or damaged is skipped. The
key explains the rest: how the text would be read otherwise, and what Node would make of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from assay.crypto import Problem, derived
from assay.facts import Facts, Query, State, Value
from assay.kind import Check, CheckId, Kind, NotApplicable
from assay.kinds.key_lint import lint
from assay.model import Category, Rule, Violation
from assay.spec.keys import Key, parse_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from assay.spec.document import Spec

MALFORMED = Rule(
    code="key-malformed",
    category=Category.KEY,
    message="{name} makes no key: it {reason}",
    remedy="Copy {name} again, whole, from where the key is kept.",
    why="Strict decoders raise an error; lenient ones make another, shorter key without a word.",
)


class Used(msgspec.Struct, frozen=True, kw_only=True):
    """What one check of this kind holds: a key, and the variable that is looked at."""

    name: str
    key: Key
    variable: str
    environment: str
    spec: Spec


def checks(spec: Spec, environment: str) -> Iterator[Check[Used]]:
    """One check for each key, and one for each variable with an earlier key."""
    for name, entry in spec.sections.get("keys", {}).items():
        key: Key = entry.declared
        for variable in key.variables:
            subject = name if variable == key.variable else f"{name}/{variable}"
            yield Check(
                kind=KIND,
                subject=subject,
                environment=environment,
                model=Used(
                    name=name, key=key, variable=variable, environment=environment, spec=spec
                ),
                location=entry.location,
                group=key.group or spec.variables[variable].declared.variable.group,
                requires=(
                    CheckId("variable", environment, variable),
                    *(CheckId("variable", environment, salt) for salt in key.references),
                ),
            )


def needs(model: Used) -> Iterator[Query[Any]]:
    """The variables with its keys and its salts."""
    for name in (*model.key.variables, *model.key.references):
        yield Value(model.environment, name)


def evaluate(model: Used, facts: Facts) -> Iterator[Violation]:
    """Whether the variable makes a key that the cipher accepts."""
    setting = facts[Value(model.environment, model.variable)]
    text = setting.text
    if text is None:
        words = "empty" if setting.state is State.EMPTY else "not set"
        raise NotApplicable(f"{model.variable} is {words}")
    made = derived(model.key, text, salts(model, facts))
    if isinstance(made, Problem):
        violation = MALFORMED.violated(name=model.variable, reason=made.reason, at=setting.location)
        yield msgspec.structs.replace(violation, written=model.variable)


def salts(model: Used, facts: Facts) -> Mapping[str, str | None]:
    """The values of the variables that hold salts."""
    return {n: facts[Value(model.environment, n)].text for n in model.key.references}


def shape() -> dict[str, Any]:
    """The JSON Schema of a key."""
    from assay.spec.structs import shape_of

    return shape_of(Key)


KIND: Kind[Used] = Kind(
    name="key",
    section="keys",
    rules=(MALFORMED,),
    doc=__doc__ or "",
    parse=parse_key,
    shape=shape,
    lint=lint,
    checks=checks,
    needs=needs,
    evaluate=evaluate,
)
