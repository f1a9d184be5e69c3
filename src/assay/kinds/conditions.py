"""Conditions of a spec, judged by the facts: shared by the kinds whose checks have any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.facts import Facts, Setting, State, Unobservable, Unobserved, Value
from assay.formats.patterns import pattern_problem
from assay.kind import Flaw, NotApplicable
from assay.kinds import revealing
from assay.kinds.flaws import parameter_step
from assay.model import Severity
from assay.spec import rules
from assay.spec.environments import DEFAULT_ENVIRONMENT
from assay.spec.literals import literals
from assay.spec.syntax import place
from assay.suggest import hint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.kinds.variable.spec import Declared
    from assay.spec.document import Spec
    from assay.spec.expressions import Condition, Undecided


def flaws(
    path: tuple[str | int, ...], text: str, spec: Spec, *, reveals: bool | None = None
) -> Iterator[Flaw]:
    """What is wrong with a condition that stands at `path` of an entry; found offline.

    `reveals` is whether it may look into secrets; None for what is not a rule, and never may.
    """
    from assay.spec.expressions import Mistake  # CEL takes long to import, and few need it

    result = spec.conditions.compile(text)
    if isinstance(result, Mistake):
        spot = (result.line, result.column, result.length)
        step = _unquoted(result.name, text, path[-1], spec) or result.step
        yield Flaw(rules.CONDITION, path, {"reason": result.reason, "step": step}, spot)
    else:
        impossible = [*_impossible(path, result, spec)]
        yield from impossible
        if reveals is None and not impossible:
            yield from _pointless(path, text, spec)
        if not reveals:
            yield from revealing.flaws(path, result, spec, in_rule=reveals is not None)


def _pointless(path: tuple[str | int, ...], text: str, spec: Spec) -> Iterator[Flaw]:
    """That a condition of something other than a rule is never true."""
    from assay.kinds.worlds import never_true

    if text.strip() != "false" and never_true(text, spec):
        required = path[-1] == "required"
        other = "write `required: false`" if required else "remove what it belongs to"
        step = f"Change the condition so that it can be true, or {other}."
        yield Flaw(rules.CONDITION, path, {"reason": "it is never true", "step": step})


def _unquoted(name: str, text: str, field: str | int, spec: Spec) -> str:
    """What to do about an unknown name that is a text without its quotes; empty if it isn't."""
    if name in spec.environments and text.strip() == name:
        return f"Write `{field}: \"environment == '{name}'\"`."
    words = (*spec.environments, *(w for n in spec.variables for w in _options(n, spec) or ()))
    return f"Put the text in quotes: `'{name}'`." if name and name in words else ""


def _impossible(path: tuple[str | int, ...], condition: Condition, spec: Spec) -> Iterator[Flaw]:
    """Comparisons with texts that a variable can't have, and patterns that are invalid."""
    for found in literals(spec.conditions.tree(condition)):
        if found.operator == "matches":
            problem = pattern_problem(found.text)
            step = parameter_step("pattern", f"not a regular expression: {problem}")
            values = {"reason": f"{problem}", "step": step}
            wrong = problem is not None
        else:
            known = _options(found.name, spec)
            wrong = known is not None and found.text not in known
            declared = found.name in spec.variables
            what = f"an option of {found.name}" if declared else "an environment"
            reason = f"{found.text} is not {what}{hint(found.text, known or ())}"
            step = f"Compare with one of {', '.join(filter(None, known or ()))}."
            values = {"reason": reason, "step": step}
        if wrong:
            spot = (*place(condition.text, found.offset), max(len(found.text), 1))
            yield Flaw(rules.CONDITION, path, values, spot)


def _options(name: str, spec: Spec) -> tuple[str, ...] | None:
    """The only texts that a name can stand for; None if there is no end to them."""
    if name == "environment" and name not in spec.variables:
        known = tuple(spec.environments)
        return None if known == tuple(DEFAULT_ENVIRONMENT) else known
    entry = spec.variables.get(name)
    form = entry.declared.format if entry else None
    if form is None or form.cel != "string" or not form.spellings():
        return None
    return (*form.spellings(), "")  # a condition sees the empty text where it is set, but empty


def accepted(text: str, spec: Spec) -> Condition:
    """A condition that lint has accepted; one that it refused never comes to a run."""
    from assay.spec.expressions import Condition

    condition = spec.conditions.compile(text)
    return condition if isinstance(condition, Condition) else Condition(text, ())


def holds(
    text: str, spec: Spec, environment: str, facts: Facts, *, reveals: bool = False
) -> bool | Undecided:
    """Whether a condition is true; undecided if it depends on something unset.

    Unless it `reveals`, it may not look into copies of secrets.

    Raises:
        Unobserved: it depends on something that is set but can't be read.
        NotApplicable: it depends on a value that is malformed, which has a finding of its own.

    """
    from assay.spec.expressions import Undecided

    condition = accepted(text, spec)
    if not reveals:
        revealing.ensure_blind(condition, spec, environment, facts)
    values: dict[str, object] = {}
    present: set[str] = set()
    malformed: list[str] = []
    hidden: list[Setting] = []
    for name in condition.names:
        declared: Declared = spec.variables[name].declared
        setting = facts[Value(environment, name)]
        empty = declared.variable.allow_empty and setting.state is State.EMPTY
        if empty or setting.state not in (State.MISSING, State.EMPTY):
            present.add(name)
        if setting.state not in (State.READABLE, State.EMPTY, State.MISSING):
            hidden.append(setting)
            continue
        value = setting.text or declared.default
        if value is None:
            may = empty or (setting.state is State.EMPTY and _asks_for_empty(condition, name, spec))
            if may and declared.format.cel == "string":
                values[name] = ""
        elif (meant := _meant(declared, value)) is None:
            malformed.append(name)
        else:
            values[name] = meant
    live = spec.environments[environment].live
    result = spec.conditions.holds(
        condition, values, environment=environment, present=frozenset(present), live=live
    )
    if isinstance(result, Undecided):
        if result.costly:
            raise Unobserved(_costly(text))
        _explain(hidden, malformed)
    return result


def _meant(declared: Declared, value: str) -> object | None:
    """What a condition sees of a value; None if it is malformed.

    One that is only warned of, such as a number that is too high, is judged: the application uses
    it.
    """
    form = declared.format
    found = () if form.cel == "string" else tuple(form.violations(value))
    if found and form.cel == "bool":
        return None
    if any(
        (declared.severity or one.severity or one.rule.severity) is Severity.ERROR for one in found
    ):
        return None
    try:
        return form.interpret(value)
    except ValueError:
        return None


def _asks_for_empty(condition: Condition, name: str, spec: Spec) -> bool:
    """Whether a condition compares a variable with the empty text, as in `NAME == ''`."""
    tree = spec.conditions.tree(condition)
    return any(found.name == name and not found.text for found in literals(tree))


def _explain(hidden: list[Setting], malformed: list[str]) -> None:
    """Raise what kept a condition from being decided, unless it is something unset."""
    if hidden:
        raise Unobserved(unreadable(hidden[0]))
    if malformed:
        raise NotApplicable(f"its condition reads {malformed[0]}, which is malformed")


def unreadable(setting: Setting) -> Unobservable:
    """Why a value that is set can't be judged."""
    what = {
        State.UNREADABLE: "it is set, but can't be read back",
        State.DIGEST: "only its digest can be read",
        State.DENIED: "reading it is not permitted",
    }
    reason = what.get(setting.state, "it can't be read")
    reason = f"{reason} from {setting.source}{setting.detail}"
    if setting.state is State.DENIED and setting.detail:
        reason = f"{setting.source} isn't read{setting.detail}"
    return Unobservable(
        reason=reason,
        remedy="Check it where the application runs, or accept with `--allow-unknown` that it "
        "can't be checked from here.",
    )


def _costly(text: str) -> Unobservable:
    """A condition that is not evaluated, or was given up."""
    return Unobservable(
        reason="its condition takes too much time or memory to evaluate with these values",
        remedy="Simplify the condition in the spec (fewer nested loops, no long texts): "
        f"`{' '.join(text.split())}`.",
    )
