"""Keys that can be guessed, by their bytes, and check values, which name those that can't.

A check value is HMAC-SHA256 of a fixed label under the key that the application derives, cut to 48
bits: enough to tell keys apart, too little to find one by. For that a key must have 128 bits that
nobody can guess, so only random keys get one. A passphrase gets none, since whoever has a word list
and the check value can try it; one that a spec already holds is still compared, and is stretched
with scrypt so that each guess costs a fraction of a second.
"""

from __future__ import annotations

import hmac
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from assay.crypto.ciphers import BARE, NEEDS, STRUCTURED
from assay.crypto.deriving import DerivingProblem, decoded, derived, scrypt
from assay.crypto.guessing import common, from_password
from assay.crypto.identities import identities
from assay.crypto.recipes import Derivation
from assay.formats.decoding import HEX
from assay.hygiene.lists import PUBLISHED_KEYS
from assay.hygiene.strength import LEAST_BITS, entropy_bits
from assay.wordlike import worded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.crypto.recipes import Recipe

FROM_PASSWORD = "is derived from a common password"  # noqa: S105 - a reason, not a password
"""What `weakness` says of such a key."""
RUN = 8
"""Equal bytes at an end that no random key of any use has."""
LEAST = 16
"""Bytes; below 128 bits a key can be searched for."""
_HEX_BITS = 4
_SPELT = 22
"""Characters of base64 in which 16 bytes are written."""
_SPELT_BITS = 72
"""What those have by their own distribution, which shows less than is there."""
_CERTAIN = 20
"""Bits of evidence for words that one random text in a million has."""
_GIVEN_BITS = {"md5-hex": 128}
"""What a derivation leaves of a key at most."""
_PRINTABLE = frozenset(range(32, 127))


def weakness(recipe: Recipe, raw: bytes) -> str:
    """Why a key can be guessed, to follow "it"; empty if it can't, as far as bytes show.

    `raw` are the bytes that the application reads, before it derives anything from them.
    """
    if raw in PUBLISHED_KEYS:
        return f"is published in {PUBLISHED_KEYS[raw]}"
    bare = recipe.encoding in BARE | STRUCTURED
    if recipe.cipher in NEEDS and from_password(raw, text=not bare):
        return FROM_PASSWORD
    period = (raw + raw).find(raw, 1)
    if period <= len(raw) // 2:
        return "repeats itself"
    steps = {(b - a) % 256 for a, b in pairwise(raw)}
    if len(steps) == 1:
        return "is a simple sequence"
    if len(raw) > RUN and len(set(raw[-RUN:])) == 1:
        return "is padded with one character at its end"
    if recipe.encoding in BARE and _PRINTABLE.issuperset(raw):
        return "is text that was encoded, not random bytes"
    if recipe.encoding in BARE and len(set(raw)) < len(raw[:128]) // 2:
        return "has few distinct bytes"
    return ""


def too_little_hex(recipe: Recipe, body: str) -> bool:
    """Whether hex digits that are used as text hold less than the cipher needs, though they fit."""
    need = NEEDS.get(recipe.cipher)
    if need is None or len(body) < 2 * LEAST:
        return False
    fitted = isinstance(recipe.derive, Derivation) and recipe.derive.fit is not None
    digits = min(len(body), need.least) if fitted else len(body)
    bits = _GIVEN_BITS.get(str(recipe.derive), 8 * need.least)
    return _HEX_BITS * digits < bits


def guessable(text: str) -> bool:
    """Whether a passphrase is too short or too regular, or known to everyone."""
    return entropy_bits(text) < LEAST_BITS + 24 or common(text)


def arbitrary(text: str) -> bool:
    """Whether a text that is used as it is holds 128 bits or about as many, and no words."""
    if any(map(str.isspace, text)) or worded(text, _CERTAIN):
        return False
    if HEX.issuperset(text):
        return len(text) * _HEX_BITS >= 8 * LEAST and len(set(text)) >= RUN
    classes = sum(any(map(kind, text)) for kind in (str.islower, str.isupper, str.isdigit))
    return len(text) >= _SPELT and classes > 1 and entropy_bits(text) >= _SPELT_BITS


LABEL = b"assay key check value 1"
DIGITS = 12


def check_value(
    recipe: Recipe, text: str, salts: Mapping[str, str | None] | None = None
) -> str | None:
    """The check value of the key that is made of `text`; None if it must not have one."""
    body = text.removeprefix(recipe.prefix)
    identity = recipe.cipher == "age" and identities(body.encode(errors="surrogateescape"))
    random = recipe.encoding in BARE | STRUCTURED or arbitrary(body) or identity
    return compared_value(recipe, text, salts) if random else None


def compared_value(
    recipe: Recipe, text: str, salts: Mapping[str, str | None] | None = None
) -> str | None:
    """What is compared with the check value of a spec, and never shown; None for a weak key."""
    raw = decoded(recipe, text)
    if isinstance(raw, DerivingProblem) or weakness(recipe, raw):
        return None
    bare = recipe.encoding in BARE | STRUCTURED
    if len(raw) < LEAST if bare else guessable(text):
        return None
    key = derived(recipe, text, salts)
    return None if isinstance(key, DerivingProblem) else of_key(recipe, key)


def in_yaml(value: str) -> str:
    """A check value as a spec holds it: in quotes where YAML would read a number."""
    return f"'{value}'" if re.fullmatch(r"[0-9]+(e[0-9]+)?", value) else value


def of_key(recipe: Recipe, key: bytes) -> str:
    """The check value of a key that may have one."""
    if recipe.encoding not in BARE | STRUCTURED:
        key = scrypt(key, LABEL, n=2**16, r=8, p=1, size=32)
    return hmac.digest(key, LABEL, "sha256").hex()[:DIGITS]
