"""Loads a project's spec: reads, merges, validates, and gives up with every problem at once."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import msgspec

from assay.errors import SpecError
from assay.gate import inside_of
from assay.kinds import KINDS
from assay.registry import blamed, described, using
from assay.spec import rules
from assay.spec.assembly import OWN_FIELDS, assemble
from assay.spec.files import find_spec
from assay.spec.merging import Merger
from assay.spec.places import place_of
from assay.spec.waived import waiver_flaws

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assay.model import Finding
    from assay.spec.document import Spec


def load_spec(
    given: str | None = None, *, working: str | None = None, allowed: Sequence[str] = ()
) -> Spec:
    """The spec at `given` (a file or a folder), else the nearest `specs` folder.

    `working` is the folder that relative paths start from; the current one by default. `allowed`
    are files and folders outside of the repository that the spec may name.

    Raises:
        SpecError: the spec can't be read or is invalid; it carries every problem found.

    """
    return validated(read_merged(given, working=working, allowed=allowed))


def load_text(
    content: bytes | dict[str, Any],
    root: str,
    *,
    allowed: Sequence[str] = (),
    name: str = "<stdin>",
) -> Spec:
    """The spec that `content` holds, or plain data is; its paths are relative to `root`.

    Raises:
        SpecError: it is invalid.

    """
    root = os.path.abspath(root)
    merger = Merger(root, inside_of(root, allowed))
    merger.merge_one(content, name)
    return validated(merger)


def validated(merger: Merger) -> Spec:
    """The spec made of what was merged.

    Raises:
        SpecError: something is wrong with it; it carries every problem found.

    """
    with using(merger.plugged.plugins):
        try:
            return _validated(merger)
        except (Exception, SystemExit) as error:
            plugin = blamed(error)
            if plugin is None:
                raise
            problems = [*merger.problems, merger.plugged.failure(plugin, described(error))]
            raise SpecError(_sorted(problems), merger.shown_contents) from error


def _validated(merger: Merger) -> Spec:
    problems = merger.problems
    if merger.plugged.problems:  # what it provides would be called unknown
        raise SpecError(_sorted(problems), merger.shown_contents)
    for source in merger.sources:
        data = source.completed
        refusal = _refusal(data)
        if refusal:
            from assay.spec.explain import shape_problems

            problems += shape_problems(data, source.places, source.name, refusal)
    body, names = merger.body, tuple(merger.names)
    if not problems:
        spec = assemble(body.data, body.places, merger.root, names, merger.inside)
        problems += flaws(spec)
        if not problems:
            return spec
    elif names:
        from assay.spec.salvage import salvaged

        problems += flaws(salvaged(body.data, body.places, merger.root, names))
    raise SpecError(_sorted(problems), merger.shown_contents)


def read_merged(
    given: str | None = None,
    *,
    working: str | None = None,
    allowed: Sequence[str] = (),
    inside: tuple[str, ...] | None = None,
) -> Merger:
    """The merged data of a spec, with the problems that reading and merging met."""
    here = os.getcwd() if working is None else working
    found = find_spec(given, here, allowed=allowed, inside=inside)
    merger = Merger(os.path.abspath(found.root), found.inside)
    merger.merge(found.files)
    return merger


def _refusal(data: dict[str, Any]) -> str:
    """Why the types can't be made from one file's data; empty if they can."""
    try:
        assemble(data, {}, "", ())
        if data.get("documents") is not None:
            from assay.spec.documents import parse_documents  # few commands need any

            parse_documents(data["documents"])
    except msgspec.ValidationError as error:
        return str(error)
    version = data.get("assay", 1)
    if version != 1 or isinstance(version, (bool, float)):
        return "assay"
    if set(data) - OWN_FIELDS - set(KINDS):
        return "a field"
    lists = ("imports", "plugins")
    return next((name for name in lists if not _texts(data.get(name, []))), "")


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and item for item in value)


def flaws(spec: Spec) -> list[Finding]:
    """What is wrong with a spec beyond its shape, each with its place."""
    found: list[Finding] = []
    for section in KINDS:
        for entry in spec.sections.get(section, {}).values():
            for flaw in KINDS[section].lint(entry, spec):
                place = place_of(spec.places, (section, entry.name, *flaw.path), spec.files[0])
                at = place.of_key if flaw.on_key else place.of_value
                if flaw.spot is not None:
                    at = place.within(*flaw.spot)
                problem = rules.problem(flaw.rule, at, flaw.values, subject=entry.name)
                found.append(msgspec.structs.replace(problem, sensitive=flaw.sensitive))
    found += [*_prefixes(spec), *waiver_flaws(spec)]
    if spec.documents_data:
        from assay.spec.documents import documents_flaws

        found += documents_flaws(spec)
    return found


def _prefixes(spec: Spec) -> Iterator[Finding]:
    """Prefixes of undeclared names that are patterns, which no name begins with."""
    told: dict[tuple[str, ...], object] = {("undeclared",): spec.undeclared}
    for name, environment in spec.environments.items():
        told["environments", name, "undeclared"] = environment.undeclared
    for path, said in told.items():
        for prefix in getattr(said, "prefixes", ()):
            if "*" in prefix:
                at = place_of(spec.places, (*path, "prefixes", prefix), spec.files[0]).of_key
                reason = f"no name begins with {prefix}, since `*` stands for itself in a prefix"
                values = {"field": "prefixes", "reason": reason}
                step = f"Write `{prefix.partition('*')[0]}` instead of `{prefix}`."
                yield rules.problem(rules.PARAMETER, at, values, step=step)


def _sorted(problems: list[Finding]) -> list[Finding]:
    unique = {(p.rule, p.location, p.message): p for p in problems}
    return sorted(unique.values(), key=lambda problem: problem.sort_key)
