"""Values that only work where they were written: this machine as a host in a live environment."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from assay.hygiene.lists import public_prefix
from assay.model import Category, Rule, Severity, Violation

LOCAL_HOST = Rule(
    code="variable-local-host",
    category=Category.PARITY,
    severity=Severity.WARNING,
    message="{name} points to this machine, but {environment} is live",
    messages={
        "public": "{name} points to whichever machine opens it, but {environment} is live",
        "listen": "{name} listens only for this machine, but {environment} is live",
    },
    remedy="Set the host of {name} to the one that {environment} uses; or, if the service runs on "
    "the same machine there, declare `local: allowed`.",
    remedies={
        "public": "Set {name} to the address under which others reach {environment}.",
        "listen": "Set {name} to 0.0.0.0; or, if a proxy on the same machine passes requests on, "
        "declare `local: allowed`.",
    },
    why="In a container, localhost is the container itself, and in a browser the visitor's own "
    "computer, so nothing answers there.",
    bad="NEXT_PUBLIC_API_URL=http://localhost:3000 in production",
    good="NEXT_PUBLIC_API_URL=https://api.example.com",
)

RULES = (LOCAL_HOST,)

_PUBLIC = re.compile(
    r"(?:^|_)(?:APP|AUTH|CALLBACK|FRONTEND|NEXTAUTH|PUBLIC|REDIRECT|RETURN|SITE|WEBAPP)_UR[LI]$"
)
"""Names of addresses that browsers and partners open."""
_LET_IN = re.compile(r"(?:^|_)(?:ALLOW(?:ED)?|CORS|ORIGINS?|TRUSTED)(?:_|$)")
_LISTEN = re.compile(r"(?:^|_)(?:BIND|LISTEN)(?:_|$)|^HOST(?:NAME)?$")


def out_of_reach(name: str, *, environment: str) -> Iterator[Violation]:
    """What is wrong with a variable of a live environment whose host is this machine.

    Nothing if it says who may come in.
    """
    if _LET_IN.search(name):
        return
    if public_prefix(name) or _PUBLIC.search(name):
        found = LOCAL_HOST.violated(case="public", environment=environment)
        yield msgspec.structs.replace(found, severity=Severity.ERROR)
    else:
        case = "listen" if _LISTEN.search(name) else ""
        yield LOCAL_HOST.violated(case=case, environment=environment)
