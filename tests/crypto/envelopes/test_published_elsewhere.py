"""Published vectors of JWE, libsodium and age open, or don't, as their sources say."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from tests.crypto.envelopes.produced import FOLDER, opened, vector

from assay.crypto.envelopes import ENVELOPES
from assay.crypto.envelopes.base import Closed, Material, Misfit


def read(name: str) -> Any:
    return json.loads((FOLDER / "published" / f"{name}.json").read_text(encoding="utf-8"))


AEADS = [
    made
    for name in ("rfc7520", "xchacha20-poly1305", "secretbox")
    for made in read(name)["vectors"]
]


@pytest.mark.parametrize("made", AEADS, ids=lambda made: made["name"])
def test_it_opens_with_its_key_and_no_other(made: Any) -> None:
    one = vector(made)._replace(aad=bytes.fromhex(made.get("aad_hex", "")))
    assert one.envelope.misfit(one.stored) is None
    assert opened(one, one.material) == one.plaintext
    assert opened(one, one.wrong) is None
    assert opened(one, one.material, one.stored[:-2]) is None
    if one.aad:
        assert opened(one._replace(aad=b"other"), one.material) is None


@pytest.mark.parametrize("made", read("age")["cases"], ids=lambda made: made["name"])
def test_the_test_kit_of_age(made: Any) -> None:
    material = Material(key=b"", text=made["identity"].encode())
    opener = ENVELOPES.parse("age").opener(material, "age")
    if made["answer"] == "success":
        text = opener(made["stored"].encode(), b"")
        assert hashlib.sha256(text).hexdigest() == made["payload"]
    else:
        with pytest.raises(Closed):
            opener(made["stored"].encode(), b"")


def test_a_payload_of_the_test_kit_that_is_damaged_is_told_from_a_wrong_identity() -> None:
    made = read("age")["cases"][0]
    material = Material(key=b"", text=made["identity"].encode())
    stored = made["stored"].replace("yPC8DpksHoMx+2Y=", "yPC8DpksHoMx+2Z=")
    damaged = made["stored"].replace("Mx+2Y=", "Mx+3Y=").encode()
    assert stored != made["stored"]
    with pytest.raises(Misfit) as told:
        ENVELOPES.parse("age").opener(material, "age")(damaged, b"")
    assert told.value.code == "damaged"
