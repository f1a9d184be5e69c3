"""The vectors that real producers made: `tests/crypto/vectors/*.json`."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from assay.crypto import DerivingProblem
from assay.crypto.envelopes import ENVELOPES
from assay.crypto.envelopes.base import Closed, Envelope, Material, Misfit
from assay.crypto.recipes import Recipe

FOLDER = Path(__file__).parents[1] / "vectors"
OTHER = {
    16: "c1e90b5f6d8847a39b02f8d45e3c71aa",
    24: "c1e90b5f6d8847a39b02f8d45e3c71aa5b64e7fd1908c2b3",
    32: "c1e90b5f6d8847a39b02f8d45e3c71aa5b64e7fd1908c2b3764fa1d5e0937c28",
}


class Vector(NamedTuple):
    """What a producer made, and of what."""

    producer: str
    name: str
    envelope: Envelope
    recipe: Recipe
    secret: str
    stored: bytes
    plaintext: bytes
    aad: bytes

    @property
    def material(self) -> Material:
        """What opens it."""
        made = self.envelope.material_of(self.recipe, self.secret)
        assert not isinstance(made, DerivingProblem), made.reason
        return made

    @property
    def wrong(self) -> Material:
        """Other material of the same form."""
        own = self.material
        key = bytes.fromhex(OTHER[len(own.key)]) if len(own.key) in OTHER else own.key[::-1]
        return Material(key=key, text=b"another one altogether, and long enough for all of them")


def vector(made: dict[str, Any], producer: str = "") -> Vector:
    """A vector from its JSON."""
    of_text = {name: str(made.get(name, "")).encode() for name in ("stored", "plaintext")}
    of_hex = {name: bytes.fromhex(made.get(f"{name}_hex", "")) for name in of_text}
    return Vector(
        producer=producer,
        name=made["name"],
        envelope=ENVELOPES.parse(made["envelope"]),
        recipe=msgspec.convert(made["recipe"], Recipe),
        secret=made["secret"],
        stored=of_text["stored"] or of_hex["stored"],
        plaintext=of_text["plaintext"] or of_hex["plaintext"],
        aad=str(made.get("aad", "")).encode(),
    )


@cache
def vectors() -> tuple[Vector, ...]:
    """Every vector of every producer."""
    found = []
    for path in sorted(FOLDER.glob("*.json")):
        read = json.loads(path.read_text(encoding="utf-8"))
        found += [vector(made, f"{path.stem} ({read['producer']})") for made in read["vectors"]]
    return tuple(found)


def opened(one: Vector, material: Material, stored: bytes | None = None) -> bytes | None:
    """What comes of opening it; None where it does not open, and nothing else may be raised."""
    data = one.stored if stored is None else stored
    try:
        return one.envelope.opener(material, one.recipe.cipher)(data, one.aad)
    except (Closed, Misfit):
        return None
