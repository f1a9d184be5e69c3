"""Values that may be shown though no spec says what they are, since no secret looks like them."""

from __future__ import annotations

import re

WORDS = frozenset(
    (
        *("true", "false", "yes", "no", "on", "off", "none", "null", "auto", "default", "all"),
        *("enabled", "disabled", "enable", "disable", "always", "never", "any"),
        *("development", "dev", "production", "prod", "staging", "stage", "testing", "preview"),
        *("sandbox", "live", "local", "localhost", "ci"),
        *("trace", "debug", "verbose", "info", "notice", "warn", "warning", "error", "critical"),
        *("fatal", "silly", "silent", "quiet"),
        *("http", "https", "tcp", "udp", "utf8", "utf-8", "json", "text", "memory", "file"),
        *("lax", "strict", "sqlite", "asc", "desc", "utc"),
    )
)
"""Options that many programs share; in small letters."""
_NUMBER = re.compile(r"-?[0-9]{1,5}(?:\.[0-9]{1,3})?(?:ms|[smhdkMG]|[kKMG]i?[bB])?")
_LOCAL = re.compile(
    r"(?:[a-z][a-z0-9+.-]{1,20}://)?"
    r"(?:localhost|127(?:\.[0-9]{1,3}){3}|0\.0\.0\.0|\[::1?\]"
    r"|(?:[a-z0-9-]{1,30}\.){0,3}(?:example(?:\.(?:com|net|org))?|test|localhost|invalid))"
    r"(?::[0-9]{1,5})?/?(?:[0-9]{1,2})?"
)


def harmless(value: str) -> bool:
    """Whether a value is a switch, a small number, a common option, or an address on this machine.

    Addresses in the domains that are reserved for documents are taken as well (RFC 2606).
    """
    return (
        value.lower() in WORDS
        or _NUMBER.fullmatch(value) is not None
        or _LOCAL.fullmatch(value) is not None
    )
