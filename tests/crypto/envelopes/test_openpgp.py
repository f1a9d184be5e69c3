"""OpenPGP messages are looked at, packet by packet, before a library opens them."""

from __future__ import annotations

import contextlib
from base64 import b64encode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.crypto.envelopes.produced import vectors

from assay.crypto.envelopes import ENVELOPES
from assay.crypto.envelopes.base import Closed, Material, Misfit
from assay.crypto.envelopes.pgcrypto import Packet, binary, packets, refusal

PGP = ENVELOPES.parse("pgcrypto")
KEY = bytes((4, 9, 3, 2)) + bytes(9)
DATA = b"\1" + bytes(60)


def packet(tag: int, body: bytes) -> bytes:
    return bytes((0xC0 | tag, 255)) + len(body).to_bytes(4, "big") + body


WHOLE = packet(3, KEY) + packet(18, DATA)


@pytest.mark.parametrize(
    ("stored", "code"),
    [
        (b"", "truncated"),
        (b"plain", "malformed"),
        (b"\xc3", "truncated"),
        (b"\xc3\x0d\x04", "truncated"),
        (b"\xc3\xff\0\0", "truncated"),
        (b"\xc3\xc0", "truncated"),
        (packet(3, b""), "truncated"),
        (packet(3, b"\4"), "truncated"),
        (packet(3, b"\4") + packet(18, DATA), "truncated"),
        (packet(3, KEY), "truncated"),
        (packet(3, KEY) + packet(3, KEY) + packet(18, DATA), "malformed"),
        (packet(1, KEY) + packet(18, DATA), "unsupported"),
        (packet(11, KEY) + packet(18, DATA), "malformed"),
        (packet(3, b"\5" + KEY[1:]) + packet(18, DATA), "unsupported"),
        (packet(3, b"\4\2" + KEY[2:]) + packet(18, DATA), "unsupported"),
        (packet(3, b"\4\x63" + KEY[2:]) + packet(18, DATA), "unsupported"),
        (packet(3, b"\4\x09\4" + KEY[3:]) + packet(18, DATA), "unsupported"),
        (packet(3, KEY[:8]) + packet(18, DATA), "truncated"),
        (packet(3, KEY) + packet(9, DATA), "unsupported"),
        (packet(3, KEY) + packet(20, DATA), "unsupported"),
        (packet(3, KEY) + packet(18, b"\2" + DATA), "unsupported"),
        (packet(3, KEY) + packet(11, DATA), "malformed"),
        (packet(3, KEY) + packet(18, DATA[:40]), "truncated"),
        (packet(3, KEY) + packet(18, b""), "truncated"),
    ],
)
def test_what_no_passphrase_opens_is_told_before_one_is_tried(stored: bytes, code: str) -> None:
    told = PGP.misfit(stored)
    assert told is not None
    assert told.code == code
    with pytest.raises(Misfit) as raised:
        PGP.opener(Material(key=b"", text=b"x"), "passphrase")(stored, b"")
    assert raised.value.reason == told.reason


def test_old_ciphers_are_named() -> None:
    told = PGP.misfit(packet(3, b"\4\4" + KEY[2:]) + packet(18, DATA))
    assert told is not None
    assert "Blowfish" in told.reason


@given(st.binary(max_size=700), st.integers(0, 3), st.integers(0, 9))
@settings(max_examples=60, deadline=None)
def test_every_framing_gives_the_same_packets(body: bytes, kind: int, power: int) -> None:
    size = len(body)
    framed = [b"\xd2\xff" + size.to_bytes(4, "big") + body]
    if size < 192:
        framed.append(bytes((0xD2, size)) + body)
    if 192 <= size < 8384:
        framed.append(bytes((0xD2, 192 + (size - 192 >> 8), size - 192 & 255)) + body)
    if size >= 1 << power:
        rest = size - (1 << power)
        end = b"\xff" + rest.to_bytes(4, "big") + body[1 << power :]
        framed.append(bytes((0xD2, 224 + power)) + body[: 1 << power] + end)
    for one in framed:
        assert list(packets(one)) == [Packet(18, body)]
    old = bytes((0x80 | 9 << 2 | kind,))
    if kind == 3:  # to the end
        assert list(packets(old + body)) == [Packet(9, body)]
    elif size < 1 << (8 << kind):
        assert list(packets(old + size.to_bytes(1 << kind, "big") + body)) == [Packet(9, body)]


@given(st.binary(max_size=90))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_packets_or_a_misfit(data: bytes) -> None:
    for one in (data, b"\xc3" + data, b"\x8c\x0d" + data, packet(3, KEY) + b"\xd2" + data):
        refusal(one)
        with contextlib.suppress(Closed, Misfit):
            PGP.opener(Material(key=b"", text=b"x"), "passphrase")(one, b"")


ARMOUR = b"-----BEGIN PGP MESSAGE-----\n%b\n-----END PGP MESSAGE-----\n"


@pytest.mark.parametrize(
    "inner",
    [
        b"\n" + b64encode(WHOLE),
        b"Comment: made up\nVersion: 1\n\n" + b64encode(WHOLE) + b"\n=AAAA",
        b"\n" + b64encode(WHOLE).replace(b"A", b"A\n", 1),
        b"\r\n" + b64encode(WHOLE) + b"\r",
    ],
)
def test_armour_is_taken_off(inner: bytes) -> None:
    assert binary((ARMOUR % inner).replace(b"MESSAGE-----\n\n", b"MESSAGE-----\n")) == WHOLE
    assert binary(ARMOUR % inner) == WHOLE
    assert PGP.recognizes(b"\n" + ARMOUR % inner)


@pytest.mark.parametrize(
    ("stored", "code"),
    [
        (b"-----BEGIN PGP MESSAGE-----\n\nAAAA", "truncated"),
        (ARMOUR % b"\n!!!!", "malformed"),
        (ARMOUR % b"", "truncated"),
    ],
)
def test_damaged_armour(stored: bytes, code: str) -> None:
    told = PGP.misfit(stored)
    assert told is not None
    assert told.code == code


TRIPLE_DES = (  # of pgcrypto, with cipher-algo=3des, sess-key=1 and s2k-cipher-algo=aes128
    "c32604070302bd1975bef37ccf26737962421b3b7887f90d00348333552156d3b6a022cf616cc445d22e01f849"
    "dce9219ad7e3b021dbae7ed751b9dd0eed4563194079353ff3e3e2617faa41032975a30f9f9f40188c5b60"
)


def test_a_cipher_that_is_broken_is_not_called_a_wrong_passphrase() -> None:
    with pytest.raises(Misfit) as told:
        PGP.opener(Material(key=b"", text=b"x"), "passphrase")(bytes.fromhex(TRIPLE_DES), b"")
    assert told.value.code == "unsupported"


CHANCE = (  # of pgcrypto, with s2k-mode=0
    "c30404070002d243011ee694e40d494747c25d86ca7a63b13e130da6fc3ef2ed5a4ec07a0613619e467e2f3b8363"
    "d8d235a1f9105af746f529056508f540eafa5764aaf560baf0c23ff0f3"
)


def test_a_wrong_passphrase_that_passes_the_first_check_by_chance_is_still_wrong() -> None:
    with pytest.raises(Closed):
        PGP.opener(Material(key=b"", text=b"p69394"), "passphrase")(bytes.fromhex(CHANCE), b"")


def test_what_is_damaged_behind_the_passphrase_is_not_called_proved() -> None:
    one = next(v for v in vectors() if v.envelope.tag() == "pgcrypto" and v.name == "as it is")
    opener = PGP.opener(one.material, "passphrase")
    with pytest.raises(Closed) as told:
        opener(one.stored[:-1] + bytes((one.stored[-1] ^ 1,)), b"")
    assert told.value.reason == ""
    with pytest.raises(Misfit) as refused:
        PGP.opener(Material(key=b"", text=b"\xff"), "passphrase")
    assert refused.value.code == "key"
