"""Addresses of Git repositories (git-fetch(1), Git URLs)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from msgspec import Meta

from assay.formats.base import Format, Permission
from assay.formats.hosts import host_allowed, hosts_problems, is_host
from assay.formats.names import Hosts
from assay.formats.urls import split_url, url_characters
from assay.model import Rule, Violation

MALFORMED = Rule(
    code="git-url-malformed",
    message="{name} is not a Git URL: expected https://HOST/PATH or git@HOST:PATH",
    remedy="Copy the address from the repository's Clone or Code button into {name}.",
    why="`git clone` fails because it can't parse the address.",
    bad="REPO=github.com/acme/billing",
    good="REPO=https://github.com/acme/billing.git",
)
SCHEME = Rule(
    code="git-url-scheme",
    message="{name} uses the wrong protocol: expected {schemes}",
    remedy="Change the address in {name} to use {schemes}.",
    why="SSH needs a key and https a token; git:// and http:// are not protected at all.",
)
CREDENTIALS = Rule(
    code="git-url-credentials",
    message="{name} contains a password or a token: expected an address without credentials",
    remedy="Remove the password from {name}, and use a credential helper or a deploy key.",
    why="Git writes the address, including the token, to .git/config and to error messages.",
)
HOST = Rule(
    code="git-url-host",
    message="{name} points to the wrong host: expected {hosts}",
    remedy="Set the host of {name} to {hosts}.",
    why="The application would run code from a host that the spec does not list.",
)

Scheme = Literal["https", "ssh", "http", "git"]


class GitUrl(Format, frozen=True, kw_only=True, tag="git-url"):
    """The address of a Git repository, as a URL or in the short form of SSH."""

    title = "a Git URL"
    looks_like = r"git@|.*\.git$"
    rules = (MALFORMED, SCHEME, CREDENTIALS, HOST)

    schemes: Annotated[
        tuple[Scheme, ...],
        Meta(description="How the repository is reached.", examples=[["ssh"]], min_length=1),
    ] = ("https", "ssh")
    hosts: Hosts = None
    credentials: Annotated[
        Permission, Meta(description="Whether a password or token before the host is allowed.")
    ] = "forbidden"

    @property
    def sensitive(self) -> bool:
        """Where it may hold a token."""
        return self.credentials == "allowed"

    def problems(self) -> Iterator[tuple[str, str]]:
        """Hosts that can't be such."""
        yield from hosts_problems(self.hosts)

    def violations(self, value: str) -> Iterator[Violation]:
        """The form, the scheme, the credentials, then the host."""
        found = _split(value)
        if found is None:
            yield MALFORMED.violated()
            return
        scheme, userinfo, host = found
        if scheme not in self.schemes:
            yield SCHEME.violated(schemes=" or ".join(self.schemes))
        # A bare user name is normal in SSH; over https it is mostly a token.
        secret = ":" in userinfo or (userinfo not in ("", "git") and scheme != "ssh")
        if secret and self.credentials == "forbidden":
            yield CREDENTIALS.violated()
        if not host_allowed(host, self.hosts):
            yield HOST.violated(hosts=" or ".join(self.hosts or ()))

    def example(self) -> str:
        """A repository on no host."""
        host = self.hosts[0].replace("*", "git") if self.hosts else "git.example.com"
        if self.schemes[0] == "ssh":
            return f"git@{host}:acme/billing.git"
        return f"{self.schemes[0]}://{host}/acme/billing.git"

    def screen(self) -> tuple[object, ...] | None:
        """Plain https addresses."""
        if "https" not in self.schemes or self.hosts is not None:
            return None
        return ("match", "https://[a-z]{1,20}(?:[.][a-z]{1,20}){1,3}(?:/[A-Za-z0-9_.-]{1,60}){1,4}")


def _split(value: str) -> tuple[str, str, str] | None:
    if not url_characters(value):
        return None
    parts = split_url(value)
    if parts is not None:
        good = parts.well_formed and parts.scheme in ("https", "ssh", "http", "git")
        return (parts.scheme, parts.userinfo or "", parts.host) if good and parts.path[1:] else None
    place, colon, path = value.partition(":")
    user, at, host = place.rpartition("@")
    if not colon or not at or not path or path.startswith("//") or not is_host(host):
        return None
    return "ssh", user, host
