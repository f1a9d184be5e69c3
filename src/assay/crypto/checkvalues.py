"""Check values: twelve hex digits that name a key in public without giving it away.

A check value is HMAC-SHA256 of a fixed label under the key that the application derives, cut to 48
bits: enough to tell keys apart, too little to find one by. For that a key must have 128 bits that
nobody can guess, so only random keys get one. A passphrase gets none, since whoever has a word list
and the check value can try it; one that a spec already holds is still compared, and is stretched
with scrypt so that each guess costs a fraction of a second.
"""

from __future__ import annotations

import hmac
import re
from typing import TYPE_CHECKING

from assay.crypto import kdf
from assay.crypto.ciphers import BARE, STRUCTURED
from assay.crypto.deriving import DerivingProblem, decoded, derived
from assay.crypto.identities import identities
from assay.crypto.strength import LEAST, arbitrary, guessable, weakness

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.crypto.recipes import Recipe

LABEL = b"assay key check value 1"
DIGITS = 12


def check_value(
    recipe: Recipe, text: str, salts: Mapping[str, str | None] | None = None
) -> str | None:
    """The check value of the key that is made of `text`; None if it must not have one."""
    body = text.removeprefix(recipe.prefix)
    raw = recipe.encoding in BARE | STRUCTURED or arbitrary(body) or _identity(recipe, body)
    return compared_value(recipe, text, salts) if raw else None


def compared_value(
    recipe: Recipe, text: str, salts: Mapping[str, str | None] | None = None
) -> str | None:
    """What is compared with the check value of a spec, and never shown; None for a weak key."""
    raw = decoded(recipe, text)
    if isinstance(raw, DerivingProblem) or weakness(recipe, raw):
        return None
    if recipe.encoding in BARE | STRUCTURED:
        if len(raw) < LEAST:
            return None
    elif guessable(text):
        return None
    key = derived(recipe, text, salts)
    return None if isinstance(key, DerivingProblem) else of_key(recipe, key)


def _identity(recipe: Recipe, text: str) -> bool:
    """Whether a text is an identity of age, which is a random key."""
    return recipe.cipher == "age" and bool(identities(text.encode(errors="surrogateescape")))


def in_yaml(value: str) -> str:
    """A check value as a spec holds it: in quotes where YAML would read a number."""
    return f"'{value}'" if re.fullmatch(r"[0-9]+(e[0-9]+)?", value) else value


def of_key(recipe: Recipe, key: bytes) -> str:
    """The check value of a key that may have one."""
    if recipe.encoding not in BARE | STRUCTURED:
        key = kdf.scrypt(key, LABEL, n=2**16, r=8, p=1, size=32)
    return hmac.digest(key, LABEL, "sha256").hex()[:DIGITS]
