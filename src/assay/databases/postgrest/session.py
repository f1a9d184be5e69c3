"""A project that is open: what it shows of its tables, and their rows."""

from __future__ import annotations

import json
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.request import getproxies

import httpx
from supabase import Client, create_client
from supabase.lib.client_options import SyncClientOptions

from assay.databases.model import Asked, Connected, FoundTable, Row, Selection, Structure
from assay.databases.postgrest import probing
from assay.databases.postgrest.conditions import column
from assay.databases.postgrest.faults import Asking, Rejected, no_data, trouble
from assay.databases.postgrest.openapi import NOT_TOLD, OTHER_KEY, tables_of, version_of
from assay.databases.postgrest.paging import Answer, Ask, PageReading
from assay.databases.trouble import DatabaseTrouble, failed
from assay.facts import Unobservable
from assay.net.faults import NetworkFault
from assay.net.http import LARGEST, HttpReader, TooMuch
from assay.net.patience import Deadline, in_time
from assay.net.reaching import resolved

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assay.databases.postgrest.supabase import ApiAddress, ApiKey

_SQL = "Declare the database with `sql:` and its connection string."
_SECRET_KEYS = Unobservable(
    reason="the data API lists its tables only to secret keys", remedy=OTHER_KEY
)
_NO_TABLES = Unobservable(
    reason="the root document of the data API describes no tables", remedy=_SQL
)
_TOO_LONG = Unobservable(reason="the root document of the data API never ends", remedy=_SQL)
_SHORT = 65536
"""Bytes of an answer without rows."""
_BYPASSES = {"anon": False, "authenticated": False, "service_role": True}
"""Roles that Supabase makes; of a role of one's own it is not told."""
_DOMAIN = "supabase.co"
_ACCEPTED = "application/openapi+json, application/json"


def opened(address: ApiAddress, key: ApiKey, schema: str, seconds: float) -> OpenProject:
    """The project at an address."""
    if not {"all", "http", "https"} & getproxies().keys():  # behind a proxy, names are its matter
        _resolve(address, seconds)
    reader = Reader(address, key, seconds)
    try:
        client = _client(address, key, schema, reader)
        return OpenProject(client, reader, address, key, Asking(address.host, seconds, schema))
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
    raise failed(state, host=address.host)


class OpenProject:
    """A session with a project."""

    def __init__(
        self, client: Client, reader: Reader, address: ApiAddress, key: ApiKey, asking: Asking
    ) -> None:
        self._client = client
        self._reader = reader
        self._address = address
        self._asking = asking
        self._schema = asking.schema
        self._listings: dict[str, dict[str, FoundTable] | Unobservable] = {}
        self._version = ""
        self._listing(asking.schema)
        self.connected: Connected = Connected(
            dialect="postgrest",
            version=self._version,
            role=key.role,
            bypasses=_BYPASSES.get(key.role, NOT_TOLD),
        )

    def structure(self, schema: str = "", asked: Sequence[Asked] = ()) -> Structure:
        """What the root document shows, or requests for the tables that are asked for."""
        schema = schema or self._schema
        listing = self._listing(schema)
        unlisted = listing if isinstance(listing, Unobservable) else None
        tables = {} if isinstance(listing, Unobservable) else dict(listing)
        for each in asked:
            with self._faults(schema, each.table):
                ask = partial(self._no_rows, schema, each.table)
                known = tables.get(each.table)
                if unlisted is not None:
                    known = probing.unlisted(ask, schema, each)
                elif known is not None and each.select:
                    known = probing.tried(ask, known)
                if known is not None:
                    tables[each.table] = known
        role = self.connected.role
        return Structure(
            dialect="postgrest",
            schema=schema,
            tables={name: probing.seen_by(role, table) for name, table in tables.items()},
            extensions=NOT_TOLD,
            roles=NOT_TOLD,
            unlisted=unlisted,
        )

    def pages(self, selection: Selection) -> Iterator[Sequence[Row]]:
        """Rows by key, in answers of about a mebibyte."""
        schema = selection.schema or self._schema
        listing = self._listing(schema)
        table = None if isinstance(listing, Unobservable) else listing.get(selection.table)

        def rows(ask: Ask, largest: int) -> Answer:
            return self._rows(schema, selection.table, ask.parameters(), largest)

        with self._faults(schema, selection.table):
            yield from PageReading(rows, selection, table, self._address.host).pages()

    def close(self) -> None:
        """Close the connections. Never raises."""
        with suppress(Exception):
            in_time(self._reader.close, 1.0)

    def _no_rows(self, schema: str, table: str, columns: Sequence[str]) -> None:
        select = ",".join(map(column, columns)) or "*"
        self._rows(schema, table, [("select", select), ("limit", "0")], _SHORT)

    def _rows(
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
        return failed("JSON that is malformed, or cut off", host=self._address.host)

    @contextmanager
    def _faults(self, schema: str, table: str = "") -> Iterator[None]:
        """Refusals and endless answers, as faults."""
        found: DatabaseTrouble | None = None
        try:
            yield
        except Rejected as rejected:
            found = trouble(rejected, self._asking._replace(schema=schema, table=table))
        except TooMuch as much:
            found = DatabaseTrouble.of(much)
        except UnicodeError:  # a header can't hold the name
            found = DatabaseTrouble(
                "database-schema-not-exposed", host=self._address.host, schema=schema, exposed=""
            )
        if found is not None:
            raise found from None


class Reader(HttpReader):
    """Sends GET and HEAD, and gives back answers that hold JSON.

    Raises, from any request:
        Rejected: the server refuses in JSON.
        TooMuch: the answer does not come to an end within `largest` bytes, or the time.
        Trouble: there is no answer, or one that holds no JSON.

    """

    def __init__(self, address: ApiAddress, key: ApiKey, seconds: float) -> None:
        super().__init__(
            address.name,
            shown=address.host,
            seconds=seconds,
            encrypted=address.url.startswith("https:"),
        )
        self._host = address.host
        self._token = key.token
        self.size: int = 0
        """Bytes of the last answer."""
        self.start: int | None = None
        """Where its rows begin among all, as it says."""

    def send(self, request: httpx.Request, **_options: Any) -> httpx.Response:
        """The answer to a request, read to its end, if it holds data."""
        if not self._token:
            # A key that isn't a JWT isn't a bearer token either: PostgREST answers PGRST301.
            request.headers.pop("Authorization", None)
        try:
            answer = super().send(request)
        except TooMuch:
            raise
        except NetworkFault as fault:
            raise DatabaseTrouble.of(fault) from None
        status, content_type = answer.status_code, answer.headers.get("content-type", "").lower()
        # A success is parsed by whoever asked; an empty one would pass for no rows there.
        empty = "json" not in content_type or not answer.content.strip()
        found = None if empty or answer.is_success else json_of(answer.content)
        if empty or (found is None and not answer.is_success):
            raise no_data(status, content_type, self._host)
        if not answer.is_success:
            raise Rejected(status, found)
        self.size = len(answer.content)
        self.start = _range_start(answer.headers.get("content-range", ""))
        return answer


def json_of(content: bytes) -> Any:
    """What JSON holds; None if it isn't JSON, or is cut off."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _range_start(text: str) -> int | None:
    first = text.partition("-")[0]
    return int(first) if first.isascii() and first.isdigit() and len(first) < 16 else None
