"""Texts in a spec's defaults and examples that look like real credentials."""

from __future__ import annotations

import re

from assay.hygiene.exposure import marked_secret
from assay.hygiene.lists import PUBLISHED, SECRET_STARTS, SEQUENCES, UNSET_LITERALS
from assay.hygiene.standins import is_placeholder, is_template
from assay.hygiene.strength import entropy_bits

LEAST_BITS = 80
"""What people make up to look like a key has less; 20 random letters and digits have more."""
LEAST_DISTINCT = 10
_WORDS = (
    *("change", "demo", "dummy", "example", "fake", "foobar", "insert", "lorem", "madeup", "none"),
    *("not-a", "not-real", "nota", "notreal", "passw", "placeholder", "redacted", "replace"),
    *("sample", "secret", "shown", "test", "xxx", "your", "0001020304", "aaecawq"),
)
"""A text with one of these in it says that it is nobody's."""
_TOKEN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_-.~")
_OF_NOBODY = (".example", ".invalid", ".local", ".localhost", ".test")
_LONG_PEM = 200
"""Characters. The shortest private key of any use has more than a line in its body."""


def looks_real(value: str, *, secret: bool) -> bool:
    """Whether a text is a credential of somebody's; `secret` where its variable is one.

    Meant to be right whenever it says yes: a random key without any mark is one only if a secret is
    expected.
    """
    stand_in = value in PUBLISHED or value in UNSET_LITERALS
    if stand_in or is_placeholder(value) or is_template(value):
        return False
    if len(value) == 36 and value.count("-") == 4:  # a UUID, which documents are full of
        return False
    if value.startswith("-----BEGIN "):
        return "PRIVATE KEY-----" in value and len(value) > _LONG_PEM
    scheme, separator, rest = value.partition("://")
    if separator and scheme.replace("+", "").replace(":", "").isalnum():
        userinfo, at, place = rest.partition("@")
        if at:
            parts = [userinfo.partition(":")[2]]
        else:
            place = rest
            parts = re.split("[/?&#;=]", rest) if marked_secret(value) else []
        return not _of_nobody(place) and any(_random(p, least=LEAST_BITS / 2) for p in parts)
    if not secret and not marked_secret(value):
        return False
    start = next((start for start in SECRET_STARTS if value.startswith(start)), "")
    return _random(value.removeprefix(start), least=LEAST_BITS)


def _of_nobody(place: str) -> bool:
    """Whether a host is this machine, or one of those that documents are written with."""
    host = place.partition("/")[0].partition("?")[0].partition(":")[0].lower()
    reserved = host.endswith((".example.com", ".example.net", ".example.org", *_OF_NOBODY))
    return "." not in host or reserved or host.startswith(("127.", "example."))


def _random(text: str, *, least: float) -> bool:
    """Whether a text is made of letters and digits without any order."""
    lower = text.lower()
    return (
        _TOKEN.issuperset(text)
        and any(c.isdigit() for c in text)
        and any(c.isalpha() for c in text)
        and len(set(text)) >= LEAST_DISTINCT
        and entropy_bits(text) >= least
        and not any(word in lower for word in _WORDS)
        and not any(run in lower for run in SEQUENCES)
    )
