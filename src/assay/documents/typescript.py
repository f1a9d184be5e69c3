"""Declarations for TypeScript: the variables of `process.env`, each with its documentation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from msgspec import Meta

from assay.document_kind import DocumentKind, Parameters
from assay.documents import wording
from assay.documents.comments import quoted, untagged
from assay.documents.content import DocumentedVariable, variables_of

if TYPE_CHECKING:
    from assay.spec.document import Spec

INTERFACES = {
    "ProcessEnv": "`process.env`, in Node.js.",
    "ImportMetaEnv": "`import.meta.env`, in Vite, Astro and others.",
}


class TypeScript(Parameters, frozen=True, kw_only=True):
    """What a spec may say of a document for TypeScript."""

    interfaces: Annotated[
        tuple[
            Annotated[
                Literal["ProcessEnv", "ImportMetaEnv"],
                Meta(extra_json_schema={"meanings": INTERFACES}),
            ],
            ...,
        ],
        Meta(
            description="The interfaces that declare the variables.",
            examples=[["ImportMetaEnv"]],
            min_length=1,
        ),
    ] = ("ProcessEnv",)


def values(spec: Spec, parameters: TypeScript) -> dict[str, Any]:
    """The members of each interface."""
    return {
        "interfaces": parameters.interfaces,
        "members": [_member(variable) for variable in variables_of(spec, parameters)],
    }


def _member(variable: DocumentedVariable) -> dict[str, Any]:
    notes = [untagged(note) for note in wording.told(variable) if "Deprecated: " not in note]
    if variable.deprecated:
        instead = f" {variable.replacement} replaces it." if variable.replacement else ""
        notes.append(f"@deprecated Remove it.{untagged(instead)}")
    name = variable.name
    return {
        "key": name if name.isascii() and name.isidentifier() else quoted(name),
        "type": _type(variable),
        "optional": variable.need != "always" or bool(variable.when or variable.only_in),
        "notes": notes,
    }


def _type(variable: DocumentedVariable) -> str:
    form = variable.declared.format
    texts = () if variable.secret else form.spellings()
    if not texts:
        return "string"
    if variable.allow_empty:
        texts = (*texts, "")
    return " | ".join(quoted(text) for text in dict.fromkeys(texts))


KIND: DocumentKind[TypeScript] = DocumentKind(
    name="typescript",
    doc=__doc__ or "",
    parameters=TypeScript,
    values=values,
    template="typescript.d.ts.j2",
    path="src/env.d.ts",
)
