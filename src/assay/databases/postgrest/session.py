"""A project that is open: what it shows of its tables, and their rows."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any
from urllib.request import getproxies

import httpx
from supabase import create_client
from supabase.lib.client_options import SyncClientOptions

from assay.databases.model import Connected, Structure
from assay.databases.postgrest.faults import Asking, Rejected, trouble
from assay.databases.postgrest.openapi import NOT_TOLD, tables_of, version_of
from assay.databases.postgrest.paging import Answer, Ask, PageReading
from assay.databases.postgrest.probing import Prober, seen_by
from assay.databases.postgrest.reader import Reader, json_of
from assay.databases.trouble import DatabaseTrouble
from assay.facts import Unobservable
from assay.net.faults import NetworkFault
from assay.net.http import LARGEST, TooMuch
from assay.net.patience import Deadline, in_time
from assay.net.reaching import resolved

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from supabase import Client

    from assay.databases.model import Asked, FoundTable, Row, Selection
    from assay.databases.postgrest.access import ApiAddress, ApiKey

_SECRET_KEYS = Unobservable(
    reason="the data API lists its tables only to secret keys",
    remedy="Use a key that begins with sb_secret_, or declare the database with `sql:`.",
)
_NO_TABLES = Unobservable(
    reason="the root document of the data API describes no tables",
    remedy="Declare the database with `sql:` and its connection string.",
)
_TOO_LONG = Unobservable(
    reason="the root document of the data API never ends",
    remedy="Declare the database with `sql:` and its connection string.",
)
_DOMAIN = "supabase.co"
_ACCEPTED = "application/openapi+json, application/json"


def opened(address: ApiAddress, key: ApiKey, schema: str, seconds: float) -> OpenProject:
    """The project at an address.

    Raises:
        DatabaseTrouble: it does not answer, or does not accept the key.

    """
    if not {"all", "http", "https"} & getproxies().keys():  # behind a proxy, names are its matter
        _resolve(address, seconds)
    reader = Reader(address, key, Asking(address.host, seconds, schema))
    try:
        return OpenProject(_client(address, key, schema, reader), reader, address, key, schema)
    except BaseException:
        reader.close()
        raise


def _resolve(address: ApiAddress, seconds: float) -> None:
    """Tell a paused project, whose name is taken away, from a name service that does not answer."""
    deadline = Deadline(seconds)
    try:
        resolved(address.name, address.port, deadline)
    except NetworkFault as found:
        fault = DatabaseTrouble.of(found)
        if address.ref is not None and found.code == "name-not-resolved":
            with suppress(NetworkFault):
                resolved(_DOMAIN, address.port, deadline)
                fault = DatabaseTrouble("database-paused", host=address.host)
        raise fault from None


def _client(address: ApiAddress, key: ApiKey, schema: str, reader: Reader) -> Client:
    options = SyncClientOptions(
        schema=schema,
        httpx_client=reader,
        postgrest_client_retry=False,
        auto_refresh_token=False,
        persist_session=False,
    )
    try:
        return create_client(address.url, key.text, options)
    except Exception as error:  # noqa: BLE001 - it may quote the key
        state = type(error).__name__
    raise DatabaseTrouble("database-failed", host=address.host, state=state)


def _bypasses(role: str) -> bool | Unobservable:
    """Of the roles that Supabase makes it is known; of a role of one's own it is not told."""
    if role in ("anon", "authenticated"):
        return False
    return True if role == "service_role" else NOT_TOLD


class _Rows:
    """The rows of one table, as `PageReading` asks for them."""

    def __init__(self, project: OpenProject, schema: str, table: str) -> None:
        self._project = project
        self._schema = schema
        self._table = table

    def rows(self, ask: Ask, largest: int) -> Answer:
        return self._project.rows(self._schema, self._table, ask.parameters(), largest)


class OpenProject:
    """A session with a project."""

    def __init__(
        self, client: Client, reader: Reader, address: ApiAddress, key: ApiKey, schema: str
    ) -> None:
        self._client = client
        self._reader = reader
        self._address = address
        self._schema = schema
        self._seen = seen_by(key.role)
        self._listings: dict[str, dict[str, FoundTable] | Unobservable] = {}
        self._version = ""
        self._listing(schema)
        self._connected = Connected(
            dialect="postgrest",
            version=self._version,
            role=key.role,
            bypasses=_bypasses(key.role),
        )

    @property
    def connected(self) -> Connected:
        """The API, and the role of the key."""
        return self._connected

    def structure(self, schema: str = "", asked: Sequence[Asked] = ()) -> Structure:
        """What the root document shows, or requests for the tables that are asked for."""
        schema = schema or self._schema
        listing = self._listing(schema)
        prober = Prober(self, self._seen)
        unlisted = listing if isinstance(listing, Unobservable) else None
        tables = {} if isinstance(listing, Unobservable) else dict(listing)
        tables = {name: self._seen(table) for name, table in tables.items()}
        for each in asked:
            with self._faults(schema, each.table):
                known = tables.get(each.table)
                if unlisted is not None:
                    known = prober.unlisted(schema, each)
                elif known is not None and each.select:
                    known = prober.tried(schema, known)
                if known is not None:
                    tables[each.table] = known
        return Structure(
            dialect="postgrest",
            schema=schema,
            tables=tables,
            extensions=NOT_TOLD,
            roles=NOT_TOLD,
            unlisted=unlisted,
        )

    def pages(self, selection: Selection) -> Iterator[Sequence[Row]]:
        """Rows by key, in answers of about a mebibyte."""
        schema = selection.schema or self._schema
        listing = self._listing(schema)
        table = None if isinstance(listing, Unobservable) else listing.get(selection.table)
        source = _Rows(self, schema, selection.table)
        with self._faults(schema, selection.table):
            yield from PageReading(source, selection, table, self._address.host).pages()

    def close(self) -> None:
        """Close the connections. Never raises."""
        with suppress(Exception):
            in_time(self._reader.close, 1.0)

    def rows(
        self, schema: str, table: str, parameters: Sequence[tuple[str, str]], largest: int
    ) -> Answer:
        """The rows that a query gives. Raises Rejected, TooMuch or Trouble."""
        if not table or "/" in table or table in (".", ".."):  # a path of its own, such as rpc/...
            raise DatabaseTrouble("database-table-not-found", host=self._address.host, table=table)
        request = self._client.schema(schema).from_(table).select("*")
        request.request.params = httpx.QueryParams(tuple(parameters))
        self._reader.largest = largest
        try:
            data: Any = request.execute().data
        except RecursionError:
            data = None
        finally:
            self._reader.largest = LARGEST
        if not isinstance(data, list):
            raise self._no_json()
        return Answer(data, self._reader.size, self._reader.start)

    def _listing(self, schema: str) -> dict[str, FoundTable] | Unobservable:
        """The tables of a schema, asked for once."""
        if schema not in self._listings:
            with self._faults(schema):
                self._listings[schema] = self._listed(schema)
        return self._listings[schema]

    def _listed(self, schema: str) -> dict[str, FoundTable] | Unobservable:
        api = self._client.schema(schema)
        headers = {**api.headers, "Accept": _ACCEPTED}
        try:
            answer = self._reader.get(f"{self._address.url}/rest/v1/", headers=headers)
        except Rejected as rejected:
            if rejected.keeps_document:
                return _SECRET_KEYS
            raise
        except TooMuch:
            return _TOO_LONG
        document = json_of(answer.content)
        if document is None:
            raise self._no_json()
        self._version = self._version or version_of(document)
        found = tables_of(document, schema)
        return _NO_TABLES if found is None else found

    def _no_json(self) -> DatabaseTrouble:
        state = "JSON that is malformed, or cut off"
        return DatabaseTrouble("database-failed", host=self._address.host, state=state)

    @contextmanager
    def _faults(self, schema: str, table: str = "") -> Iterator[None]:
        """Refusals and endless answers, as faults."""
        found: DatabaseTrouble | None = None
        try:
            yield
        except Rejected as rejected:
            seconds = self._reader.asking.seconds
            found = trouble(rejected, Asking(self._address.host, seconds, schema, table))
        except TooMuch as much:
            found = DatabaseTrouble.of(much)
        except UnicodeError:  # a header can't hold the name
            host = self._address.host
            found = DatabaseTrouble(
                "database-schema-not-exposed", host=host, schema=schema, exposed=""
            )
        if found is not None:
            raise found from None
