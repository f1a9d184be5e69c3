"""What is wrong with a variable's declaration beyond its shape; found offline."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assay.hygiene.pasted import looks_real
from assay.hygiene.standins import is_placeholder, is_template
from assay.kind import Entry, Flaw
from assay.kinds import conditions
from assay.kinds.flaws import parameter_step, unknown
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
        bare = re.sub(r"^\s*(?:export|set)\s+|=.*", "", declared.name, flags=re.DOTALL)
        similar = re.sub(r"\W+", "_", bare).strip("_") or "NAME"
        case = "" if declared.name.strip() else "empty"
        values = {"name": declared.name, "similar": similar, "case": case}
        yield Flaw(rules.NAME, (), values, on_key=True)
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
    yield from _deprecated(declared, spec)
    if not any(declared.format.problems()):
        yield from _misfits(declared)


def _misfits(declared: Declared) -> Iterator[Flaw]:
    """A default and an example that the type itself refuses."""
    form = declared.format
    example = None if declared.untold else declared.example  # a secret's is a placeholder
    for field, text in (("default", declared.default), ("example", example)):
        found = next(form.violations(text), None) if text else None
        if not text or found is None or (field == "example" and _stands_for(text)):
            continue
        fault = f"the {field} is not {_valid(form.title)}"
        if not declared.untold:
            filling = dict.fromkeys(("source", "environment", "obtain", "command"), "")
            fault = found.with_values(name=f"the {field}", **filling).message
        yield Flaw(rules.PARAMETER, (field,), {"field": field, "case": "misfit", "fault": fault})


def _stands_for(example: str) -> bool:
    """Whether an example shows where a value goes, not what it is: `<url>`, `sk_test_...`."""
    return is_placeholder(example) or is_template(example) or bool(_ELIDED.search(example))


_ELIDED = re.compile(r"\.\.\.|\u2026|<[^<>]+>|\{[^{}]+\}|(?i:x{3,}|your[-_])")


def _deprecated(declared: Declared, spec: Spec) -> Iterator[Flaw]:
    """What replaces a variable, and can't."""
    variable = declared.variable
    meant = _WORDS.get(str(variable.deprecated).lower())
    if meant is not None and variable.deprecated not in spec.variables:
        step = f"Write `deprecated: {meant}`: in YAML 1.2 `{variable.deprecated}` is text."
        values = {"field": "deprecated", "expected": "true, false or a name", "step": step}
        yield Flaw(rules.WRONG_VALUE, ("deprecated",), values)
    elif variable.deprecated == declared.name:
        reason = "a variable can't be replaced by itself"
        step = "Write `deprecated: true`, or the name of the variable that replaces it."
        values = {"field": "deprecated", "reason": reason, "step": step}
        yield Flaw(rules.PARAMETER, ("deprecated",), values)
    elif isinstance(variable.deprecated, str) and " " in variable.deprecated.strip():
        expected = "true, false or the name of the variable that replaces it"
        step = "Write `deprecated: true`, and what it says under `description`."
        values = {"field": "deprecated", "expected": expected, "step": step}
        yield Flaw(rules.WRONG_VALUE, ("deprecated",), values)
    elif isinstance(variable.deprecated, str):
        known = spec.variables
        yield from unknown(("deprecated",), variable.deprecated, known, "a declared variable")


_IMPOSSIBLE = re.compile(r"""[\s=$'"`{}\x00-\x1f]|^$""")
"""What is in no name: shells, loaders and platforms refuse it, or read something else."""


def _parameter(name: str, said: str) -> dict[str, str]:
    """The values of a flaw in a parameter."""
    limits = _LIMITS.fullmatch(said)
    if limits is not None:
        return {"field": name, "case": "limits", **limits.groupdict()}
    reason = said.removeprefix(f"the {name} is ")
    return {"field": name, "reason": reason, "step": parameter_step(name, said)}


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
