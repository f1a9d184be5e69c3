"""What a spec may say of a variable: the fields of all, and those of its type."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from assay.formats import FORMATS, format_class
from assay.formats.base import Format
from assay.hygiene.sounds import sound
from assay.model import Severity

Scalar = str | int | float | bool
Flag = bool | str
SeverityName = Annotated[
    Literal["info", "warning", "error"],
    Meta(
        extra_json_schema={
            "meanings": {
                "info": "Reported; fails the run only with `--fail-on info`.",
                "warning": "Reported; fails the run only with `--fail-on warning`.",
                "error": "A failure.",
            }
        }
    ),
]
Interval = Annotated[str, Meta(pattern="^[1-9][0-9]*(d|w|mo|y)$")]

Loosens = Annotated[
    tuple[str, ...],
    Meta(
        description="Fields of the imported declaration that this one deliberately makes weaker; "
        "`columns.email.type` names a field inside a field.",
        examples=[["required"]],
    ),
]


class Variable(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"
):
    """One variable that the application reads."""

    description: Annotated[
        str, Meta(description="What the variable is for, in a sentence; shown in documents.")
    ] = ""
    required: Annotated[
        Flag,
        Meta(
            description="Whether the variable must be set: true, false, or a CEL condition.",
            examples=[True, "MPESA_ENVIRONMENT == 'production'"],
        ),
    ] = True
    when: Annotated[
        str | None,
        Meta(
            description="A CEL condition; if it is false, the variable is not checked.",
            examples=["environment != 'ci'"],
        ),
    ] = None
    default: Annotated[
        Scalar | None,
        Meta(
            description="What the application uses if the variable is unset, which it may then be."
        ),
    ] = None
    example: Annotated[
        Scalar | None,
        Meta(
            description="A sample value for documents. A secret that equals it is reported as a "
            "placeholder."
        ),
    ] = None
    obtain: Annotated[
        str,
        Meta(
            description="Where people get the value; shown in remedies and documents.",
            examples=["Supabase dashboard, Project settings, API."],
        ),
    ] = ""
    secret: Annotated[
        bool | None,
        Meta(
            description="Whether the value must be hidden. By default its type decides: keys and "
            "connection strings are secret, numbers and paths are not. If the type allows any "
            "text, the name decides: `DB_PASSWORD` and `API_KEY` are secret."
        ),
    ] = None
    severity: Annotated[
        SeverityName | None,
        Meta(description="The severity of a malformed value; by default that of the rule."),
    ] = None
    deprecated: Annotated[
        Flag,
        Meta(
            description="Whether the variable should no longer be set, or the name of its "
            "replacement. It may then be unset, unless `required` demands it.",
            examples=["NEW_NAME"],
        ),
    ] = False
    allow_empty: Annotated[bool, Meta(description="Whether the value may be empty.")] = False
    group: Annotated[str, Meta(description="The heading under which documents list it.")] = ""
    parity: Annotated[
        Literal["same", "different", "shape", "any"],
        Meta(
            description="How the values of different environments must compare.",
            extra_json_schema={
                "meanings": {
                    "same": "The value must be the same in every environment.",
                    "different": "The value must differ in every environment.",
                    "shape": "Either every environment sets it or none does; values may differ.",
                    "any": "Nothing is compared.",
                }
            },
        ),
    ] = "any"
    only_in: Annotated[
        tuple[str, ...],
        Meta(
            description="The only environments that may set it; all by default.",
            examples=[["production"]],
            min_length=1,
        ),
    ] = ()
    rotate_every: Annotated[
        Interval | None,
        Meta(
            description="How often the value must be replaced, in days, weeks, months or years.",
            examples=["180d"],
        ),
    ] = None
    loosens: Loosens = ()


class Declared(msgspec.Struct, frozen=True, kw_only=True):
    """A variable with its value type."""

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
                and any(self.format.violations(value))
            )
        )

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


def parse_variable(name: str, data: Any) -> Declared:
    """A variable from its YAML data; raises `msgspec.ValidationError` for a wrong shape.

    `NAME:` with nothing after it declares a required text.
    """
    fields = {} if data is None else data
    if not isinstance(fields, dict):
        raise msgspec.ValidationError("not a mapping")
    tag = fields.get("type", "text")
    if not isinstance(tag, str) or tag not in FORMATS:
        raise msgspec.ValidationError("not a type")
    common = {key: value for key, value in fields.items() if key in COMMON_FIELDS}
    if common.get("deprecated"):
        common.setdefault("required", False)  # nobody can both set it and remove it
    own = {key: value for key, value in fields.items() if key not in COMMON_FIELDS}
    own["type"] = tag
    return Declared(
        name=name,
        variable=msgspec.convert(common, Variable),
        format=msgspec.convert(own, format_class(tag)),
    )


def text_of(value: Scalar | None) -> str | None:
    """A YAML scalar as the text that an environment would hold."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)
