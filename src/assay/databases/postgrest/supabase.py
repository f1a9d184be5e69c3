"""Supabase: the data API of a project, read with supabase-py, by GET alone.

The URL of a project and a key to it are judged before the key is sent anywhere.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, ClassVar, NamedTuple

import msgspec
from msgspec import Meta

from assay.databases.base import Backend, Reach, Session
from assay.databases.destinations import Destination
from assay.databases.trouble import DatabaseTrouble
from assay.databases.urls import invalid
from assay.formats.hosts import is_host, is_port
from assay.formats.jose import read_jwt
from assay.formats.supabase import expired, key_ref, project
from assay.formats.urls import UrlParts, split_url
from assay.redacted import redacted

if TYPE_CHECKING:
    from collections.abc import Mapping


_SERVICES = ("rest", "auth", "storage", "functions", "realtime", "graphql")
_DASHBOARD = re.compile(r"/(?:dashboard/)?project/([a-z0-9]{1,40})")
_REF = re.compile(r"[A-Za-z0-9_-]{1,40}")
_ROLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")
_PATH = re.compile(r"(?:/[A-Za-z0-9._~-]+)*")
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]+")
_PORTS = {"http": 80, "https": 443}


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


class ApiAddress(NamedTuple):
    """Where the API of a project is."""

    url: str
    """Without a slash at its end, and without `/rest/v1`."""
    host: str
    """For messages, with its port where the URL has one."""
    name: str
    """The host alone; IPv6 without brackets."""
    port: int
    ref: str | None
    """The project, for hosted ones."""


@redacted("role")
class ApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """An API key."""

    text: str
    role: str
    """The role that PostgREST takes on for it."""
    token: bool
    """Whether it is a JWT, which is sent as a bearer token too."""


def read_address(text: str) -> ApiAddress:
    """The address that a URL means."""
    if not text.strip():
        raise invalid("it is empty")
    if text != text.strip() or not text.isprintable() or " " in text:
        raise invalid("it holds white space, or characters that can't be seen")
    parts = split_url(text)
    if parts is None:
        raise invalid("it does not begin with https://")
    if parts.scheme in ("postgres", "postgresql"):
        raise invalid("it is the connection string of PostgreSQL, not the URL of the API")
    if parts.scheme not in _PORTS:
        raise invalid("it does not begin with https://")
    host = parts.host.lower()
    if not is_host(host) or not (parts.port is None or is_port(parts.port)):
        raise invalid("its host or its port is malformed")
    _refuse_other_pages(host, parts.path)
    path = _path_of(parts)
    ref = project(text)
    if ref is not None and parts.scheme == "http":
        raise invalid("it begins with http://, so the key would be sent in the clear")
    port = int(parts.port) if parts.port else _PORTS[parts.scheme]
    shown = host if parts.port is None else f"{host}:{port}"
    return ApiAddress(f"{parts.scheme}://{shown}{path}", shown, host.strip("[]"), port, ref)


def _path_of(parts: UrlParts) -> str:
    if parts.userinfo is not None or parts.query is not None or parts.fragment is not None:
        raise invalid("it holds a user, a query or a fragment beside host and path")
    path = parts.path.rstrip("/")
    service = next((name for name in _SERVICES if f"/{name}/v1/" in f"{path}/"), None)
    if service is not None:
        raise invalid(f"it goes on with /{service}/v1, which programs append themselves")
    if not _PATH.fullmatch(path):
        raise invalid("its path is not that of an API")
    return path


def _refuse_other_pages(host: str, path: str) -> None:
    if host in ("supabase.com", "www.supabase.com", "app.supabase.com", "app.supabase.io"):
        found = _DASHBOARD.match(path)
        there = f"; the API of this project is https://{found[1]}.supabase.co" if found else ""
        raise invalid(f"it is a page of the dashboard{there}")
    ref = project(f"https://{host}")
    if ref is not None and ref.startswith("db."):
        raise invalid(
            "it names the PostgreSQL server; the API of this project is"
            f" https://{ref.removeprefix('db.')}.supabase.co"
        )


def read_key(text: str, address: ApiAddress) -> ApiKey:
    """What a key says of itself."""

    def rejected(reason: str) -> DatabaseTrouble:
        return DatabaseTrouble("database-key-rejected", host=address.host, reason=reason)

    if not text.strip():
        raise rejected("it is empty")
    if text != text.strip():
        raise rejected("it begins or ends with white space")
    if _TOKEN.fullmatch(text) and len(text) <= 8192:
        if text.startswith("sb_publishable_"):
            return ApiKey(text=text, role="anon", token=False)
        if text.startswith("sb_secret_"):
            return ApiKey(text=text, role="service_role", token=False)
        token = read_jwt(text)
        if token is not None:
            ref = key_ref(text)
            if ref is not None and address.ref is not None and ref != address.ref:
                host, other = address.host, {"other": ref} if _REF.fullmatch(ref) else {}
                raise DatabaseTrouble("database-wrong-project", host=host, ref=address.ref, **other)
            if expired(text):
                raise rejected("it has expired")
            role = token[1].get("role")
            known = isinstance(role, str) and _ROLE.fullmatch(role)
            return ApiKey(text=text, role=str(role) if known else "anon", token=True)
    raise rejected(
        "it is not a complete JWT, and does not begin with sb_publishable_ or sb_secret_"
    )
