"""Whatever layout a program chose: declared, it opens; not declared, it is found."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode
from itertools import permutations
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.padding import PKCS7
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assay.crypto.envelopes import ENVELOPES
from assay.crypto.envelopes.base import Closed, Envelope, Material, Misfit
from assay.crypto.envelopes.layout import Layout
from assay.crypto.envelopes.search import layouts

KEYS = {16: bytes(range(16)), 24: bytes(range(24)), 32: bytes(range(32))}
WRONG = {size: bytes(reversed(key)) for size, key in KEYS.items()}
CIPHERS = [f"aes-{bits}-{mode}" for bits in (128, 192, 256) for mode in ("gcm", "cbc")]
CIPHERS.append("chacha20-poly1305")
ENCODE = {
    "raw": bytes,
    "hex": lambda data: data.hex().encode(),
    "base64": b64encode,
    "base64url": lambda data: urlsafe_b64encode(data).rstrip(b"="),
}


def key_of(cipher: str, keys: dict[int, bytes]) -> Material:
    key = keys[int(cipher[4:7]) // 8 if cipher.startswith("aes") else 32]
    return Material(key=key, text=key)


def sealed(cipher: str, nonce: bytes, text: bytes, aad: bytes) -> dict[str, bytes]:
    """The parts of a text, sealed with what the tests themselves have."""
    key = key_of(cipher, KEYS).key
    if cipher.endswith("cbc"):
        adding = PKCS7(128).padder()
        making = Cipher(algorithms.AES(key), modes.CBC(nonce)).encryptor()
        body = making.update(adding.update(text) + adding.finalize()) + making.finalize()
        return {"iv": nonce, "ciphertext": body}
    aead = ChaCha20Poly1305(key) if cipher.startswith("chacha") else AESGCM(key)
    both = aead.encrypt(nonce, text, aad)
    return {"iv": nonce, "ciphertext": both[:-16], "tag": both[-16:], "both": both}


@st.composite
def written(draw: st.DrawFn) -> tuple[Layout, bytes, bytes, bytes]:
    """A declared layout, a text, its additional data, and what a program makes of them."""
    cipher: Any = draw(st.sampled_from(CIPHERS))
    encoding: Any = draw(st.sampled_from(list(ENCODE)))
    separator = "" if encoding == "raw" else draw(st.sampled_from(["", ":", "$", "--", "."]))
    assume(not (separator == "--" and encoding == "base64url"))
    size = {"cbc": 16, "305": 12}.get(cipher[-3:]) or draw(st.sampled_from([8, 12, 16, 20]))
    text, aad = draw(st.binary(max_size=40)), draw(st.binary(max_size=9))
    parts = sealed(cipher, draw(st.binary(min_size=size, max_size=size)), text, aad)
    names = ["iv", "ciphertext"]
    if not cipher.endswith("cbc") and draw(st.booleans()):
        names.append("tag")
    elif not cipher.endswith("cbc"):
        parts["ciphertext"] = parts["both"]
    if draw(st.booleans()):
        names.append("skip")
        parts["skip"] = draw(st.binary(min_size=2, max_size=2))
    order = draw(st.sampled_from(list(permutations(names))))
    sized = [n if n == "ciphertext" or separator else f"{n}:{len(parts[n])}" for n in order]
    layout = Layout(cipher=cipher, layout=tuple(sized), encoding=encoding, separator=separator)
    pieces = [parts[name] for name in order]
    encode = ENCODE[encoding]
    if separator:
        return layout, text, aad, separator.encode().join(map(encode, pieces))
    return layout, text, aad, encode(b"".join(pieces))


@given(made=written())
@settings(max_examples=150, deadline=None)
def test_what_is_declared_opens_and_nothing_else_does(made: Any) -> None:
    layout, text, aad, stored = made
    assert list(layout.problems()) == []
    assert layout.recognizes(stored)
    assert layout.opener(key_of(layout.cipher, KEYS), "")(stored, aad) == text
    if layout.proves(layout.cipher):
        with pytest.raises(Closed):
            layout.opener(key_of(layout.cipher, WRONG), "")(stored, aad)


@given(made=written(), data=st.data())
@settings(max_examples=150, deadline=None)
def test_what_is_cut_off_is_a_misfit_or_stays_closed(made: Any, data: st.DataObject) -> None:
    layout, text, aad, stored = made
    cut = stored[: data.draw(st.integers(0, len(stored) - 1))]
    try:
        found = layout.opener(key_of(layout.cipher, KEYS), "")(cut, aad)
    except (Closed, Misfit):
        return
    assert not layout.proves(layout.cipher) or found == text  # as in base64 without its padding


@given(made=written())
@settings(max_examples=100, deadline=None)
def test_a_layout_that_programs_use_is_found(made: Any) -> None:
    layout, text, aad, stored = made
    nonce = len(layout.parts(stored).nonce)
    assume("skip" not in str(layout.layout) and nonce in (12, 16))
    found = [one for one in layouts(stored, layout.cipher) if opens(one, stored, aad) == text]
    assert found
    assert all(list(one.problems()) == [] for one in found)


def opens(envelope: Envelope, stored: bytes, aad: bytes = b"", cipher: str = "") -> bytes | None:
    cipher = cipher or envelope.cipher  # type: ignore[attr-defined]
    try:
        return envelope.opener(key_of(cipher, KEYS), cipher)(stored, aad)
    except (Closed, Misfit):
        return None


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"layout": ["iv:12", "tag:16"]}, "layout", "ciphertext is missing"),
        ({"layout": ["ciphertext"]}, "layout", "iv is missing"),
        ({"layout": ["iv:12", "nonce:12", "ciphertext"]}, "layout", "iv stands in it twice"),
        ({"layout": ["iv", "ciphertext"]}, "layout", "the size of iv is missing"),
        ({"layout": ["iv:4", "ciphertext"]}, "layout", "takes a nonce of 8 to 128 bytes"),
        ({"layout": ["iv:12", "ciphertext", "tag:3"]}, "layout", "has a tag of 4 to 16 bytes"),
        (
            {"cipher": "chacha20-poly1305", "layout": ["iv:24", "ciphertext"]},
            "layout",
            "of 12 bytes",
        ),
        (
            {"cipher": "chacha20-poly1305", "layout": ["iv:12", "tag:12", "ciphertext"]},
            *("layout", "has a tag of 16 bytes"),
        ),
        ({"cipher": "aes-256-cbc", "layout": ["iv:12", "ciphertext"]}, "layout", "of 16 bytes"),
        (
            {"cipher": "aes-256-cbc", "layout": ["iv:16", "tag:16", "ciphertext"]},
            "layout",
            "no tag",
        ),
        ({"layout": ["iv:12", "mac:32", "ciphertext"]}, "layout", "has a tag, and is not signed"),
        (
            {"cipher": "aes-256-cbc", "layout": ["iv:16", "mac:20", "ciphertext"]},
            *("layout", "an HMAC with sha256 has 32 bytes"),
        ),
        ({"separator": ":"}, "separator", "choose another encoding"),
        ({"mac": {"written": "text"}}, "mac", "are signed as bytes"),
        ({"cipher": "aes-256-cbc", "layout": ["iv:16", "ciphertext"], "aad": "x"}, "aad", "has no"),
        ({"format": "node-gcm-hex", "order": ["iv", "tag"]}, "order", "ciphertext is missing"),
        ({"format": "node-cbc-hex", "aad": "x"}, "aad", "node-cbc-hex has no additional"),
        ({"format": "fernet", "aad": "x"}, "aad", "fernet has no additional"),
    ],
)
def test_what_contradicts_itself_is_told(given: Any, field: str, words: str) -> None:
    usual = {"cipher": "aes-256-gcm", "layout": ["iv:12", "tag:16", "ciphertext"]}
    told = list(ENVELOPES.parse(given if "format" in given else {**usual, **given}).problems())
    assert [name for name, _ in told] == [field]
    assert words in told[0][1]


HEX = "00" * 12 + ":" + "00" * 16 + ":" + "00" * 16
CBC = {"cipher": "aes-256-cbc", "layout": ["iv:16", "ciphertext"], "encoding": "hex"}


@pytest.mark.parametrize(
    ("envelope", "stored", "code", "words"),
    [
        ("node-gcm-hex", HEX[:-1], "malformed", "is not hex"),
        (
            "node-gcm-hex",
            HEX.replace(":", "."),
            "malformed",
            "does not have 3 parts with : between",
        ),
        ("node-gcm-hex", HEX[24:], "malformed", "has a nonce that aes-256-gcm does not take"),
        ("node-gcm-hex", HEX.replace("00:00", "00:", 1), "truncated", "ends before its tag does"),
        ("node-gcm-base64", "ä:ö:ü", "malformed", "is not base64"),
        ("node-cbc-hex", "00" * 16 + ":", "truncated", "ends before its ciphertext"),
        ("node-cbc-hex", "00" * 16 + ":00", "truncated", "is not a multiple of"),
        (CBC, "00" * 15, "truncated", "ends before its ciphertext"),
        (CBC, "00" * 35, "truncated", "is not a multiple of"),
        ({**CBC, "separator": ":"}, "00:00", "truncated", "has no iv of 16 bytes"),
        ("node-gcm", "?", "malformed", "does not have a form that Node programs use"),
        ("node-gcm-json", "{", "truncated", "ends in the middle of its JSON object"),
        ("node-gcm-json", "{}", "malformed", "does not have the members"),
        ("node-gcm-json", '{"iv": "00", "data": "00"}', "malformed", "are not a nonce, a tag and"),
        ("node-gcm-json", '{"iv": [1], "data": 5}', "malformed", "are not a nonce, a tag and"),
        ("node-cbc-json", '{"iv": "00", "data": "00"}', "malformed", "are not a nonce, a tag and"),
        ("node-cbc-json", "?", "malformed", "is not a JSON object"),
        ("openssl", "?", "malformed", "is neither bytes that begin with Salted__ nor base64"),
        ("openssl", "AAAA", "malformed", "does not begin with Salted__"),
        ("openssl", "Salted__12345678", "truncated", "ends before its ciphertext"),
        ("cryptojs", "U2FsdGVkX18xMjM0NTY3ODk=", "truncated", "is not a multiple of"),
        ("fernet", "AAAAAAAA", "malformed", "does not begin with Fernet's version"),
        ("laravel", "?", "malformed", "is not a JSON object in base64"),
        ("laravel", "eyJpdiI6Ij", "truncated", "ends in the middle of its JSON object"),
        (
            "laravel",
            b64encode(b'{"iv":"?"}').decode(),
            "malformed",
            "has no iv and value in base64",
        ),
        ("laravel", b64encode(b'{"iv":"","value":""}').decode(), "malformed", "has neither a tag"),
        (
            *("laravel", b64encode(b'{"iv":"","value":"","mac":"%b"}' % (b"0" * 64)).decode()),
            *("malformed", "that AES-CBC does not write"),
        ),
        (
            *("laravel", b64encode(b'{"iv":"","value":"","tag":"AAAA"}').decode()),
            *("malformed", "that AES-GCM does not write"),
        ),
        ("rails", "?", "malformed", "has not the parts that Rails writes"),
        ("rails", "AAAAA--" + "A" * 16 + "--" + "A" * 22, "malformed", "a part that is not base64"),
        ("rails", "AAAA--" + "0" * 40, "malformed", "has no ciphertext and nonce"),
        (
            *("rails", b64encode(b"AAAA--AAAA").decode() + "--" + "0" * 40),
            *("truncated", "is not a multiple of"),
        ),
        ("active-record", '{"p":', "truncated", "ends in the middle of its JSON object"),
        ("active-record", '{"p":""}', "malformed", "has no p, h.iv and h.at in base64"),
        (
            *("active-record", '{"p":"","h":{"iv":"","at":""}}'),
            *("malformed", "that AES-256-GCM does not write"),
        ),
    ],
)
def test_a_misfit_is_told_in_words(envelope: Any, stored: str, code: str, words: str) -> None:
    made = ENVELOPES.parse(envelope)
    told = made.misfit(stored.encode())
    assert told is not None
    assert told.code == code
    assert words in told.reason
    cipher = next(c for c in [*CIPHERS, "fernet"] if c in made.ciphers)
    if isinstance(made, Layout):
        cipher = made.cipher
    key = key_of("aes-256" if cipher == "fernet" else cipher, KEYS)
    with pytest.raises(Misfit) as raised:
        made.opener(key, cipher)(stored.encode(), b"")
    assert raised.value.code == code


@pytest.mark.parametrize(
    "envelope",
    [
        *("node-gcm-hex", "node-gcm", "node-cbc-hex", "node-cbc", "node-gcm-json", "node-cbc-json"),
        *("laravel", "rails", "active-record", "fernet", CBC),
        {"cipher": "aes-256-gcm", "layout": ["iv:12", "ciphertext", "tag:12"]},
    ],
)
@pytest.mark.parametrize("cipher", ["aes-256-gcm", "aes-256-cbc", "secretbox", "fernet"])
def test_a_key_that_does_not_suit_is_a_misfit(envelope: Any, cipher: str) -> None:
    made = ENVELOPES.parse(envelope)
    with pytest.raises(Misfit) as told:
        made.opener(Material(key=b"short", text=b"short"), cipher)
    assert told.value.code == "key"


def test_what_was_sealed_with_another_cipher_of_the_same_framework_is_told() -> None:
    from tests.crypto.envelopes.produced import vectors

    for framework, name in (("laravel", "encryptString"), ("rails", "")):
        for one in (v for v in vectors() if v.envelope.tag() == framework and name in v.name):
            cipher = one.recipe.cipher
            if cipher.startswith("aes-256"):
                other = {"gcm": "aes-256-cbc", "cbc": "aes-256-gcm"}[cipher[-3:]]
                with pytest.raises(Misfit, match=f"the key is for {other}"):
                    one.envelope.opener(one.material, other)(one.stored, b"")


def test_a_nonce_of_an_unusual_size_is_no_sign_of_node_programs() -> None:
    made = ENVELOPES.parse("node-gcm-hex")
    assert made.recognizes(HEX.encode())
    unusual = b"00" * 20 + HEX.encode()[24:]
    assert not made.recognizes(unusual)
    assert made.misfit(unusual) is None  # it may be one all the same
