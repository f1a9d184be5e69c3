"""An emulator of the data API of hosted Supabase: gateway and PostgREST, over tables in memory.

It stands in for what `@supabase/lite` lacks: legacy keys, root documents with definitions that only
secret keys may read, limits of rows, and every fault. Where both can answer,
`test_supabase_lite.py` holds it against the real one.
"""

from __future__ import annotations

import contextlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.databases.emulated import Problem, Table, answer, root_document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECRET = "sb_secret_" + "emulated" * 4
PUBLISHABLE = "sb_publishable_" + "emulated" * 4
HTML = "<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>"
FORBIDDEN = Problem(
    401,
    message="Access to schema is forbidden",
    hint="Accessing the schema via the Data API is only allowed using a secret API key.",
)


class Request(NamedTuple):
    """What a client sent."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Listener

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def handle(self) -> None:
        """Serve; clients that go away in the middle are what some tests are about."""
        with contextlib.suppress(ConnectionError):
            super().handle()

    def send(
        self, status: int, body: bytes | str, content_type: str = "application/json", **more: str
    ) -> None:
        """Send an answer. An underscore in a header's name stands for a dash."""
        content = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(content)))
        for name, value in more.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def drop(self) -> None:
        """Send nothing more on this connection."""
        self.close_connection = True

    def do_GET(self) -> None:
        """Answer whatever method, and keep what was sent."""
        emulator = self.server.emulator
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True, separator="&"))
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        headers = {name.lower(): value for name, value in self.headers.items()}
        emulator.requests.append(Request(self.command, unquote(parts.path), query, headers))
        script = emulator.next_script()
        if script is not None:
            script(self)
            return
        if self.command not in ("GET", "HEAD"):
            self.send(405, "{}")
            return
        try:
            self._serve(emulator, unquote(parts.path), pairs, headers)
        except Problem as problem:
            self.send(problem.status, json.dumps(problem.body))

    do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_GET  # noqa: N815

    def _serve(
        self,
        emulator: Emulator,
        path: str,
        query: list[tuple[str, str]],
        headers: dict[str, str],
    ) -> None:
        role = emulator.role_of(headers)
        if not path.startswith("/rest/v1/"):
            raise Problem(404, message="no Route matched with those values")
        schema = headers.get("accept-profile", "public")
        if schema not in emulator.exposed:
            exposed = f"Only the following schemas are exposed: {', '.join(emulator.exposed)}"
            raise Problem(406, "PGRST106", f"Invalid schema: {schema}", exposed)
        name = path.removeprefix("/rest/v1/")
        if not name:
            if role != "service_role" and emulator.keeps_document:
                raise FORBIDDEN
            body = json.dumps(root_document(emulator.tables, emulator.version))
            self.send(200, body, "application/openapi+json; charset=utf-8")
            return
        rows, start = answer(emulator.tables, name, query, role, emulator.max_rows)
        end = start + len(rows) - 1
        content_range = f"{start}-{end}/*" if rows else "*/*"
        body = json.dumps(rows, separators=(",", ":"))
        content_type = "application/json; charset=utf-8"
        self.send(200, body, content_type, Content_Range=content_range)


class Listener(ThreadingHTTPServer):
    """The socket."""

    daemon_threads = True
    emulator: Emulator

    def handle_error(self, *_: object) -> None:
        """Say nothing of clients that go away."""


class Emulator:
    """A project on loopback."""

    def __init__(self, *tables: Table, **keys: str) -> None:
        """Serve tables. `keys` are further ones, by their role."""
        self.tables = {table.name: table for table in tables}
        self.keys = {SECRET: "service_role", PUBLISHABLE: "anon"}
        self.keys |= {key: role for role, key in keys.items()}
        self.exposed = ["public", "graphql_public"]
        self.keeps_document = True
        self.version = "14.1"
        self.max_rows = 1000
        self.requests: list[Request] = []
        self.scripts: list[Callable[[Handler], None] | None] = []
        """What is done in place of an answer, in turn; None for an answer."""
        self.always: Callable[[Handler], None] | None = None
        self.released = threading.Event()
        """Set at the end, for scripts that wait."""
        self._listener = Listener(("127.0.0.1", 0), Handler)
        self._listener.emulator = self
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def host(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self._listener.server_address[1]}"

    @property
    def url(self) -> str:
        """The project's URL."""
        return f"http://{self.host}"

    def wrap(self, wrapper: Callable[[Any], Any]) -> None:
        """Replace the listening socket, for TLS."""
        self._listener.socket = wrapper(self._listener.socket)

    def next_script(self) -> Callable[[Handler], None] | None:
        """What is done with the next request."""
        return self.scripts.pop(0) if self.scripts else self.always

    def role_of(self, headers: dict[str, str]) -> str:
        """The role of a request, as the gateway and PostgREST find it."""
        key = headers.get("apikey")
        if key is None:
            hint = "No `apikey` request header or url param was found."
            raise Problem(401, message="No API key found in request", hint=hint)
        if key not in self.keys:
            hint = "Double check your Supabase `anon` or `service_role` API key."
            raise Problem(401, message="Invalid API key", hint=hint)
        bearer = headers.get("authorization", "").removeprefix("Bearer ")
        if bearer and bearer.count(".") != 2:
            raise Problem(401, "PGRST301", "Expected 3 parts in JWT; got 1")
        return self.keys[key]

    def close(self) -> None:
        """Stop serving."""
        self.released.set()
        self._listener.shutdown()
        self._thread.join()
        self._listener.server_close()


@contextlib.contextmanager
def emulated(*tables: Table, **keys: str) -> Iterator[Emulator]:
    """A project that is gone afterwards."""
    emulator = Emulator(*tables, **keys)
    try:
        yield emulator
    finally:
        emulator.close()
