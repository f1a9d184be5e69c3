"""What a spec may say of a key: how the application makes it of a variable, and what proves it."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from assay.crypto.envelopes import ENVELOPES
from assay.crypto.envelopes.base import Envelope
from assay.crypto.recipes import Recipe
from assay.formats.armor import StoredAs
from assay.kinds.fields import Interval, Loosens, Said, about, described
from assay.kinds.key.entries import SECTION
from assay.spec.narrows import FREE, GROWING, RELATED

CheckValue = Annotated[str, Meta(pattern="^[0-9a-f]{12}$", examples=["5f3a91c07be2"])]
Part = Annotated[str, Meta(pattern="^(iv:[1-9][0-9]?|tag:[1-9][0-9]?|ciphertext)$")]


class Sealed(Said, frozen=True, kw_only=True):
    """A known answer: what the application once sealed with the key, and what it must open to."""

    ciphertext: Annotated[
        str,
        about(
            "What the application wrote; its envelope is seen from it, unless one is named.",
            min_length=1,
        ),
    ]
    plaintext: Annotated[str, about("What it must open to; a made-up text, never a secret.")]
    envelope: Envelope | None = None
    aad: Annotated[str, about("The additional authenticated data, as text.")] = ""
    layout: Annotated[
        tuple[Part, ...],
        about(
            "How the parts follow each other where nothing separates them; by default "
            "the layouts that Node programs use are tried.",
            [["iv:12", "tag:16", "ciphertext"]],
        ),
    ] = ()
    encoding: Annotated[
        Literal["hex", "base64", "base64url"] | None,
        about("How the ciphertext is written; by default that is seen from it."),
    ] = None
    only_in: Annotated[
        tuple[str, ...],
        about(
            "The only environments whose key it was sealed with; all by default.", [["production"]]
        ),
    ] = ()


class Key(Recipe, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """One key that the application encrypts or signs with, and how it makes it of a variable."""

    section: ClassVar[str] = SECTION

    variable: Annotated[
        str,
        about("The variable that holds it; it must be secret.", ["MPESA_KMS_KEY"], min_length=1),
    ]
    description: Annotated[str, described("What it protects")] = ""
    stored_as: Annotated[
        StoredAs | None,
        about(
            "How the variable holds a key in PEM: as it is, as base64 of the file, or "
            "with \\n for newlines that the application replaces; by default as its type says, "
            "else as it is."
        ),
    ] = None
    check_value: Annotated[
        CheckValue | dict[str, CheckValue] | None,
        about(
            "What names the key without giving it away, from `assay key show`: one for "
            "all environments, or one for each.",
            ["5f3a91c07be2", {"production": "5f3a91c07be2"}],
        ),
        GROWING,
    ] = None
    previous: Annotated[
        tuple[str, ...],
        about(
            "Variables with earlier keys, still needed to read what they sealed.",
            [["MPESA_KMS_KEY_OLD"]],
        ),
    ] = ()
    parity: Annotated[
        Literal["same", "different", "any"],
        about(
            "How the keys of environments must compare, by the bytes made of them.",
            meanings={
                "same": "The key must be the same in every environment.",
                "different": "The key must differ in every environment.",
                "any": "Nothing is compared.",
            },
        ),
        RELATED,
    ] = "any"
    sealed: Annotated[
        tuple[Sealed, ...], about("Known answers: texts that the key must open."), GROWING
    ] = ()
    group: Annotated[
        str, about("The heading under which documents list it; its variable's if empty."), FREE
    ] = ""
    obtain: Annotated[
        str,
        about(
            "Where a person gets the key; its variable's if empty.",
            ["the vault, entry billing/credentials"],
        ),
        FREE,
    ] = ""
    rotate_every: Annotated[
        Interval | None,
        about("How often it is to be replaced, in days, weeks, months or years.", ["1y"]),
        FREE,
    ] = None
    loosens: Loosens = ()

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables that hold keys: the one in use, then earlier ones."""
        return (self.variable, *self.previous)

    def check_value_in(self, environment: str) -> str | None:
        """The check value that the key of an environment must have."""
        if isinstance(self.check_value, dict):
            return self.check_value.get(environment)
        return self.check_value


def parse_key(_name: str, data: Any) -> Key:
    """A key from its YAML data; raises `msgspec.ValidationError` for a wrong shape."""
    sealed = data.get("sealed") if isinstance(data, dict) else None
    if not isinstance(sealed, list) or not any(_named(one) for one in sealed):
        return msgspec.convert(data, Key)
    bare = [
        {name: value for name, value in one.items() if name != "envelope"} if _named(one) else one
        for one in sealed
    ]
    made = msgspec.convert({**data, "sealed": bare}, Key)
    known = [
        replace(one, envelope=ENVELOPES.parse(given["envelope"])) if _named(given) else one
        for one, given in zip(made.sealed, sealed, strict=True)
    ]
    return replace(made, sealed=tuple(known))


def _named(one: Any) -> bool:
    """Whether a known answer says which envelope it is in."""
    return isinstance(one, dict) and "envelope" in one
