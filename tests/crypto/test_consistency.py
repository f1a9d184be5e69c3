"""Two spellings are one key exactly when the bytes that are made of them are equal."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from assay.crypto import DerivingProblem, Recipe, check_value, derived
from assay.crypto.recipes import Derivation, Fit, Hkdf, Pbkdf2, SaltFrom, Scrypt
from assay.crypto.strength import compared_value, in_yaml
from assay.crypto.variations import keys_of, variations
from assay.formats import asymmetric
from assay.formats.armor import wrap
from assay.formats.jose import Jwk
from assay.spec.yaml_text import read_yaml

CIPHERS = {"aes-128-gcm": 16, "aes-192-cbc": 24, "aes-256-gcm": 32, "hmac-sha512": 64}
KEYS = st.sampled_from(sorted(CIPHERS)).flatmap(
    lambda cipher: st.tuples(
        st.just(cipher), st.binary(min_size=CIPHERS[cipher], max_size=CIPHERS[cipher])
    )
)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("111111111111", "'111111111111'"),
        ("000000000000", "'000000000000'"),
        ("12345678e123", "'12345678e123'"),
        ("c6a079f2aaca", "c6a079f2aaca"),
        ("1e5e5e5e5e5e", "1e5e5e5e5e5e"),
    ],
)
def test_a_check_value_can_be_pasted_into_a_spec(value, written):
    assert in_yaml(value) == written
    assert read_yaml(f"v: {written}\n", "a.yaml").data == {"v": value}


def spellings(raw: bytes) -> dict[str, list[str]]:
    """The ways to write bytes in each encoding, as the lenient decoder takes them."""
    standard, url = base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode()
    return {
        "hex": [raw.hex(), raw.hex().upper(), raw.hex() + "zz"],
        "base64": [standard, standard.rstrip("="), url, url.rstrip("=")],
        "base64url": [url, url.rstrip("="), standard],
        "jwk": [json.dumps({"kty": "oct", "k": url.rstrip("=")}, indent=n) for n in (None, 2)],
    }


@given(KEYS, st.data())
def test_every_spelling_of_a_key_makes_the_same_bytes(key, data):
    cipher, raw = key
    encoding = data.draw(st.sampled_from(sorted(spellings(raw))))
    recipe = Recipe(cipher=cipher, encoding=encoding, decoder="node")
    assert {derived(recipe, text) for text in spellings(raw)[encoding]} == {raw}


@given(KEYS, st.data())
def test_keys_are_equal_exactly_when_their_bytes_are(key, data):
    cipher, raw = key
    size = len(raw)
    other = data.draw(st.one_of(st.just(raw), st.binary(min_size=size, max_size=size)))
    first = data.draw(st.sampled_from(["hex", "base64", "jwk"]))
    second = data.draw(st.sampled_from(["hex", "base64", "jwk"]))
    mine = derived(Recipe(cipher=cipher, encoding=first), spellings(raw)[first][0])
    theirs = derived(Recipe(cipher=cipher, encoding=second), spellings(other)[second][0])
    assert (mine == theirs) == (raw == other)


@given(KEYS)
def test_check_values_are_those_of_the_bytes_and_twelve_digits(key):
    cipher, raw = key
    made = {
        check_value(Recipe(cipher=cipher, encoding=encoding), spellings(raw)[encoding][0])
        for encoding in ("hex", "base64", "base64url")
    }
    (value,) = made
    assert value is None or (len(value) == 12 and not value.strip("0123456789abcdef"))


def test_the_check_value_of_a_key_never_changes():
    """What is committed in specs must hold for ever."""
    recipe = Recipe(cipher="aes-256-gcm", encoding="hex")
    text = "7a3e153ebf5a4bd8d7f710699d515426b332b0861a6eea4624e283c4b8d4bf37"
    assert check_value(recipe, text) == "c6a079f2aaca"
    phrase = replace(recipe, encoding="utf8", derive="sha256")
    assert compared_value(phrase, "correct horse battery staple yes") == "e004e319fde7"


@pytest.mark.parametrize(
    "text",
    ["00" * 32, "0001" * 16, bytes(range(32)).hex(), b"sixteenbyteskey!sixteenbytes-key".hex()],
)
def test_a_key_that_follows_a_pattern_has_no_check_value(text):
    assert check_value(Recipe(cipher="aes-256-gcm", encoding="hex"), text) is None


@pytest.mark.parametrize("text", ["hunter2", "password123", "abcabcabcabcabcabc"])
def test_a_simple_passphrase_has_no_check_value(text):
    recipe = Recipe(cipher="aes-256-gcm", encoding="utf8", derive="sha256")
    assert check_value(recipe, text) is None


@pytest.mark.parametrize("kind", ["ec", "ed25519", "rsa"])
def test_a_private_key_is_the_same_however_it_is_stored(kind):
    pem = asymmetric.private_pem(asymmetric.known(kind))
    recipe = Recipe(cipher=kind, encoding="pem")
    made = {derived(recipe, wrap(pem, stored)) for stored in ("pem", "escaped", "base64")}
    assert len(made) == 1
    (one,) = made
    assert isinstance(one, bytes)
    jose = {"rsa": "RSA", "ec": "EC", "ed25519": "OKP"}[kind]
    jwk = Jwk(kinds=(jose,), part="private").example()  # type: ignore[arg-type]  # as above
    assert derived(Recipe(cipher=kind, encoding="jwk"), jwk) == one


def test_an_rsa_key_without_its_primes_is_the_same_key():
    jwk = json.loads(Jwk(kinds=("RSA",), part="private").example())
    bare = json.dumps({name: jwk[name] for name in ("kty", "n", "e", "d")})
    recipe = Recipe(cipher="rsa", encoding="jwk")
    assert derived(recipe, bare) == derived(recipe, json.dumps(jwk))


@pytest.mark.parametrize(
    ("recipe", "text", "code"),
    [
        (Recipe(cipher="aes-256-gcm", encoding="hex"), "zz", "malformed"),
        (Recipe(cipher="aes-256-gcm", encoding="hex", decoder="node"), "zz", "too-short"),
        (Recipe(cipher="aes-256-gcm", encoding="base64"), "YQ", "malformed"),
        (Recipe(cipher="aes-256-gcm", encoding="hex"), "00" * 33, "too-long"),
        (Recipe(cipher="aes-256-gcm", encoding="latin1"), "é" * 32, None),
        (Recipe(cipher="aes-256-gcm", encoding="latin1"), "€" * 32, "malformed"),
        (Recipe(cipher="aes-256-gcm", encoding="latin1", decoder="node"), "€" * 32, None),
        (Recipe(cipher="aes-256-gcm", encoding="utf8"), "\ud800" * 32, "malformed"),
        (Recipe(cipher="aes-256-gcm", encoding="utf8"), "é" * 16, None),
        (Recipe(cipher="aes-256-gcm", encoding="utf8"), "\udce9" * 32, None),
        (Recipe(cipher="aes-256-gcm", encoding="hex", prefix="k:"), "00" * 32, "prefix"),
        (Recipe(cipher="aes-256-gcm", encoding="jwk"), '{"kty":"EC"}', "malformed"),
        (Recipe(cipher="aes-256-gcm", encoding="jwk"), "[]", "malformed"),
        (Recipe(cipher="aes-256-gcm", encoding="jwk"), "[" * 9999, "malformed"),
        (Recipe(cipher="rsa", encoding="jwk"), '{"kty":"RSA"}', "malformed"),
        (
            Recipe(cipher="rsa", encoding="jwk"),
            '{"kty":"RSA","n":"AQAB","e":"AQAB","d":"AQAB"}',
            "malformed",
        ),
        (Recipe(cipher="ec", encoding="jwk"), '{"kty":"EC","crv":"P-999"}', "malformed"),
        (
            Recipe(cipher="ec", encoding="jwk"),
            '{"kty":"EC","crv":"P-256","x":"AQ","y":"AQ","d":"AQ"}',
            "malformed",
        ),
        (Recipe(cipher="ed25519", encoding="jwk"), '{"kty":"OKP","crv":"X25519"}', "malformed"),
        (
            Recipe(cipher="rsa", encoding="pem"),
            asymmetric.private_pem(asymmetric.known("ec")),
            "algorithm",
        ),
        (Recipe(cipher="ed25519", encoding="hex"), "07" * 64, "halves"),
        (
            Recipe(
                cipher="aes-256-gcm",
                encoding="utf8",
                derive=Derivation(hkdf=Hkdf(salt=SaltFrom(variable="S"))),
            ),
            "a",
            "salt",
        ),
        (
            Recipe(
                cipher="aes-256-gcm",
                encoding="utf8",
                derive=Derivation(hkdf=Hkdf(salt="x", salt_encoding="hex")),
            ),
            "a",
            "salt",
        ),
    ],
)
def test_a_text_that_makes_no_key_says_why(recipe, text, code):
    made = derived(recipe, text)
    assert (made.code if isinstance(made, DerivingProblem) else None) == code


@pytest.mark.parametrize(
    ("derive", "expected"),
    [
        ("sha256", "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8"),
        ("md5-hex", b"5f4dcc3b5aa765d61d8327deb882cf99".hex()),
        ("evp-md5", "5f4dcc3b5aa765d61d8327deb882cf992b95990a9151374abd8ff8c5a7a0fe08"),
        (Derivation(fit=Fit(fill="x")), b"password".ljust(32, b"x").hex()),
        (
            Derivation(scrypt=Scrypt(salt="4e61436c", salt_encoding="hex", cost=1024,
                                     parallelization=16)),
            "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162",
        ),
        (
            Derivation(pbkdf2=Pbkdf2(salt="salt", iterations=1)),
            "120fb6cffcf8b32c43e7225256c4f837a86548c92ccc35480805987cb70be17b",
        ),
        (
            Derivation(hkdf=Hkdf(salt=SaltFrom(variable="S"), info="i", hash="sha512")),
            None,
        ),
    ],
)  # fmt: skip
def test_derivations_of_the_word_password(derive, expected):
    """SHA-256 and MD5 of `password` are in every list; scrypt is RFC 7914's, PBKDF2 is widely
    published with SHA-256."""
    recipe = Recipe(cipher="aes-256-gcm", encoding="utf8", derive=derive)
    made = derived(recipe, "password", {"S": "c2FsdA=="})
    assert isinstance(made, bytes)
    assert len(made) == 32
    assert expected in (None, made.hex())


def test_an_ed25519_key_of_64_bytes_is_its_seed():
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    seed = bytes(range(32))
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    recipe = Recipe(cipher="ed25519", encoding="hex")
    assert derived(recipe, (seed + public).hex()) == derived(recipe, seed.hex()) == seed


TEXTS = st.text(
    st.characters(codec="ascii", exclude_categories=("C", "Z")), min_size=1, max_size=50
)
DERIVATIONS = st.sampled_from(
    [
        *("none", "sha256", "md5-hex", "evp-md5"),
        *(Derivation(fit=Fit(fill=fill)) for fill in ("", "0", " ")),
        Derivation(scrypt=Scrypt(salt="salt", cost=2)),
        Derivation(pbkdf2=Pbkdf2(salt="salt", iterations=1, hash="sha1")),
        Derivation(hkdf=Hkdf(salt="salt", info="what for")),
    ]
)
ENCODINGS = st.sampled_from(["hex", "base64", "base64url", "utf8", "latin1"])


@settings(max_examples=100)
@given(TEXTS, KEYS, ENCODINGS, DERIVATIONS, st.sampled_from(["strict", "node"]))
def test_a_key_is_the_same_each_time_and_fits_its_cipher(phrase, key, encoding, derive, decoder):
    cipher, raw = key
    text = spellings(raw)[encoding][0] if encoding in ("hex", "base64", "base64url") else phrase
    recipe = Recipe(cipher=cipher, encoding=encoding, derive=derive, decoder=decoder)
    made = derived(recipe, text)
    assert made == derived(recipe, text)
    if not isinstance(made, DerivingProblem):
        assert len(made) == CIPHERS[cipher] or cipher.startswith("hmac")


@settings(max_examples=60)
@given(TEXTS, KEYS, ENCODINGS, DERIVATIONS, st.data())
def test_every_variation_is_another_key_than_the_one_before(phrase, key, encoding, derive, data):
    """Each is made of what its own recipe says, so what opens with it can be told by its words."""
    cipher, raw = key
    text = data.draw(st.sampled_from([phrase, raw.hex(), spellings(raw)["base64"][0]]))
    recipe = Recipe(cipher=cipher, encoding=encoding, derive=derive)
    found = list(keys_of(variations(recipe, text), {}))
    made = [key for _, key in found]
    assert len(made) == len(set(made))
    for one, own in found:
        again = derived(one.recipe, one.text)
        assert own == again or not one.text
        assert one.words
        assert text not in repr(one) or len(text) < 8
