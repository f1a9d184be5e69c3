"""What a spec may say of a database: how it is reached, and what is expected of the connection."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

from assay.databases import BACKENDS
from assay.databases.base import Backend, Reach
from assay.kinds.fields import Loosens, Said, about, condition, described
from assay.spec.narrows import FREE, GROWING, SHRINKING, merging

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0}
Within = Annotated[str, Meta(pattern="^[1-9][0-9]{0,4}(ms|s|m)$", examples=["10s"])]


class Database(Said, frozen=True, kw_only=True):
    """One database that the application uses."""

    section: ClassVar[str] = "databases"

    description: Annotated[str, described("What it holds")] = ""
    backend: Annotated[Backend | None, about("How it is reached."), merging(choices=BACKENDS)] = (
        None
    )
    schema: Annotated[
        str,
        about("The schema that its tables are in; `public` for PostgreSQL by default.", ["public"]),
    ] = ""
    role: Annotated[
        str,
        about(
            "Whom assay must be there: the role of the key, or of the connection.",
            ["service_role", "billing_reader"],
        ),
    ] = ""
    hosts: Annotated[
        tuple[str, ...],
        about(
            "The only hosts that it may be at, whatever its variables say; "
            "`*.example.com` stands for all below it. This machine is always allowed.",
            [["db.example.com", "*.supabase.co"]],
        ),
        SHRINKING,
    ] = ()
    within: Annotated[Within, about("How long connecting, and each answer, may take."), FREE] = (
        "10s"
    )
    extensions: Annotated[
        tuple[str, ...], about("The extensions that must be there.", [["pgcrypto"]]), GROWING
    ] = ()
    when: Annotated[str | None, condition("nothing of the database is checked.")] = None
    group: Annotated[str, about("The heading under which documents list it."), FREE] = ""
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
