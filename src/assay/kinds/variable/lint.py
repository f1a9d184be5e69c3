"""What is wrong with a variable's declaration beyond its shape; found offline."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assay.hygiene.pasted import looks_real
from assay.kind import Entry, Flaw
from assay.kinds import conditions
from assay.kinds.flaws import unknown
from assay.spec import rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.kinds.variable.spec import Declared
    from assay.spec.document import Spec


def lint(entry: Entry[Declared], spec: Spec) -> Iterator[Flaw]:
    """Its name, conditions, references, parameters of the type, and the default."""
    declared: Declared = entry.declared
    variable = declared.variable
    if _IMPOSSIBLE.search(declared.name) and declared.name not in spec.broken:
        similar = re.sub(r"\W+", "_", declared.name).strip("_") or "NAME"
        yield Flaw(rules.NAME, (), {"name": declared.name, "similar": similar}, on_key=True)
    for field, text in (("required", variable.required), ("when", variable.when)):
        if isinstance(text, str):
            yield from _condition(declared.name, field, text, spec)
    for name, said in declared.format.problems():
        yield Flaw(rules.PARAMETER, (name,), _parameter(name, said))
    for index, name in enumerate(variable.only_in):
        yield from unknown(("only-in", index), name, spec.environments, "an environment")
    for name in declared.format.references():
        path = _field_of(declared, name)
        yield from unknown(path, name, spec.variables, "a declared variable")
    yield from _pasted(declared)
    if variable.deprecated == declared.name:
        reason = "a variable can't be replaced by itself"
        step = "Write `deprecated: true`, or the name of the variable that replaces it."
        values = {"field": "deprecated", "reason": reason, "step": step}
        yield Flaw(rules.PARAMETER, ("deprecated",), values)
    elif isinstance(variable.deprecated, str):
        known = spec.variables
        yield from unknown(("deprecated",), variable.deprecated, known, "a declared variable")
    default = declared.default
    if default and not any(declared.format.problems()) and any(declared.format.violations(default)):
        expected = _valid(declared.format.title)
        values = {"field": "default", "case": "default", "expected": expected}
        yield Flaw(rules.PARAMETER, ("default",), values)


_IMPOSSIBLE = re.compile(r"""[\s=$'"`{}\x00-\x1f]|^$""")
"""What is in no name: shells, loaders and platforms refuse it, or read something else."""


def _parameter(name: str, said: str) -> dict[str, str]:
    """The values of a flaw in a parameter."""
    limits = _LIMITS.fullmatch(said)
    if limits is not None:
        return {"field": name, "case": "limits", **limits.groupdict()}
    return {"field": name, "reason": said.removeprefix(f"the {name} is ")}


_LIMITS = re.compile(
    r"(?P<lower>\S+) \((?P<low>.*)\) is greater than (?P<upper>\S+) \((?P<high>.*)\), so no "
    r"(?P<thing>\w+) is valid"
)


def _valid(title: str) -> str:
    """`a valid port number`."""
    article, _, words = title.partition(" ")
    if article in ("a", "an"):
        return f"a valid {words}"
    return title if article == "one" else f"valid {title}"


def _pasted(declared: Declared) -> Iterator[Flaw]:
    """A real secret where the spec shows what a value is like."""
    for field, text in (("default", declared.default), ("example", declared.example)):
        if text and text != declared.format.example() and looks_real(text, secret=declared.secret):
            values = {"field": field, "name": declared.name}
            yield Flaw(rules.SECRET, (field,), values, sensitive=True)


_WORDS = {"yes": "true", "on": "true", "no": "false", "off": "false"}
"""Words that are booleans in YAML 1.1, and text in YAML 1.2."""


def _condition(name: str, field: str, text: str, spec: Spec) -> Iterator[Flaw]:
    meant = _WORDS.get(text.lower())
    if meant is not None and text not in spec.variables:
        values = {
            "field": field,
            "expected": "true, false or a condition",
            "actual": f"the text {text}",
            "step": f"Write `{field}: {meant}`: in YAML 1.2 `{text}` is text.",
        }
        yield Flaw(rules.WRONG_TYPE, (field,), values)
        return
    found = [*conditions.flaws((field,), text, spec)]
    yield from found
    if field == "required" and not found and name in conditions.accepted(text, spec).names:
        reason = f"whether {name} must be set can't depend on {name} itself"
        step = "Write `required: true` or `required: false`, or read another variable."
        yield Flaw(rules.CONDITION, (field,), {"reason": reason, "step": step})


def _field_of(declared: Declared, name: str) -> tuple[str, ...]:
    """The parameter of the type that refers to another variable."""
    form = declared.format
    fields = zip(form.__struct_fields__, form.__struct_encode_fields__, strict=True)
    return next(((field,) for own, field in fields if getattr(form, own) == name), ())
