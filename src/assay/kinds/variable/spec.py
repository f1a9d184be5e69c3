"""What a spec may say of a variable: the fields of all, and those of its type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import msgspec

from assay.formats import FORMATS
from assay.formats.base import Format
from assay.hygiene.sounds import sound
from assay.kinds.fields import (
    Interval,
    Loosens,
    Relation,
    Said,
    SeverityName,
    about,
    condition,
    described,
)
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


class Variable(Said, frozen=True, kw_only=True):
    """One variable that the application reads."""

    description: Annotated[str, described("What the variable is for")] = ""
    required: Annotated[
        Flag,
        about(
            "Whether the variable must be set: true, false, or a CEL condition.",
            [True, "MPESA_ENVIRONMENT == 'production'"],
        ),
        merging(_required),
    ] = True
    when: Annotated[str | None, condition("the variable is not checked.")] = None
    default: Annotated[
        Scalar | None,
        about("What the application uses if the variable is unset, which it may then be."),
        EXEMPTING,
    ] = None
    example: Annotated[
        Scalar | None,
        about(
            "A sample value for documents. A secret that equals it is reported as a placeholder."
        ),
        FREE,
    ] = None
    obtain: Annotated[
        str,
        about(
            "Where people get the value; shown in remedies and documents.",
            ["Supabase dashboard, Project settings, API."],
        ),
        FREE,
    ] = ""
    secret: Annotated[
        bool | None,
        about(
            "Whether the value must be hidden. By default its type decides: keys and "
            "connection strings are secret, numbers and paths are not. If the type allows any "
            "text, the name decides: `DB_PASSWORD` and `API_KEY` are secret."
        ),
        merging(becoming(True)),
    ] = None
    severity: Annotated[
        SeverityName | None,
        about("The severity of a malformed value; by default that of the rule."),
        merging(_severity),
    ] = None
    deprecated: Annotated[
        Flag,
        about(
            "Whether the variable should no longer be set, or the name of its "
            "replacement. It may then be unset, unless `required` demands it.",
            ["NEW_NAME"],
        ),
        merging(_deprecated),
    ] = False
    allow_empty: Annotated[
        bool, about("Whether the value may be empty."), merging(becoming(False))
    ] = False
    group: Annotated[str, about("The heading under which documents list it."), FREE] = ""
    parity: Annotated[
        Relation, about("How the values of different environments must compare."), RELATED
    ] = "any"
    only_in: Annotated[
        tuple[str, ...],
        about(
            "The only environments that may set it; all by default.", [["production"]], min_length=1
        ),
        SHRINKING,
    ] = ()
    rotate_every: Annotated[
        Interval | None,
        about("How often the value must be replaced, in days, weeks, months or years.", ["180d"]),
        FREE,
    ] = None
    loosens: Loosens = ()


class Declared(msgspec.Struct, frozen=True, kw_only=True):
    """A variable with its value type."""

    section: ClassVar[str] = "variables"

    name: str
    variable: Variable
    format: Format
    unused: bool = False
    """Whether an import declares it, and the project has no use for it."""

    @property
    def left_out(self) -> Declared:
        """The same as unused: it demands nothing, and is still known to conditions."""
        variable = Variable(group=self.variable.group, required=False, secret=self.secret)
        return msgspec.structs.replace(self, variable=variable, unused=True)

    @property
    def without_example(self) -> Declared:
        """The same with no example of its own."""
        return msgspec.structs.replace(
            self, variable=msgspec.structs.replace(self.variable, example=None)
        )

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
        except (Exception, SystemExit) as error:
            if blamed(error, self.format) is None:
                raise
            return True

    @property
    def untold(self) -> bool:
        """Whether documents treat it as secret: it is one, or shows what `check` would hide."""
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
        """The severity of a malformed value, if the spec sets it."""
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
