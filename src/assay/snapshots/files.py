"""The form of a snapshot: JSON with states and digests, and no value of any environment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from msgspec import Meta

from assay.comparison import Cell
from assay.errors import UsageError
from assay.facts import State
from assay.files import FileTrouble, read_bytes
from assay.schema_diff.outline import Outline

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA_ID = "https://assay.dev/schema/snapshot-v1.json"
LARGEST = 64 * 1024 * 1024
"""Bytes; more than any environment needs."""
_AGAIN = "Recreate it with `assay snapshot`."


class SnapshotEntry(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What is known of one name."""

    state: Annotated[
        Literal["readable", "empty", "missing", "unreadable", "digest", "denied"],
        Meta(
            description="The state of the variable.",
            extra_json_schema={
                "meanings": {
                    "readable": "It is set.",
                    "empty": "It is set to an empty string.",
                    "missing": "It is not set.",
                    "unreadable": "It is set, but could not be read back.",
                    "digest": "It is set, but only a digest of it is available.",
                    "denied": "Permission to read it was denied.",
                }
            },
        ),
    ]
    digest: Annotated[
        str,
        Meta(
            description="HMAC-SHA256 under the pepper of the name and what the application sees, "
            "its default included; none if it sees no value.",
            pattern="^([0-9a-f]{64})?$",
        ),
    ] = ""


class SnapshotEnvironment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One environment."""

    variables: Annotated[dict[str, SnapshotEntry], Meta(description="Its variables by name.")] = {}
    complete: Annotated[
        bool,
        Meta(
            description="Whether a name that is not among them is certain not to be set; the "
            "process has names of others, which are left out."
        ),
    ] = False
    keys: Annotated[
        dict[str, SnapshotEntry],
        Meta(description="Its keys by name; digests are of the bytes that are made of them."),
    ] = {}
    others: Annotated[
        dict[str, dict[str, SnapshotEntry]],
        Meta(description="What else is compared of it, by the section of the spec and by name."),
    ] = {}
    databases: Annotated[
        dict[str, Outline] | None,
        Meta(
            description="The tables of the databases that it uses, by name, without rows and "
            "literals; null where nothing is said of them."
        ),
    ] = None

    @property
    def sections(self) -> Mapping[str, Mapping[str, SnapshotEntry]]:
        """All that is compared of it, by the section of the spec and by name."""
        return {**{section: getattr(self, section) for section in SECTIONS}, **self.others}


SECTIONS = ("variables", "keys")
"""The sections that have a field of their own."""


class Snapshot(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A snapshot of environments, to be compared elsewhere or later; it holds no value."""

    schema: Annotated[str, Meta(description="The schema of this format.")] = SCHEMA_ID
    version: Annotated[Literal[1], Meta(description="The version of this format.")] = 1
    project: Annotated[str, Meta(description="The project's name.")] = ""
    created: Annotated[
        str, Meta(description="When it was made, from `--created`; empty by default.")
    ] = ""
    pepper: Annotated[
        str,
        Meta(
            description="Identifies the pepper: snapshots with different peppers can't be "
            "compared.",
            pattern="^[0-9a-f]{16}$",
        ),
    ]
    environments: Annotated[
        dict[str, SnapshotEnvironment], Meta(description="The environments by name.", min_length=1)
    ]


def encoded(snapshot: Snapshot) -> str:
    """The text of a snapshot; equal snapshots have equal texts, to the byte."""
    data = msgspec.to_builtins(snapshot)
    if not snapshot.created:
        del data["created"]
    for environment in data["environments"].values():
        if not environment["others"]:
            del environment["others"]
        if environment["databases"] is None:
            del environment["databases"]
    text = msgspec.json.format(msgspec.json.encode(data), indent=2)
    return text.decode() + "\n"


def read_snapshot(path: str) -> Snapshot:
    """The snapshot in a file.

    Raises:
        UsageError: it can't be read, or isn't one.

    """
    content = read_bytes(path, limit=LARGEST, inside=None)
    if isinstance(content, FileTrouble):
        remedy = "Name a file that `assay snapshot` wrote."
        known = content.code in ("denied", "missing")
        raise UsageError(
            f"{path} can't be read: {content.reason}", content.remedy if known else remedy
        )
    try:
        data = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise UsageError(f"{path} is not a snapshot: it is not JSON", _AGAIN) from None
    version = data.get("version") if isinstance(data, dict) else None
    if isinstance(version, int) and version > 1:
        raise UsageError(
            f"{path} is a snapshot of version {version}, which this version of assay does not "
            "support",
            "Update assay, or make the snapshot with this version.",
        )
    try:
        return msgspec.convert(data, Snapshot)
    except msgspec.ValidationError as error:
        _, _, place = str(error).partition(" - at `$")
        where = f" at {place.rstrip('`').lstrip('.')}" if place else ""
        reason = f"it does not match the format{where}"
        raise UsageError(f"{path} is not a snapshot: {reason}", _AGAIN) from None


def entry_of(cell: Cell) -> SnapshotEntry:
    """A cell as a snapshot keeps it: without the reason, which may report the value."""
    return SnapshotEntry(state=cell.state.value, digest=cell.digest)


def cells_of(entries: Mapping[str, SnapshotEntry], pepper: str) -> dict[str, Cell]:
    """The cells that a snapshot keeps."""
    return {
        name: Cell(
            state=State(entry.state),
            digest=entry.digest,
            under=pepper if entry.digest else "",
            reason="" if entry.digest or entry.state in _KNOWN else _HIDDEN,
        )
        for name, entry in entries.items()
    }


_KNOWN = ("missing", "empty")
_HIDDEN = "it could not be read when the snapshot was made"


def snapshot_schema() -> dict[str, Any]:
    """The JSON Schema of a snapshot (draft 2020-12)."""
    from assay.spec.structs import shape_of

    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "assay snapshot",
        **shape_of(Snapshot),
    }
