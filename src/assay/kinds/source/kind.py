"""An environment's sources can be read, and mean the same to every program that reads them.

A source that can't be read makes one finding; the variables that it should hold are skipped. Names
that a source sets and the spec does not declare are judged here too.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from assay.facts import Listing, Query, SourceReading, State
from assay.hygiene.exposure import EXPOSED, exposure
from assay.hygiene.misread import RULES as MISREAD
from assay.hygiene.misread import misread
from assay.hygiene.naming import shown
from assay.kind import Check, Kind, RuleMaker
from assay.model import Category, Severity, Violation
from assay.sources import SOURCES
from assay.spec.environments import Environment, parse_environment, undeclared_shape
from assay.spec.structs import named_forms, shape_of
from assay.suggest import pairs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from assay.facts import Facts, Setting
    from assay.spec.document import Spec

rule: RuleMaker = RuleMaker(Category.SOURCE)
_warning = partial(rule, severity=Severity.WARNING)
MISSING = rule(
    "source-missing",
    "{source} does not exist",
    "Create {source}, or declare the source `optional: true` if the environment works without it.",
    "Every variable that the file should set is unset for the application.",
    bad="- dotenv: {path: .env.local}",
    good="- dotenv: {path: .env.local, optional: true}",
)
UNREADABLE = rule(
    "source-unreadable",
    "{source} can't be read: {reason}",
    "Check the path and the disk, then try again.",
    "assay can't check the variables in it, and the application may be unable to read it either.",
    remedies={
        "missing": "Point the link at an existing file, or replace it with a file.",
        "denied": "Give the user that runs assay permission to read it.",
        "directory": "Name the file inside it.",
        "loop": "Point the link at a real file.",
        "too-large": "Name a file that contains configuration; this one is probably something "
        "else.",
    },
)
REFUSED = rule(
    "source-refused",
    "the {dialect} loader rejects {source}: {reason}",
    "Fix this line: {expected}.",
    "The loader stops with an error, so the application gets none of the values.",
    bad='KEY="never closed',
    good='KEY="closed"',
)
NOT_UTF8 = rule(
    "source-not-utf8",
    "{source} contains a byte that is not valid UTF-8",
    "Save {source} as UTF-8: `iconv -f {encoding} -t UTF-8 {file} > {file}.utf8`, then "
    "rename the new file.",
    "Loaders replace such bytes or reject the file, so values change. PowerShell's `>` writes "
    "UTF-16, in which loaders recognise no names.",
    messages={"utf-16": "{source} is {found}, not UTF-8"},
    remedies={
        "stdin": "Pass UTF-8: put `iconv -f {encoding} -t UTF-8 |` before this command.",
    },
)
DROPPED = _warning(
    "source-dropped-line",
    "the {dialect} loader drops this line of {source}",
    "Write the line as NAME=value with closed quotes, or comment it out with #.",
    "The loader silently ignores a line that it can't parse, so the variable is unset.",
    messages={
        "dropped-rest": "the {dialect} loader drops the text after the closing quote on this line "
        "of {source}",
        "joined-line": "this line of {source} has no `=`, so the {dialect} loader takes it for the "
        "start of the next name",
    },
    remedies={
        "dropped-rest": "Put the complete value between the quotes, or put a `#` before the rest.",
    },
    bad="KEY: value",
    good="KEY=value",
)
UNCLOSED = rule(
    "source-unclosed-quote",
    "a quote in {source} is never closed, and {dialect} drops the variable",
    "Close the quote at the end of the value.",
    "The loader silently skips the rest of the file.",
    bad='KEY="value',
    good='KEY="value"',
)
BYTE_ORDER_MARK = rule(
    "source-byte-order-mark",
    "{source} begins with a byte order mark, which {dialect} reads as part of the first name",
    "Save {source} as UTF-8 without a byte order mark.",
    "The first variable gets a name that no program looks for, so it is unset.",
    category=Category.PORTABILITY,
    messages={
        "once": "{source} begins with a byte order mark, which python-dotenv before 1.2.3 reads as "
        "part of the first name",
    },
)
DUPLICATE = _warning(
    "source-duplicate",
    "{name} is set again on line {line} of {source}, and only that value counts",
    "Remove one of the two lines.",
    "Sooner or later somebody edits the line that has no effect.",
    bad="PORT=80\nPORT=8080",
    good="PORT=8080",
)
EXECUTES = _warning(
    "source-executes",
    "{name} contains a command that {dialect} runs when it reads {source}",
    "Put the value in single quotes if it isn't meant as a command, or compute it elsewhere.",
    "Loading the configuration runs a program. assay never runs it, so it can't check the value.",
    category=Category.PORTABILITY,
    bad="VERSION=$(git describe)",
    good="VERSION=1.4.2",
)
PORTABILITY = _warning(
    "source-portability",
    "{name} is read differently by {dialect} and {other}: {reason}",
    "Write {name} so that all loaders agree: single quotes around the value usually work.",
    "The same file gives the program one value on a laptop and a different one in a container.",
    category=Category.PORTABILITY,
    remedies={
        "docker": "Write {name} so that all loaders agree: Docker keeps quotes, so choose a value "
        "without quotes, spaces, `#`, `$` and backslashes.",
    },
    bad="COLOUR=#fff",
    good="COLOUR='#fff'",
)
UNDECLARED = _warning(
    "variable-undeclared",
    "{name} is set in {source}, but no spec declares it",
    "Declare {name} under `variables`, or remove it from {source}.",
    "Nothing checks it, no document mentions it, and it may be a typo.",
    category=Category.NAMING,
    messages={"unused": "{name} is set in {source}, but the spec calls it unused"},
    remedies={"unused": "Remove {name} from {source}, or from `unused` in the spec."},
)

T = TypeVar("T")

MOST = 1000
"""The findings of one sort that a source may have; what is more is counted."""
MOST_OF_ONE_NAME = 10


class Sources(msgspec.Struct, frozen=True, kw_only=True):
    """What one check of this kind holds: one source, or what all of them leave undeclared."""

    spec: Spec
    name: str
    environment: Environment
    index: int | None


def checks(spec: Spec, environment: str) -> Iterator[Check[Sources]]:
    """One check for each source, and one for the names that nobody declared."""
    declared = spec.environments[environment]
    for index, source in enumerate((*declared.values, None)):
        at = None if source is None else index
        place = ("environments", environment, "values", index)
        yield Check(
            kind=KIND,
            subject="undeclared names" if source is None else source.label,
            environment=environment,
            model=Sources(spec=spec, name=environment, environment=declared, index=at),
            location=None if source is None else spec.location(*place),
        )


def needs(model: Sources) -> Iterator[Query[Any]]:
    """The reading of one source, or the list of all names."""
    if model.index is None:
        yield Listing(model.name)
        for index in range(len(model.environment.values)):
            yield SourceReading(model.name, index)
    else:
        yield SourceReading(model.name, model.index)


def evaluate(model: Sources, facts: Facts) -> Iterator[Violation]:
    """What was wrong when the source was read, or which names are undeclared."""
    if model.index is None:
        yield from _undeclared(model, facts)
        for index in range(len(model.environment.values)):
            facts[SourceReading(model.name, index)]  # others may be in what can't be read
        return
    problems = facts[SourceReading(model.name, model.index)].problems
    by_code = {one.code: one for one in rule.made}
    for problem, notes in _bounded(problems, lambda one: (one.code, one.values.get("name", ""))):
        broken = by_code[problem.code]
        about = problem.values.get("name", "")
        if about not in model.spec.variables and about not in ("the file", "this line"):
            about = shown(about)
        cause = problem.values.get("cause", "")
        known = cause in broken.remedies or cause in broken.messages
        advice = problem.values.get("advice", "")
        violation = broken.violated(at=problem.location, case=cause if known else "", advice=advice)
        yield msgspec.structs.replace(
            violation.with_values(**{**problem.values, "name": about}),
            severity=Severity.WARNING if cause == "once" else None,
            subject="" if " " in about else about,
            notes=notes,
            own_remedy="" if known else problem.values.get("step", ""),
        )


def _bounded(
    found: Iterable[T], alike: Callable[[T], tuple[str, str]]
) -> Iterator[tuple[T, tuple[str, ...]]]:
    """What is listed, with a note on how much more of the same kind there is.

    `alike` gives a kind, and whom it is about. A file may have a million lines, and nobody reads as
    many findings. At least one of each sort is listed, so that the outcome stays the same.
    """
    listed: list[T] = []
    last: dict[tuple[str, str], int] = {}
    count: Counter[tuple[str, str]] = Counter()
    more: Counter[int] = Counter()
    for item in found:
        sort, about = alike(item)
        for key, most in (((sort, about), MOST_OF_ONE_NAME), ((sort, ""), MOST)):
            if count[key] >= most:
                more[last[key]] += 1
                break
        else:
            for key in {(sort, about), (sort, "")}:
                count[key] += 1
                last[key] = len(listed)
            listed.append(item)
    for at, item in enumerate(listed):
        note = f"{more[at]:,} more like this aren't listed" if more[at] else ""
        yield item, (note,) if note else ()


def _undeclared(model: Sources, facts: Facts) -> Iterator[Violation]:
    known, listing = model.spec.used, facts[Listing(model.name)]
    policy = model.spec.undeclared_policy(model.environment)
    exhaustive = {s.label for s in model.environment.values if s.exhaustive}
    foreign = {
        name: setting
        for name, setting in listing.items()
        if name not in known and name[:1] != "\ufeff"  # the byte order mark has its own finding
    }
    misspelt = set(misspellings(model.spec, model.name, facts).values())
    told: list[tuple[str, str, Setting, Violation | None]] = []
    for name, setting in foreign.items():
        exposed = list(exposure(name, setting.text or ""))
        hurt = misread(setting.misread, setting.text or "", setting.dialect)
        told += [("misread", name, setting, violation) for violation in hurt]
        told += [("exposed", name, setting, violation) for violation in exposed]
        verdict = policy.policy(name, exhaustive=setting.source in exhaustive)
        if verdict != "ignore" and not exposed and name not in misspelt:
            told.append((verdict, name, setting, None))
    for (sort, name, setting, found), notes in _bounded(told, lambda one: one[:2]):
        called = shown(name)
        severity = Severity.WARNING if sort in ("warn", "misread") else Severity.ERROR
        case = "unused" if name in model.spec.variables else ""
        made = found or UNDECLARED.violated(case=case, advice=case)
        made = made.with_values(name=called, source=setting.source)
        if found is None:
            made = msgspec.structs.replace(made, written=called)
        if sort != "exposed":
            made = msgspec.structs.replace(made, severity=severity)
        at = setting.name_location if found is None else setting.location
        yield msgspec.structs.replace(made, at=at, subject=called, notes=notes)


def misspellings(spec: Spec, environment: str, facts: Facts) -> Mapping[str, str]:
    """For each declared name that is not set, the undeclared one that is probably meant for it.

    Every missing variable of an environment asks this of the same names.
    """
    known, listing = spec.used, facts[Listing(environment)]

    def found() -> Mapping[str, str]:
        unset = [n for n in known if n not in listing or listing[n].state is State.MISSING]
        return pairs(unset, (name for name in listing if name not in known))

    return facts.once((misspellings, environment), found)


def shape() -> dict[str, Any]:
    """The schema of an environment, with a form for each source."""
    shape = shape_of(Environment)
    forms = named_forms(
        "source",
        "A source with its parameters.",
        {name: shape_of(source) for name, source in SOURCES.items()},
        short=[name for name, source in SOURCES.items() if source.short],
    )
    shape["properties"]["values"] = {
        "description": shape["properties"]["values"]["description"],
        "type": "array",
        "items": {"anyOf": forms},
        "examples": [["process"], [{"dotenv": {"path": ".env", "dialect": "node"}}]],
    }
    shape["properties"]["undeclared"] = undeclared_shape()
    return {"title": "environment", **shape}


KIND: Kind[Sources] = Kind(
    name="source",
    partial=True,
    section=Environment.section,
    rules=(*rule.made, EXPOSED, *MISREAD),
    doc=__doc__ or "",
    subjects=False,
    stand_in={},
    fields=Environment,
    parse=lambda _name, data: parse_environment(data),
    shape=shape,
    lint=lambda _entry, _spec: iter(()),  # the shape says all there is to say
    checks=checks,
    needs=needs,
    evaluate=evaluate,
)
