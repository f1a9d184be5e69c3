"""Which values look like secrets, whatever their variables are called."""

from __future__ import annotations

import re

from assay.hygiene.exposure import marked_secret
from assay.hygiene.strength import entropy_bits

LEAST_SIZE = 20
LEAST_BITS = 3.2
"""Bits for each character, above which a text without spaces is hardly made of words."""
_BASE32 = re.compile(r"(?=[A-Z]*[2-7])[A-Z2-7]{16,}=*|(?:[A-Z2-7]{4} ){3,}[A-Z2-7]{2,4}")
"""What authenticator apps take (RFC 4648, section 6), in groups of four or not."""
_RECOVERY = re.compile(r"[a-z]{3,8}(?: [a-z]{3,8}){11,23}")
"""The words of a wallet (BIP 39)."""


def looks_secret(value: str) -> bool:
    """Whether a value is secret by its own mark, or as random as a key is."""
    if marked_secret(value) or _BASE32.fullmatch(value) or _RECOVERY.fullmatch(value):
        return True
    if len(value) < LEAST_SIZE or any(map(str.isspace, value)) or "://" in value:
        return False
    classes = sum(any(map(kind, value)) for kind in (str.islower, str.isupper, str.isdigit))
    longest = max(map(len, re.split(r"[^A-Za-z0-9]+", value)))
    return classes > 1 and longest >= 16 and entropy_bits(value) / len(value) > LEAST_BITS
