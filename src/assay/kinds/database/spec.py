"""What a spec may say of a database: how it is reached, and what is expected of the connection."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

from assay.databases import BACKENDS
from assay.databases.base import Backend, Reach
from assay.kinds.variable.spec import Loosens
from assay.spec.narrows import EXEMPTING, FREE, GROWING, SHRINKING, merging

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0}
Within = Annotated[str, Meta(pattern="^[1-9][0-9]{0,4}(ms|s|m)$", examples=["10s"])]


class Database(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"
):
    """One database that the application uses."""

    section: ClassVar[str] = "databases"

    description: Annotated[
        str, Meta(description="What it holds, in a sentence; shown in documents."), FREE
    ] = ""
    backend: Annotated[
        Backend | None, Meta(description="How it is reached."), merging(choices=BACKENDS)
    ] = None
    schema: Annotated[
        str,
        Meta(
            description="The schema that its tables are in; `public` for PostgreSQL by default.",
            examples=["public"],
        ),
    ] = ""
    role: Annotated[
        str,
        Meta(
            description="Whom assay must be there: the role of the key, or of the connection.",
            examples=["service_role", "billing_reader"],
        ),
    ] = ""
    hosts: Annotated[
        tuple[str, ...],
        Meta(
            description="The only hosts that it may be at, whatever its variables say; "
            "`*.example.com` stands for all below it. This machine is always allowed.",
            examples=[["db.example.com", "*.supabase.co"]],
        ),
        SHRINKING,
    ] = ()
    within: Annotated[
        Within, Meta(description="How long connecting, and each answer, may take."), FREE
    ] = "10s"
    extensions: Annotated[
        tuple[str, ...],
        Meta(description="The extensions that must be there.", examples=[["pgcrypto"]]),
        GROWING,
    ] = ()
    when: Annotated[
        str | None,
        Meta(
            description="A CEL condition; if it is false, nothing of the database is checked.",
            examples=["environment != 'ci'"],
        ),
        EXEMPTING,
    ] = None
    group: Annotated[str, Meta(description="The heading under which documents list it."), FREE] = ""
    loosens: Loosens = ()

    @property
    def reached_by(self) -> Backend:
        """The backend; the loader of specs has seen to it that there is one."""
        if self.backend is None:  # pragma: no cover - parse_database gives one
            raise TypeError("a database without a backend")
        return self.backend

    def reach(self, root: str, allowed: tuple[str, ...] = ()) -> Reach:
        """What the backend is opened with."""
        number = self.within.rstrip("ms")
        seconds = int(number) * _UNITS[self.within[len(number) :]]
        return Reach(root=root, allowed=allowed, schema=self.schema, seconds=seconds)


def parse_database(_name: str, data: Any) -> Database:
    """A database from its YAML data; raises `msgspec.ValidationError` for a wrong shape."""
    if not isinstance(data, dict):
        raise msgspec.ValidationError("not a mapping")
    given = [name for name in BACKENDS if name in data]
    if len(given) != 1 or "backend" in data:
        raise msgspec.ValidationError("not one backend")
    rest = {key: value for key, value in data.items() if key not in BACKENDS}
    backend = BACKENDS.make(given[0], data[given[0]])
    return msgspec.structs.replace(msgspec.convert(rest, Database), backend=backend)
