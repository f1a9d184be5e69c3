"""What a spec may say of a variable: the fields of all, and those of its type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import msgspec
from msgspec import Meta

from assay.formats import FORMATS
from assay.formats.base import Format
from assay.hygiene.sounds import sound
from assay.model import Severity
from assay.registry import blamed
from assay.spec.narrows import (
    EXEMPTING,
    FREE,
    RELATED,
    SHRINKING,
    becoming,
    merging,
    ordered,
    parameter,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

Scalar = str | int | float | bool
Flag = bool | str
SeverityName = Annotated[
    Literal["info", "warning", "error"],
    Meta(
        extra_json_schema={
            "meanings": {
                "info": "Told; a failure only with `--fail-on info`.",
                "warning": "Told; a failure only with `--fail-on warning`.",
                "error": "A failure.",
            }
        }
    ),
]
Interval = Annotated[str, Meta(pattern="^[1-9][0-9]*(d|w|mo|y)$")]

Loosens = Annotated[
    tuple[str, ...],
    Meta(
        description="Fields of an imported declaration that this one knowingly makes weaker; "
        "`columns.email.type` is one in one.",
        examples=[["required"]],
    ),
    FREE,
]


def _required(before: Any, after: Any, _imported: Mapping[str, Any]) -> bool:
    """Whether it is demanded as before: false demands least, then a condition, then true."""
    return after is True or before is False


def _severity(before: Any, after: Any, imported: Mapping[str, Any]) -> bool:
    """Whether a severity is as high as before; without one, each rule has its own."""
    if before is None or after is None:
        return bool(after == "error")
    return ordered("info", "warning", "error")(before, after, imported)


def _deprecated(_before: Any, after: Any, imported: Mapping[str, Any]) -> bool:
    """Whether a variable is demanded as before: one that is deprecated may be unset."""
    return not after or imported.get("required", True) is not True


class Variable(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"
):
    """One variable that the application reads."""

    description: Annotated[
        str, Meta(description="What it is for, in a sentence; shown in documents."), FREE
    ] = ""
    required: Annotated[
        Flag,
        Meta(
            description="Whether leaving it unset fails: true, false, or a CEL condition.",
            examples=[True, "MPESA_ENVIRONMENT == 'production'"],
        ),
        merging(_required),
    ] = True
    when: Annotated[
        str | None,
        Meta(
            description="A CEL condition; where it is false nothing about the variable is checked.",
            examples=["environment != 'ci'"],
        ),
        EXEMPTING,
    ] = None
    default: Annotated[
        Scalar | None,
        Meta(description="What the application uses where it is unset; it may then be unset."),
        EXEMPTING,
    ] = None
    example: Annotated[
        Scalar | None,
        Meta(description="A value for documents. A secret that equals it is a placeholder."),
        FREE,
    ] = None
    obtain: Annotated[
        str,
        Meta(
            description="Where a person gets the value; shown in remedies and documents.",
            examples=["Supabase dashboard, Project settings, API."],
        ),
        FREE,
    ] = ""
    secret: Annotated[
        bool | None,
        Meta(
            description="Whether nobody may see the value. By default its type decides: keys and "
            "connection strings are secret, numbers and paths are not. For types that hold any "
            "text, the name decides: `DB_PASSWORD` and `API_KEY` are secret."
        ),
        merging(becoming(True)),
    ] = None
    severity: Annotated[
        SeverityName | None,
        Meta(description="How bad a value of the wrong form is; each rule's own by default."),
        merging(_severity),
    ] = None
    deprecated: Annotated[
        Flag,
        Meta(
            description="Whether it should no longer be set; or the name that replaces it. It may "
            "then be unset, unless `required` says otherwise.",
            examples=["NEW_NAME"],
        ),
        merging(_deprecated),
    ] = False
    allow_empty: Annotated[
        bool, Meta(description="Whether an empty value is a good one."), merging(becoming(False))
    ] = False
    group: Annotated[str, Meta(description="The heading under which documents list it."), FREE] = ""
    parity: Annotated[
        Literal["same", "different", "shape", "any"],
        Meta(
            description="How its values must compare between environments.",
            extra_json_schema={
                "meanings": {
                    "same": "Every environment has the same value.",
                    "different": "No two environments share a value.",
                    "shape": "Every environment sets it, or none does; values may differ.",
                    "any": "Nothing is compared.",
                }
            },
        ),
        RELATED,
    ] = "any"
    only_in: Annotated[
        tuple[str, ...],
        Meta(
            description="The only environments where it belongs; all by default.",
            examples=[["production"]],
            min_length=1,
        ),
        SHRINKING,
    ] = ()
    rotate_every: Annotated[
        Interval | None,
        Meta(
            description="How often it is to be replaced, in days, weeks, months or years.",
            examples=["180d"],
        ),
        FREE,
    ] = None
    loosens: Loosens = ()


class Declared(msgspec.Struct, frozen=True, kw_only=True):
    """A variable with its value type."""

    section: ClassVar[str] = "variables"

    name: str
    variable: Variable
    format: Format

    @property
    def secret(self) -> bool:
        """Whether nobody may see its value: as the spec says, or else by its type and its name."""
        chosen = self.variable.secret
        if chosen is not None:
            return chosen
        return self.format.sensitive or sound(self.name) in self.format.left_to_names

    def hides(self, value: str) -> bool:
        """Whether a value of it may not be shown: what is not of its type may be a stray key."""
        from assay.discretion import looks_secret
        from assay.hygiene.exposure import marked_secret
        from assay.hygiene.marks import looks_chosen, looks_random

        return (
            self.secret
            or marked_secret(value)
            or (
                (looks_random(value) or looks_chosen(value) or looks_secret(value))
                and self._unfit(value)
            )
        )

    def _unfit(self, value: str) -> bool:
        """Whether a value is not of its type; also if a plug-in's type fails to say."""
        try:
            return any(self.format.violations(value))
        except Exception as error:
            if blamed(error, self.format) is None:
                raise
            return True

    @property
    def untold(self) -> bool:
        """Whether documents treat it as secret: it is one, or tells what `check` would hide."""
        from assay.hygiene.exposure import marked_secret

        return self.secret or any(marked_secret(t) for t in (self.default, self.example) if t)

    @property
    def default(self) -> str | None:
        """The default as the application would see it."""
        return text_of(self.variable.default)

    @property
    def example(self) -> str | None:
        """The example as it would stand in an environment."""
        return text_of(self.variable.example)

    @property
    def severity(self) -> Severity | None:
        """The severity of a value of the wrong form, where the spec sets it."""
        chosen = self.variable.severity
        return None if chosen is None else Severity(chosen)


COMMON_FIELDS = frozenset(Variable.__struct_encode_fields__)


def narrows(field: str, before: Any, after: Any, imported: Mapping[str, Any]) -> bool:
    """Whether the type, or one of its parameters, allows no more than before."""
    if field == "type":
        before = imported.get(field, "text")
        free = before == "text" and not {"pattern", "min-length", "max-length"} & imported.keys()
        return free or before == after
    return parameter(field, before, after, imported)


def parse_variable(name: str, data: Any) -> Declared:
    """A variable from its YAML data; raises `msgspec.ValidationError` for a wrong shape.

    `NAME:` with nothing after it declares a required text.
    """
    fields = {} if data is None else data
    if not isinstance(fields, dict):
        raise msgspec.ValidationError("not a mapping")
    common = {key: value for key, value in fields.items() if key in COMMON_FIELDS}
    if common.get("deprecated"):
        common.setdefault("required", False)  # nobody can both set it and remove it
    own = {k: v for k, v in fields.items() if k not in COMMON_FIELDS}
    return Declared(
        name=name,
        variable=msgspec.convert(common, Variable),
        format=FORMATS.parse({"type": "text", **own}),
    )


def text_of(value: Scalar | None) -> str | None:
    """A YAML scalar as the text that an environment would hold."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)
