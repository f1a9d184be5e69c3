"""Supabase: the data API of a project, read with supabase-py, by GET alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from msgspec import Meta

from assay.databases.base import Backend
from assay.databases.destinations import Destination
from assay.databases.postgrest.access import read_address, read_key
from assay.databases.trouble import DatabaseTrouble

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.databases.base import Reach, Session

COMMAND = "pip install 'assay[supabase]'"


class Supabase(Backend, frozen=True, kw_only=True):
    """The data API of a Supabase project; `sql` shows what it does not tell, such as policies."""

    default_schema: ClassVar[str] = "public"

    url: Annotated[
        str,
        Meta(
            description="The variable with the project's URL, such as https://REF.supabase.co.",
            min_length=1,
            examples=["SUPABASE_URL"],
        ),
    ]
    key: Annotated[
        str,
        Meta(
            description="The variable with an API key of the project: sb_secret_... or a legacy"
            " service_role key to see every row; others see what row level security lets them.",
            min_length=1,
            examples=["SUPABASE_SERVICE_ROLE_KEY"],
        ),
    ]

    @property
    def variables(self) -> tuple[str, ...]:
        """Of the URL, and of the key."""
        return (self.url, self.key)

    @property
    def label(self) -> str:
        """The URL by its variable."""
        return f"the project at {self.url}"

    def destination(self, settings: Mapping[str, str]) -> Destination:
        """The host of the URL."""
        address = read_address(settings[self.url])
        return Destination((address.name,), encrypted=address.url.startswith("https://"))

    def open(self, settings: Mapping[str, str], reach: Reach) -> Session:
        """A session, after one request that shows whether the key is good."""
        address = read_address(settings.get(self.url, ""))
        key = read_key(settings.get(self.key, ""), address)
        try:
            from assay.databases.postgrest.session import opened
        except ImportError:
            raise DatabaseTrouble(
                "database-driver-missing", library="supabase", command=COMMAND
            ) from None
        return opened(address, key, reach.schema or self.default_schema, reach.seconds)
