"""What a spec may say of stored credentials: the rows that hold ciphertext, and what is in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

from assay.crypto.envelopes import ENVELOPES
from assay.crypto.envelopes.base import Envelope
from assay.formats import FORMATS
from assay.kinds.fields import Loosens, Said, about, described
from assay.spec.narrows import EXEMPTING, FREE, GROWING, SWITCHED_ON, becoming, merging, parameter

_PLAINTEXT = Meta(
    description="A value type: its name, or a mapping with `type` and that type's parameters.",
    examples=["uuid", {"type": "text", "pattern": "[A-Za-z0-9]{32,64}"}],
    extra_json_schema={"refers": "item"},
)


def _of_type(field: str, before: Any, after: Any, imported: Mapping[str, Any]) -> bool:
    """Whether a parameter of a column's type allows no more than before."""
    return (field == "unique" and before is False) or parameter(field, before, after, imported)


class SealedField(Said, frozen=True, kw_only=True):
    """A column with ciphertext: its envelope's name, or that and the type that it opens to."""

    short: ClassVar[str] = "envelope"
    """The field that a bare text stands for."""

    envelope: Annotated[Envelope | None, about("How the ciphertext is written.")] = None
    plaintext: Annotated[Any, _PLAINTEXT] = None
    """A `Format`; its class is not to be taken apart by the converter."""
    required: Annotated[bool, about("Whether a row without it, NULL, is a fault."), SWITCHED_ON] = (
        False
    )

    @property
    def written_as(self) -> Envelope:
        """The envelope; `parse_credential` has seen to it that there is one."""
        if self.envelope is None:  # pragma: no cover - see above
            raise TypeError("a column without an envelope")
        return self.envelope


class Credential(Said, frozen=True, kw_only=True):
    """One kind of stored credentials: the rows of a table whose columns hold ciphertext."""

    section: ClassVar[str] = "credentials"

    description: Annotated[str, described("What they are for")] = ""
    table: Annotated[
        str,
        about(
            "The table that holds them, as `tables` calls it.", ["mpesa_credentials"], min_length=1
        ),
    ]
    identity: Annotated[
        tuple[Annotated[str, Meta(min_length=1)], ...],
        about(
            "The columns that name a row to people; the table's primary key by "
            "default. Reports show their values.",
            [["tenant_id", "environment"]],
        ),
        FREE,
    ] = ()
    key: Annotated[
        str,
        about(
            "The key that they are sealed with, as `keys` calls it.", ["credentials"], min_length=1
        ),
    ]
    where: Annotated[
        str | None,
        about(
            "The rows that are meant, by a condition over columns: `==`, `!=`, `<`, "
            "`<=`, `>`, `>=`, `in`, `&&`, `||`, `!`; all rows by default.",
            ["environment == 'production' && revoked_at == null"],
        ),
        EXEMPTING,
    ] = None
    allow_empty: Annotated[
        bool, about("Whether `where` may match no row."), merging(becoming(False))
    ] = False
    when: Annotated[
        str | None,
        about(
            "A CEL condition over variables; if it is false, nothing is checked.",
            ["environment != 'ci'"],
        ),
        EXEMPTING,
    ] = None
    columns: Annotated[
        Mapping[str, SealedField],
        about("The columns that hold ciphertext."),
        merging(named=True, of=SealedField),
    ] = {}
    metadata: Annotated[
        Mapping[str, Any],
        about("Columns beside them, each with the type that its values must be of."),
        merging(named=True, inner=_of_type),
    ] = {}
    required: Annotated[
        tuple[Annotated[str, Meta(min_length=1)], ...],
        about(
            "The columns of `columns` and `metadata` in which NULL is a fault.",
            [["passkey_enc", "key_version"]],
        ),
        GROWING,
    ] = ()
    suspects: Annotated[
        tuple[str, ...] | None,
        about(
            "Variables with other keys that may have sealed rows by mistake; those of "
            "the spec's other keys by default.",
            [["SESSION_SECRET"]],
        ),
        FREE,
    ] = None
    group: Annotated[
        str, about("The heading under which documents list it; its key's if empty."), FREE
    ] = ""
    loosens: Loosens = ()


def parse_credential(_name: str, data: Any) -> Credential:
    """A credential from its YAML data; raises `msgspec.ValidationError` for a wrong shape."""
    if not isinstance(data, dict):
        raise msgspec.ValidationError("not a mapping")
    rest = {field: value for field, value in data.items() if field not in _OWN}
    columns, metadata = data.get("columns"), data.get("metadata", {})
    if not _mapping(columns) or not _mapping(metadata) or not columns:
        raise msgspec.ValidationError("not a mapping of columns")
    return msgspec.structs.replace(
        msgspec.convert(rest, Credential),
        columns={name: parse_field(value) for name, value in columns.items()},
        metadata={name: FORMATS.parse(value) for name, value in metadata.items()},
    )


_OWN = ("columns", "metadata")


def _mapping(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(key, str) and key for key in value)


def parse_field(data: Any) -> SealedField:
    """A column that holds ciphertext; raises `msgspec.ValidationError` for a wrong shape."""
    if not isinstance(data, dict):
        return SealedField(envelope=ENVELOPES.parse(data))
    if "envelope" not in data:
        raise msgspec.ValidationError("no envelope")
    rest = {name: value for name, value in data.items() if name == "required"}
    if len(rest) + 1 + ("plaintext" in data) != len(data):
        raise msgspec.ValidationError("a field that isn't one")
    return msgspec.structs.replace(
        msgspec.convert(rest, SealedField),
        envelope=ENVELOPES.parse(data["envelope"]),
        plaintext=FORMATS.parse(data["plaintext"]) if "plaintext" in data else None,
    )


def credential_shape() -> dict[str, Any]:
    """The JSON Schema of a credential, with those of its columns."""
    from assay.kinds.envelopes import REFERENCE, envelope_shape
    from assay.spec.structs import TEMPLATE, shape_of

    envelope = envelope_shape()
    column = shape_of(SealedField)
    column["properties"]["envelope"] = REFERENCE
    column["required"] = ["envelope"]
    described = column.pop("description")
    made = shape_of(Credential)
    made["properties"]["columns"] = {
        "description": made["properties"]["columns"]["description"],
        "type": "object",
        "minProperties": 1,
        "additionalProperties": {
            "description": described,
            "anyOf": [
                *(form for form in envelope["anyOf"] if "const" in form),
                {"title": "column", **column},
            ],
        },
        "examples": [{"consumer_key_enc": {"envelope": "fernet", "required": True}}],
    }
    made["properties"]["metadata"] = {
        "description": made["properties"]["metadata"]["description"],
        "type": "object",
        "additionalProperties": {"$ref": TEMPLATE.format(name="item")},
        "examples": [{"key_version": "integer"}],
    }
    made["required"] = [*made["required"], "columns"]
    fields = made["properties"]
    first = ("description", "table", "identity", "key", "where", "columns", "metadata", "required")
    made["properties"] = {name: fields[name] for name in dict.fromkeys((*first, *fields))}
    return {"title": "credential", **made}
