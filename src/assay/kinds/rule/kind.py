"""A rule holds: a condition over several variables that the team has written down.

Rules are checked after the variables that they read, so that a variable that is missing or
malformed makes one finding, and not another for each rule. A rule that depends on a variable that
is not set does not apply.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import msgspec

from assay.facts import Facts, Query, Setting, State, Unobservable, Unobserved, Value
from assay.kind import Check, CheckId, Kind, NotApplicable, Subject, source_checks
from assay.kinds import conditions
from assay.kinds.fields import Loosens, Said, SeverityName, about, described, filled
from assay.kinds.rule.lint import lint
from assay.model import Category, Related, Rule, Severity, Violation
from assay.spec.narrows import EXEMPTING, FREE, SEVERITY, becoming, merging
from assay.spec.structs import shape_of
from assay.words import either, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from assay.document_kind import Parameters
    from assay.spec.document import Spec


class ToldRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that the spec itself makes, across variables."""

    name: str
    description: str
    when: str
    condition: str
    message: str
    remedy: str


def tell(spec: Spec, _parameters: Parameters) -> dict[str, Any]:
    """The rules that a spec makes itself."""
    rules = {name: entry.declared for name, entry in spec.entries(CrossRule).items()}
    told = [filled(ToldRule, r, name=name, condition=r.assertion) for name, r in rules.items()]
    return {"rules": told}


class CrossRule(Said, frozen=True, kw_only=True):
    """A condition over several variables that must hold in each environment."""

    section: ClassVar[str] = "rules"

    when: Annotated[
        str | None,
        about(
            "A CEL condition; if it is false, or depends on an unset variable, the "
            "rule does not apply.",
            ["MPESA_ENVIRONMENT == 'production'"],
        ),
        EXEMPTING,
    ] = None
    assertion: Annotated[
        str,
        about(
            "The CEL condition that must be true.",
            ["MPESA_CALLBACK_URL.startsWith('https://')"],
            min_length=1,
        ),
    ] = msgspec.field(name="assert")
    message: Annotated[
        str,
        about(
            "What is wrong if the condition is false, in a sentence; shown in findings.",
            ["The callback URL must be a public https address."],
            min_length=1,
        ),
        FREE,
    ]
    remedy: Annotated[
        str,
        about(
            "What to do about it, in a sentence.",
            ["Set MPESA_CALLBACK_URL to the deployed address."],
        ),
        FREE,
    ] = ""
    reveals: Annotated[
        bool,
        about(
            "Whether the conditions may examine secrets. Everyone who reads the report "
            "then learns the answer."
        ),
        merging(becoming(False), allows=("assert", "when")),
    ] = False
    severity: Annotated[SeverityName, about("How bad a violation is."), SEVERITY] = "error"
    description: Annotated[str, described("Why the rule exists")] = ""
    group: Annotated[str, about("The heading under which documents list it."), FREE] = ""
    loosens: Loosens = ()


BROKEN = Rule(
    code="rule-violated",
    category=Category.RULE,
    message="rule {rule} is violated: {words}",
    remedy="Change the environment, or the rule {rule}.",
    remedies={"variables": "Change {variables} so that `{condition}` is true."},
    why="Each value is valid on its own, but together they make the application do the wrong "
    "thing.",
    bad="MPESA_ENVIRONMENT=production\nMPESA_CALLBACK_URL=https://localhost/callback",
    good="MPESA_ENVIRONMENT=production\nMPESA_CALLBACK_URL=https://pay.example.com/callback",
    formerly=("rule-broken",),
)


def checks(spec: Spec, environment: str) -> Iterator[Check[Subject[CrossRule]]]:
    """One check for each rule."""
    sources = source_checks(spec, environment)
    for entry in spec.entries(CrossRule).values():
        # of those whose values count; whether one is set is known of a malformed one too
        read = _distinct(conditions.accepted(text, spec).read for text in _texts(entry.declared))
        if any(spec.variables[name].declared.unused for name in read):
            continue
        requires = (*sources, *(CheckId("variable", environment, name) for name in read))
        yield entry.check(KIND, spec, environment, group=entry.declared.group, requires=requires)


def names(spec: Spec, rule: CrossRule) -> tuple[str, ...]:
    """The variables that a rule speaks of: those of what it asserts first."""
    return _distinct(conditions.accepted(text, spec).names for text in _texts(rule))


def hangs_on_environment(spec: Spec, rule: CrossRule) -> bool:
    """Whether what a rule says differs between environments by their name."""
    return any(conditions.accepted(text, spec).environment for text in _texts(rule))


def _texts(rule: CrossRule) -> tuple[str, ...]:
    return (rule.assertion,) if rule.when is None else (rule.assertion, rule.when)


def _distinct(names: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for some in names for name in some))


def needs(model: Subject[CrossRule]) -> Iterator[Query[Any]]:
    """The values of the variables that it speaks of."""
    for name in names(model.spec, model.declared):
        yield Value(model.environment, name)


def evaluate(model: Subject[CrossRule], facts: Facts) -> Iterator[Violation]:
    """Whether the condition holds where the rule applies."""
    rule = model.declared
    if rule.when is not None and not _decided("when", rule.when, model, facts):
        raise NotApplicable(f"its condition `when: {_line(rule.when)}` is false here")
    if not _decided("assert", rule.assertion, model, facts):
        missing = [name for name in names(model.spec, rule) if _lacks(name, model, facts)]
        if missing:
            raise NotApplicable(f"{listed(missing)} must be set, which is reported by itself")
        yield _violation(model, facts)


def _lacks(name: str, model: Subject[CrossRule], facts: Facts) -> bool:
    """Whether a variable that always has to be set isn't, so that a rule need not say it again."""
    variable = model.spec.variables[name].declared.variable
    state = facts[Value(model.environment, name)].state
    unset = (State.MISSING,) if variable.allow_empty else (State.MISSING, State.EMPTY)
    belongs = not variable.only_in or model.environment in variable.only_in
    return (
        variable.required is True
        and variable.when is None
        and variable.default is None
        and belongs
        and state in unset
    )


def _decided(field: str, text: str, model: Subject[CrossRule], facts: Facts) -> bool:
    reveals = model.declared.reveals
    result = conditions.holds(text, model.spec, model.environment, facts, reveals=reveals)
    if isinstance(result, bool):
        return result
    if result.names:
        what = listed(result.names)
        verb = "are" if len(result.names) > 1 else "is"
        empty = all(
            facts[Value(model.environment, name)].state is State.EMPTY for name in result.names
        )
        raise NotApplicable(
            f"its condition `{field}` reads {what}, which {verb} {'empty' if empty else 'not set'}"
        )
    raise Unobserved(
        Unobservable(
            reason=f"its condition `{field}` can't be computed from these values: it divides by "
            "zero, converts text that is not a number, or reads past the end of a list",
            remedy=f"Guard the condition in the spec, as in `N != 0 && 100 / N > 2`: "
            f"`{_line(text)}`.",
        )
    )


def _violation(model: Subject[CrossRule], facts: Facts) -> Violation:
    rule = model.declared
    spoken = names(model.spec, rule)
    settings = {name: facts[Value(model.environment, name)] for name in spoken}
    placed = {name: s for name, s in settings.items() if s.location is not None}
    first, *others = placed or [""]
    violation = BROKEN.violated(
        case="variables" if spoken else "",
        rule=model.name,
        words=rule.message.strip(),
        variables=either(spoken),
        condition=_line(rule.assertion),
    )
    return msgspec.structs.replace(
        violation,
        own_remedy=rule.remedy,
        at=placed[first].location if first else None,
        severity=Severity(rule.severity),
        sensitive=bool(first) and _hides(model.spec, first, placed[first]),
        written=first,
        related=tuple(
            Related(label=f"{name} is set here", location=location.start)
            for name in others
            if (location := placed[name].location) is not None
        ),
    )


def _hides(spec: Spec, name: str, setting: Setting) -> bool:
    """Whether the line where a variable is set may not be shown."""
    return setting.expanded or spec.variables[name].declared.hides(setting.text or "")


def _line(text: str) -> str:
    return " ".join(text.split())


KIND: Kind[Subject[CrossRule]] = Kind(
    name="rule",
    section=CrossRule.section,
    rules=(BROKEN,),
    doc=__doc__ or "",
    fields=CrossRule,
    parse=lambda _name, data: msgspec.convert(data, CrossRule),
    shape=lambda: {"title": "rule", **shape_of(CrossRule)},
    tell=tell,
    lint=lint,
    checks=checks,
    needs=needs,
    evaluate=evaluate,
)
