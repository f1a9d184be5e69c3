"""A named variable is set, and looks the way the program expects.

The first thing that is wrong with a value is reported, and nothing that only follows from it: a key
that came with a newline is not also called malformed.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import msgspec

from assay.facts import Facts, Listing, Query, Setting, State, Unobserved, Value
from assay.formats.hosts import is_loopback
from assay.hygiene import damage, reach, standins, strength
from assay.hygiene.exposure import exposure
from assay.hygiene.lists import PUBLISHABLE_STARTS
from assay.hygiene.misread import RULES as MISREAD
from assay.hygiene.misread import misread
from assay.hygiene.sounds import sound
from assay.hygiene.standins import obtaining
from assay.hygiene.unfilled import names_nobody, tells_what_to_do
from assay.kind import Check, Kind, NotApplicable, RuleMaker, Subject, deferred, source_checks
from assay.kinds import conditions, revealing
from assay.kinds.key.entries import keyed
from assay.kinds.variable.lint import lint
from assay.kinds.variable.making import advice, encrypts, strength_matters
from assay.kinds.variable.spec import Declared, Variable, narrows, parse_variable
from assay.kinds.variable.swapped import SWAPPED, swapped
from assay.model import Category, Severity, Violation
from assay.words import either

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from assay.spec.document import Spec

rule: RuleMaker = RuleMaker(Category.MISSING)
MISSING = rule(
    "variable-missing",
    "{name} is not set in {source}",
    why="The application reads it and finds nothing, so it stops at startup or fails at first use.",
    **obtaining(
        "Set {name} in {source}[], or declare it `required: false`.",
        library="Set {name} in {source} (get it here: {obtain}), or list it under `unused` if the "
        "project doesn't use it.",
    ),
)
MISSPELT = rule(
    "variable-misspelled",
    "{name} is not set, but {other} is: did you mean {name}?",
    "Rename {other} to {name} in {source}.",
    "A name that differs by one letter is a different variable, so the application finds neither.",
    category=Category.NAMING,
    bad="MPESA_CONSUMER_KEYY=...",
    good="MPESA_CONSUMER_KEY=...",
)
EMPTY = rule(
    "variable-empty",
    "{name} is set in {source}, but empty",
    why="Programs only test whether a variable is set, then use the empty text as a key or a host.",
    **obtaining(
        "Set {name} to a value[], or declare `allow-empty: true`. An interrupted pipe or prompt "
        "leaves a value empty.",
        library="Set {name} to a value (get it here: {obtain}), or remove it from {source} and "
        "list it under `unused` if the project doesn't use it.",
    ),
    bad="API_KEY=",
    good="API_KEY=<the key>",
)
DEPRECATED = rule(
    "variable-deprecated",
    "{name} is deprecated",
    "Remove {name}.",
    "A later version of the application will no longer read it.",
    category=Category.NAMING,
    severity=Severity.WARNING,
    messages={"replaced": "{name} is deprecated: {new} replaces it"},
    remedies={"replaced": "Set {new} instead, then remove {name}."},
    bad="OLD_NAME=...",
    good="NEW_NAME=...",
)
MISPLACED = rule(
    "variable-misplaced",
    "{name} is set in {environment}, but belongs only in {expected}",
    "Remove {name} from {source}.",
    "A setting that belongs elsewhere can take effect here by mistake, and a live secret on a "
    "laptop can leak.",
    category=Category.PARITY,
)


def checks(spec: Spec, environment: str) -> Iterator[Check[Subject[Declared]]]:
    """One check for each declared variable."""
    sources = source_checks(spec, environment)
    for entry in spec.used.values():
        group = entry.declared.variable.group
        yield entry.check(KIND, spec, environment, group=group, requires=sources)


def needs(model: Subject[Declared]) -> Iterator[Query[Any]]:
    """Its own value, those that its conditions and its type refer to, and the list of names."""
    declared, environment = model.declared, model.environment
    yield Value(environment, declared.name)
    yield Listing(environment)
    texts = (declared.variable.required, declared.variable.when)
    read = (conditions.accepted(text, model.spec).names for text in texts if isinstance(text, str))
    form = declared.format
    for name in chain(form.references(), form.exemptions(), *read):
        yield Value(environment, name)


def evaluate(model: Subject[Declared], facts: Facts) -> Iterator[Violation]:
    """Whether it is set where it must be, and only there, and whether its value is good."""
    declared, environment = model.declared, model.environment
    variable = declared.variable
    setting = facts[Value(environment, declared.name)]
    present = setting.state is not State.MISSING
    belongs = not variable.only_in or environment in variable.only_in
    if not belongs and not present:
        raise NotApplicable(f"it belongs only in {either(variable.only_in)}")
    if variable.when is not None and not _holds(variable.when, model, facts):
        raise NotApplicable(f"its condition `when: {variable.when}` is false here")
    found: Iterable[Violation]
    if not belongs:
        found = [MISPLACED.violated(expected=either(variable.only_in))]
    elif not present:
        found = _missing(model, facts)
    else:
        found = _present(model, setting, facts)
    sources = model.spec.environments[environment].labels
    listed = Listing(environment)
    advised, command = advice(declared, model.spec)
    kept = "encrypting" if encrypts(declared.name, model.spec) else ""
    for violation in found:
        filled = (
            violation.advised(kept)
            .advised(advised)
            .with_values(
                name=declared.name,
                source=setting.source or sources,
                environment=environment,
                obtain=variable.obtain.rstrip("."),
                command=command,
            )
        )
        shown = {declared.name, filled.values.get("other", "")}  # at the place of the violation
        yield msgspec.structs.replace(
            filled,
            at=filled.at or setting.location,
            sensitive=bool(filled.written)
            or declared.secret
            or setting.expanded
            or any(
                declared.hides(facts[listed][n].text or "") for n in shown & facts[listed].keys()
            ),
        )


def _missing(model: Subject[Declared], facts: Facts) -> Iterator[Violation]:
    from assay.kinds.source.kind import misspellings

    declared, spec, environment = model.declared, model.spec, model.environment
    required = declared.default is None and _required(model, facts)
    other = misspellings(spec, environment, facts).get(declared.name)
    if other is not None and not declared.variable.deprecated:
        meant = facts[Listing(environment)][other]
        violation = MISSPELT.violated(other=other, source=meant.source, at=meant.name_location)
        severity = None if required else Severity.WARNING
        yield msgspec.structs.replace(violation, severity=severity, written=other)
    elif required:
        yield MISSING.violated(advice=_in_library(model))


def _in_library(model: Subject[Declared]) -> str:
    """The remedy for what only a built-in spec declares: a project can't edit it."""
    file = model.spec.location("variables", model.name, key=True).file
    return "library" if file.startswith("builtin:") and model.declared.variable.obtain else ""


def _present(model: Subject[Declared], setting: Setting, facts: Facts) -> Iterator[Violation]:
    declared = model.declared
    if new := declared.variable.deprecated:
        replaced = isinstance(new, str)
        yield DEPRECATED.violated(case="replaced" if replaced else "", new=new)
    if (setting.text or "").lower() in standins.NOTHING_IN_LARAVEL and _read_by_laravel(
        setting, model
    ):
        return
    if setting.misread and (found := list(_misread(declared, setting))):
        yield from found
        return
    if setting.state is State.EMPTY:
        needed = not declared.variable.allow_empty and _required(model, facts)
        # but one reference to a variable by a usual name: `${TOKEN}`
        passed_on = len(setting.lost) == 1 and setting.lost[0].isupper()
        if setting.lost and (needed or (declared.secret and not passed_on)):
            yield damage.expanded(setting.dialect)
        elif needed:
            yield EMPTY.violated(advice=_in_library(model))
        return
    if setting.state is not State.READABLE:
        raise Unobserved(conditions.unreadable(setting))
    if field := revealing.chosen(declared):
        revealing.ensure_no_copy(field, setting, model.spec)
    revealing.ensure_few_copies(setting, declared, model.spec, facts.guesses)
    yield from _first_fault(model, setting, facts)


def _read_by_laravel(setting: Setting, model: Subject[Declared]) -> bool:
    """Whether Laravel's `env()` gives the value, as it does those of the process too."""
    environments = model.spec.environments
    here = environments[model.environment].values
    near = (source for environment in environments.values() for source in environment.values)
    dialects = [one for s in (*here, *near) if (one := getattr(s, "dialect", ""))]
    return (setting.dialect or next(iter(dialects), "")) == "php"


def _misread(declared: Declared, setting: Setting) -> Iterator[Violation]:
    """What the loader made of the value, whose other faults would only be consequences."""
    value = setting.text or ""
    malformed = any(declared.format.violations(value)) if value else False
    return misread(setting.misread, value, setting.dialect, malformed=malformed)


def _first_fault(  # noqa: C901, PLR0912 - one branch a stage, in the order that decides
    model: Subject[Declared], setting: Setting, facts: Facts
) -> Iterator[Violation]:
    """The violations of the first stage that has any; later ones would only be consequences."""
    value = setting.text or ""
    declared, name = model.declared, model.declared.name
    form, secret = declared.format, declared.secret
    live = model.spec.environments[model.environment].live
    malformed = [] if _is_exempted(model, facts) else list(form.violations(value))
    if form.closed and not malformed:
        return
    shaped = getattr(form, "pattern", None) is not None
    prescribed = shaped or not form.chosen_by_people
    chosen = secret and (bool(malformed) or not prescribed)
    kept = not form.free or name in keyed(model.spec)
    # keys that are made for browsers
    publishable = declared.variable.secret is None and value.startswith(PUBLISHABLE_STARTS)
    doubtful = bool(malformed) or (secret and form.free and not shaped)
    named = bool(malformed) and "_" in name and strength.named_after(value, name)
    local_hosts = [] if malformed else [h for h in form.hosts_in(value) if is_loopback(h)]
    if stand_in := list(standins.stand_in(value, secret=secret)):
        yield from stand_in
    elif named or names_nobody(value) or (doubtful and tells_what_to_do(value)):
        yield standins.PLACEHOLDER.violated()
    elif (not shaped or malformed) and (sealed := list(standins.encrypted(name, value))):
        yield from sealed
    elif (chosen or malformed) and (
        instead := list(standins.instead_of_secret(name, value, kept=secret and kept))
    ):
        yield from instead
    elif secret and setting.lost:
        yield damage.expanded(setting.dialect)
    elif hurt := list(
        damage.damage(
            value,
            keeps_space=form.keeps_space or "pem" in keyed(model.spec).get(name, ()),
            keeps_quotes=form.keeps_quotes and not malformed,
        )
    ):
        yield from hurt
    elif chosen and (around := list(damage.clutter(name, value, encoded=bool(form.encoding)))):
        yield from around
    elif secret and (foreign := list(standins.of_other_vendor(name, value))):
        yield from foreign
    elif live and (known := list(standins.published(value, environment=model.environment))):
        yield from known
    elif value == declared.example and (
        secret or (live and form.example_is_reserved and not any(local_hosts))
    ):
        yield standins.EXAMPLE.violated()
    elif exposed := list(exposure(name, value, declared_secret=secret and not publishable)):
        yield from exposed
    elif malformed and (exchanged := list(swapped(model, value, facts))):
        yield from exchanged
    elif malformed:
        if name in keyed(model.spec) and form.encoding:
            return
        for violation in malformed:
            severity = declared.severity or violation.severity
            told = form.of_secret(violation) if secret else violation
            yield msgspec.structs.replace(told, severity=severity)
    elif (
        live
        and any(local_hosts)
        and (near := list(reach.out_of_reach(name, environment=model.environment)))
    ):
        yield from near
    elif beside := list(_beside(model, value, facts)):
        yield from beside
    elif (
        _is_chosen(declared)
        and name not in keyed(model.spec)
        and strength_matters(model.spec, model.environment)
    ):
        yield from strength.weakness(value, name=name, shaped=shaped)


def _is_exempted(model: Subject[Declared], facts: Facts) -> bool:
    """Whether the form of a value doesn't matter, because of what another variable says."""
    form = model.declared.format
    others = {name: facts[Value(model.environment, name)].text for name in form.exemptions()}
    return form.exempted({name: text for name, text in others.items() if text})


def _beside(model: Subject[Declared], value: str, facts: Facts) -> Iterator[Violation]:
    """What is wrong with a value beside others, if all of those can be read."""
    names = model.declared.format.references()
    others = {name: facts[Value(model.environment, name)].text for name in names}
    readable = {name: text for name, text in others.items() if text is not None}
    if names and len(readable) == len(names):
        yield from model.declared.format.violations_with(value, readable)


def _required(model: Subject[Declared], facts: Facts) -> bool:
    required = model.declared.variable.required
    return required if isinstance(required, bool) else _holds(required, model, facts)


def _holds(text: str, model: Subject[Declared], facts: Facts) -> bool:
    """Whether a condition is true; false if it depends on something unset."""
    return conditions.holds(text, model.spec, model.environment, facts) is True


def _is_chosen(declared: Declared) -> bool:
    """Whether people choose the whole value, so that they can choose one that is too weak.

    Of what is secret by its name alone, an address or a salt isn't.
    """
    if not declared.secret or not declared.format.chosen_by_people:
        return False
    said = sound(declared.name)
    return said in ("text", "number") or (declared.variable.secret is True and said != "address")


KIND: Kind[Subject[Declared]] = Kind(
    name="variable",
    section=Declared.section,
    rules=(
        *rule.made,
        *standins.RULES,
        *damage.RULES,
        *MISREAD,
        *strength.RULES,
        *reach.RULES,
        SWAPPED,
    ),
    doc=__doc__ or "",
    compared_by=("parity",),
    stand_in=None,
    fields=Variable,
    narrows=narrows,
    parse=parse_variable,
    shape=deferred("assay.kinds.variable.shapes:variable_shape"),
    cells=deferred("assay.kinds.variable.cells:cells"),
    values=deferred("assay.kinds.variable.cells:values"),
    definitions=deferred("assay.kinds.variable.shapes:definitions"),
    for_editors=deferred("assay.kinds.variable.shapes:explain"),
    completed=lambda entry: {"type": "text", **entry} if isinstance(entry, dict) else entry,
    lint=lint,
    checks=checks,
    needs=needs,
    evaluate=evaluate,
)
