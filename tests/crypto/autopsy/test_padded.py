"""Bytes around a ciphertext, within its encoding, are damage of a row and no other layout."""

from __future__ import annotations

from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from assay.crypto import Recipe
from assay.crypto.autopsy import Case, CauseCode, Examiner
from assay.crypto.envelopes import ENVELOPES

KEY = bytes(range(32))
CASE = Case(
    envelope=ENVELOPES.parse(
        {
            "cipher": "aes-256-gcm",
            "layout": ["iv:12", "ciphertext", "tag:16"],
            "encoding": "base64",
        }
    ),
    recipe=Recipe(cipher="aes-256-gcm", encoding="hex"),
    variable="KEY",
    text=KEY.hex(),
)


def sealed(row: int) -> bytes:
    nonce = row.to_bytes(12)
    return nonce + AESGCM(KEY).encrypt(nonce, b"a credential of a shop", None)


@pytest.mark.parametrize(
    ("before", "after"), [(b"\n", b""), (b"", b"\r\n"), (b"\x97", b""), (b"", b"A")]
)
def test_bytes_around_one_of_many_rows_were_added(before, after):
    rows = [sealed(row) for row in range(8)]
    rows[3] = before + rows[3] + after
    examiner = Examiner(CASE)
    examiner.add([b64encode(row) for row in rows], [(str(at),) for at in range(8)])
    census = examiner.census()
    (cluster,) = census.clusters
    assert (census.opened, cluster.identities) == (7, (("3",),))
    assert cluster.cause.code is CauseCode.BYTES_ADDED


def test_a_layout_that_is_really_another_stays_one():
    made = sealed(1)
    examiner = Examiner(CASE)
    examiner.add([b64encode(made[12:-16] + made[:12] + made[-16:]), b64encode(sealed(2))], [(), ()])
    (cluster,) = examiner.census().clusters
    assert cluster.cause.code is CauseCode.WRONG_LAYOUT
    examiner = Examiner(CASE)
    examiner.add([made, b64encode(sealed(2))], [(), ()])
    (cluster,) = examiner.census().clusters
    assert cluster.cause.code is CauseCode.WRONG_LAYOUT
