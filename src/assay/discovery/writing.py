"""The text of a drafted spec."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.discovery.prose import speakable
from assay.discovery.table_writing import written
from assay.discovery.yaml_writing import comment, entry, flow, joined, scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.discovery.draft import Declaration, Draft

SCHEMA = "https://raw.githubusercontent.com/assay-dev/assay/main/docs/assay.schema.json"


_HEAD = (
    f"# yaml-language-server: $schema={SCHEMA}",
    "# Begun by `assay init`, yours from here on: say more of what you know.",
    "assay: 1",
)


def tables_text(draft: Draft) -> str:
    """The databases and tables alone, to stand beside a spec that declares their variables."""
    return joined([*_HEAD, "", *written(draft.databases)])


def text_of(draft: Draft) -> str:
    """The spec as YAML, for people to read and to go on with."""
    lines = list(_HEAD)
    name = draft.survey.framework.name
    if name and speakable(name):
        lines.append(f"project: {scalar(name)}")
    if draft.imports:
        lines.append(f"imports: {flow(list(draft.imports))}")
    lines += ["", "environments:", *_environments(draft)]
    if draft.narrowed or draft.groups:
        lines += ["", "variables:", *_variables(draft)]
    else:
        lines += ["", "variables: {}", *comment("No name was found. One looks like this:")]
        lines += ["#   PORT: {type: port, default: 3000}"]
    if draft.key:
        lines += ["", *_key(draft)]
    if draft.databases:
        lines += ["", *written(draft.databases)]
    return joined(lines)


_PROCESS = "      - process  # what assay itself was started with"


def _environments(draft: Draft) -> Iterator[str]:
    found = draft.survey
    if not found.data:
        yield "  development:"
        yield "    values:"
        if (found.templates or not found.uses) and not draft.databases:
            dialect = _dialect(found.framework.dialect)
            yield from _source("dotenv", {"path": ".env", **dialect})
        else:
            yield _PROCESS
        return
    for name, given in found.data.items():
        yield f"  {scalar(name, flow=True)}:"
        if given.get("live"):
            yield "    live: true  # real users: published sandbox values fail here"
        yield "    values:"
        for item in given["values"]:
            if item == "process":
                yield _PROCESS
                continue
            parameters = dict(item["dotenv"])
            shown = {"path": parameters.pop("path"), **_dialect(parameters.pop("dialect"))}
            yield from _source("dotenv", {**shown, **parameters})


def _dialect(name: str) -> dict[str, str]:
    return {} if name == "node" else {"dialect": name}


def _source(kind: str, parameters: dict[str, Any]) -> Iterator[str]:
    short = parameters["path"] if list(parameters) == ["path"] else parameters
    yield f"      - {kind}: {flow(short)}"


def _variables(draft: Draft) -> Iterator[str]:
    between = False
    if draft.narrowed:
        yield from comment("Over what is imported, for what is set here.", indent=2)
        yield from _entries(draft.narrowed)
        between = True
    for heading, declarations in draft.groups.items():
        if between:
            yield ""
        if heading:
            yield from comment(f"--- {heading} ---", indent=2)
        yield from _entries(declarations)
        between = True


def _entries(declarations: tuple[Declaration, ...]) -> Iterator[str]:
    for one in declarations:
        yield from entry(one.name, one.fields, indent=2, remark=one.remark)


def _key(draft: Draft) -> Iterator[str]:
    declared = {one.name: one for group in draft.groups.values() for one in group}[draft.key]
    bits = 8 * int(declared.fields["bytes"])
    yield from comment(f"Is {draft.key} the key of a cipher? Then let assay read it as you do:")
    yield "#"
    yield "# keys:"
    yield "#   main:"
    yield f"#     variable: {draft.key}"
    yield f"#     cipher: aes-{bits}-gcm"
    yield f"#     encoding: {declared.fields['type']}"
