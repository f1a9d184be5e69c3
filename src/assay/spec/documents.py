"""The section `documents` of a spec: its shape, what is made of it, what is wrong with it."""

from __future__ import annotations

import posixpath
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

import msgspec

from assay.document_kind import DeclaredDocument, Parameters
from assay.documents import DOCUMENTS
from assay.gate import kept_by_git
from assay.model import Related
from assay.spec import rules
from assay.spec.other_names import other_name
from assay.spec.structs import named_forms, shape_of
from assay.suggest import closest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from assay.model import Finding
    from assay.spec.document import Spec


def parse_documents(data: Any) -> dict[str, tuple[DeclaredDocument, ...]]:
    """The documents of each path; raises `msgspec.ValidationError` for a wrong shape."""
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise msgspec.ValidationError("documents is not a mapping")
    return {path: _documents(content) for path, content in data.items()}


def _documents(data: Any) -> tuple[DeclaredDocument, ...]:
    return tuple(
        DeclaredDocument(
            kind=name,
            parameters=msgspec.convert({} if given is None else given, DOCUMENTS[name].parameters),
        )
        for name, given in DOCUMENTS.chosen(data).items()
    )


def documents_shape() -> dict[str, Any]:
    """The JSON Schema of the section, with a form for each kind of document."""
    shapes = {
        name: {
            **shape_of(kind.parameters),
            "description": " ".join(kind.doc.split("\n\n")[0].split()),
        }
        for name, kind in DOCUMENTS.items()
    }
    described = "A document with its parameters; several stand between marks of their own."
    forms = named_forms("document", described, shapes, several=True)
    return {
        "description": "Files that `assay docs` generates from the spec: each path with its "
        "document.",
        "type": ["object", "null"],
        "additionalProperties": {"anyOf": forms},
        "examples": [{".env.example": "env-example", "docs/environment.md": "runbook"}],
    }


def documents_flaws(spec: Spec) -> Iterator[Finding]:
    """What is wrong with the documents of a spec beyond their shape; found offline."""
    first: dict[str, str] = {}
    for path, documents in spec.documents.items():
        at = spec.location("documents", path, key=True)
        if wrong := _wrong_path(path, spec):
            values = dict(zip(("path", "reason", "step"), (path, *wrong), strict=True))
            yield rules.problem(rules.DOCUMENT_PATH, at, values, subject=path)
        known = first.setdefault(posixpath.normpath(path), path)
        if known != path:
            place = spec.location("documents", known, key=True)
            related = (Related(label="first declared here", location=place),)
            yield rules.problem(rules.CLASH, at, subject=path, name=path, related=related)
        for document in documents:
            yield from _parameter_flaws(path, document, spec)


def _wrong_path(path: str, spec: Spec) -> tuple[str, str] | None:
    """Why no document can stand at a path, and what to do."""
    below = "Write a path below the project's root, relative to it."
    if not path.isprintable() or "\\" in path:
        return "contains a character that paths can't have", "Write the path with `/` and letters."
    if path.startswith(("/", "~")) or path[1:2] == ":":
        return "is absolute", below
    if ".." in path.split("/"):
        return "is outside the project", below
    if kept := kept_by_git(path):
        return f"is in {kept}, which belongs to version control", below
    if not path or path.endswith("/") or posixpath.basename(path) in ("", "."):
        return "names no file", "Write the path of a file, such as docs/environment.md."
    for name, environment in spec.environments.items():
        if posixpath.normpath(path) in {
            posixpath.normpath(getattr(source, "path", "")) for source in environment.values
        }:
            reason = f"is where {name} keeps its values"
            return reason, "Choose another path, such as .env.example."
    return None


def _parameter_flaws(path: str, document: DeclaredDocument, spec: Spec) -> Iterator[Finding]:
    parameters: Parameters = document.parameters
    groups = {entry.declared.variable.group for entry in spec.variables.values()} - {""}
    here = ("documents", path, document.kind)
    if parameters.environment is not None:
        name, known = parameters.environment, spec.environments
        yield from _unknown((*here, "environment"), name, spec, known, "an environment")
    for index, group in enumerate(parameters.groups):
        yield from _unknown((*here, "groups", index), group, spec, groups, "a group of variables")
    for index, pattern in enumerate(parameters.only):
        if not any(fnmatchcase(name, pattern) for name in spec.variables):
            place = (*here, "only", index)
            yield from _unknown(place, pattern, spec, spec.variables, "a declared variable")
    template = parameters.template
    if template is not None and (template.startswith("/") or ".." in template.split("/")):
        values = {"field": "template", "reason": "the path is outside specs/templates"}
        values["step"] = "Write the path of a file below specs/templates, relative to that."
        yield rules.problem(rules.PARAMETER, spec.location(*here, "template"), values, subject=path)


def _unknown(
    place: tuple[str | int, ...], name: str, spec: Spec, known: Iterable[str], expected: str
) -> Iterator[Finding]:
    names = tuple(known)
    if name not in names:
        at, similar = spec.location(*place), closest(name, names)
        step = "" if similar else other_name(name, names, expected)
        values = {"name": name, "expected": expected, "step": step}
        yield rules.problem(rules.UNKNOWN_NAME, at, values, subject=str(place[1]), similar=similar)
