"""Plans the edits of .env files: each is proved, and the files are checked again after each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from assay import dotenv
from assay.documents.content import DocumentedVariable
from assay.fixing.edits import Edit, FixedFile, appended, proved, rewritten
from assay.fixing.making import made
from assay.fixing.repairs import REPAIRS, repairs
from assay.model import Finding, Outcome, Report
from assay.redacted import redacted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.dotenv.document import Document
    from assay.spec.document import Spec

UNSET = frozenset(
    (
        *("variable-empty", "variable-example", "variable-missing", "variable-placeholder"),
        *("variable-redacted", "variable-repeated-character", "variable-unset-literal"),
    )
)
"""Rules after which nobody misses what stands there now."""
DEMANDS = frozenset(("variable-empty", "variable-missing"))
"""Rules by which a new value may demand others."""


class JudgedTexts(NamedTuple):
    """What checking the environments says of texts, and which names have a value then."""

    report: Report
    names: Mapping[str, frozenset[str]]
    """The names that are set, by environment."""


Texts = Mapping[str, str]
Judge = Callable[[Texts], JudgedTexts]


@redacted("environments")
class Fixing(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be fixed, and how that is judged."""

    spec: Spec
    environments: tuple[str, ...]
    files: Mapping[str, FixedFile]
    target: str
    """The file that new lines go to."""
    orders: Mapping[str, Mapping[str, DocumentedVariable]]
    """The variables of each environment, in the order of its setup guide."""
    judge: Judge
    process: Mapping[str, str]


@redacted("edits")
class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The texts after all edits, the edits in their order, and what is left to people."""

    texts: Texts
    edits: tuple[Edit, ...]
    judged: JudgedTexts


def planned(fixing: Fixing, texts: Texts, *, defaults: bool = False) -> Plan:
    """All that can be fixed without asking anybody."""
    plan = _repaired(fixing, Plan(texts=texts, edits=(), judged=fixing.judge(texts)))
    return _repaired(fixing, _with_defaults(fixing, plan)) if defaults else plan


def _repaired(fixing: Fixing, plan: Plan) -> Plan:
    """The plan with all edits that clear a failure."""
    done = -1
    while len(plan.edits) > done:  # what failed may succeed after other edits
        done = len(plan.edits)
        tried: set[tuple[str, ...]] = set()
        while (better := _better(fixing, plan, tried)) is not None:
            plan = better
    return plan


def _better(fixing: Fixing, plan: Plan, tried: set[tuple[str, ...]]) -> Plan | None:
    """The plan with an edit that clears the first failure which was not yet tried to clear."""
    read = _Reading(fixing, plan.texts)
    for found in failures(plan.judged.report):
        if _key(found) not in tried:
            made = (accepted(fixing, plan, e, found) for e in _proposals(fixing, plan, found, read))
            if (better := next(filter(None, made), None)) is not None:
                return better  # there may be more of the same
            tried.add(_key(found))
    return None


class _Reading:
    """Texts as the environments' loaders read them, each read once."""

    def __init__(self, fixing: Fixing, texts: Texts) -> None:
        self._process = fixing.process
        self._texts = texts
        self._known: dict[tuple[str, str], Document] = {}

    def document(self, path: str, dialect: str) -> Document:
        """A file as a loader reads it."""
        key = (path, dialect)
        if key not in self._known:
            text = self._texts.get(path, "")
            self._known[key] = dotenv.parse(text, dialect, environ=self._process)
        return self._known[key]


def _proposals(fixing: Fixing, plan: Plan, found: Finding, read: _Reading) -> Iterator[Edit]:
    if found.rule in UNSET and found.kind == "variable":
        variable = fixing.orders[found.environment].get(found.subject)
        if variable is not None and not variable.deprecated:
            for value, told in made(variable, fixing.spec):
                yield from setting(fixing, plan.texts, variable, value, told)
        return
    at = found.location
    file = fixing.files.get(at.file) if at is not None else None
    if file is not None and file.path in plan.texts:
        yield from repairs(found, file, read.document(file.path, _dialect(fixing, found, file)))


def _dialect(fixing: Fixing, found: Finding, file: FixedFile) -> str:
    """How the environment of a finding reads a file."""
    declared = fixing.spec.environments[found.environment].values
    read = (getattr(s, "dialect", "") for s in declared if getattr(s, "path", "") == file.path)
    return next(read, file.dialects[0])


def setting(
    fixing: Fixing, texts: Texts, variable: DocumentedVariable, value: str, told: str
) -> Iterator[Edit]:
    """The ways to set a variable in the target: where it stands, else on a line of its own."""
    file, name = fixing.files[fixing.target], variable.name
    text = texts.get(file.path, "")
    entry = dotenv.parse(text, file.dialects[0], environ=fixing.process).winner(name)
    if entry is None:
        yield from appended(file, text, name, value, told)
        return
    bare = "=" if entry.value is None else ""  # a name alone, as python-dotenv knows it
    for edit in rewritten(file, entry, value, told):
        yield msgspec.structs.replace(edit, text=bare + edit.text, adds=True)


def with_edit(fixing: Fixing, plan: Plan, edit: Edit) -> Plan | None:
    """The plan with an edit; None if that changes more than it names, or not as it is meant."""
    text = plan.texts.get(edit.path, "")
    if not proved(fixing.files[edit.path], text, edit, fixing.process):
        return None
    texts = {**plan.texts, edit.path: edit.applied(text)}
    return Plan(texts=texts, edits=(*plan.edits, edit), judged=fixing.judge(texts))


def accepted(fixing: Fixing, plan: Plan, edit: Edit, found: Finding | None = None) -> Plan | None:
    """The plan with an edit, if that is proved to help with a finding and to harm nothing."""
    better = with_edit(fixing, plan, edit)
    if better is None:
        return None
    if found is not None:
        before, after = _counted(plan.judged.report), _counted(better.judged.report)
        if after[_key(found)] >= before[_key(found)]:
            return None
    return better if all(_follows(one, edit) for one in fresh(plan, better)) else None


def fresh(plan: Plan, better: Plan) -> list[Finding]:
    """The failures that a later plan has, and an earlier one has not."""
    more = _counted(better.judged.report) - _counted(plan.judged.report)
    return [found for found in failures(better.judged.report) if more[_key(found)]]


def _follows(found: Finding, edit: Edit) -> bool:
    """Whether a finding that an edit brings is one that the next edits deal with."""
    demanded = edit.adds and found.rule in DEMANDS
    return demanded or (found.rule in REPAIRS and found.subject in edit.wanted)


def _with_defaults(fixing: Fixing, plan: Plan) -> Plan:
    """The plan with each variable that the application would have a default for."""
    for environment in fixing.environments:
        for name, variable in fixing.orders[environment].items():
            idle = variable.when or variable.deprecated or not variable.has_default
            if idle or name in plan.judged.names[environment]:
                continue
            for value, told in made(variable, fixing.spec):
                edits = setting(fixing, plan.texts, variable, value, told)
                better = (accepted(fixing, plan, edit) for edit in edits)
                plan = next(filter(None, better), plan)
    return plan


def unset(fixing: Fixing, report: Report) -> dict[str, tuple[DocumentedVariable, Finding]]:
    """The variables that somebody has to give a value, in the order of the setup guide."""
    found: dict[str, tuple[DocumentedVariable, Finding]] = {}
    for environment in fixing.environments:
        wanted = {
            f.subject: f
            for f in failures(report)
            if f.rule in UNSET and f.kind == "variable" and f.environment == environment
        }
        for name, variable in fixing.orders[environment].items():
            if name in wanted and not variable.deprecated:
                found.setdefault(name, (variable, wanted[name]))
    return found


def failures(report: Report) -> Iterator[Finding]:
    """What fails at any severity, and is not waived."""
    return (f for f in report.findings if f.outcome is Outcome.FAIL and not f.waiver)


def _key(found: Finding) -> tuple[str, ...]:
    return found.rule, found.subject, found.environment


def _counted(report: Report) -> Counter[tuple[str, ...]]:
    return Counter(map(_key, failures(report)))


def remaining(before: Report, after: Report) -> Iterable[Finding]:
    """The failures of a report that are among those of a later one."""
    kept = _counted(after)
    return [found for found in failures(before) if kept[_key(found)]]
