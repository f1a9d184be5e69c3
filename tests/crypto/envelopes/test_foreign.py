"""Why an envelope of another producer does not open is told apart as far as its format allows."""

from __future__ import annotations

import hashlib
import hmac
import json
import sys
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from tests.crypto.envelopes.produced import Vector, vectors

from assay.crypto import DerivingProblem, Recipe
from assay.crypto.envelopes import ENVELOPES
from assay.crypto.envelopes.base import Closed, Envelope, Material, Misfit
from assay.crypto.envelopes.opening import cbc
from assay.formats import asymmetric

PHRASE = b"correct horse battery staple, and then some"


def produced(envelope: str, name: str) -> Vector:
    return next(v for v in vectors() if v.envelope.tag() == envelope and name in v.name)


def answer(
    envelope: Envelope, material: Material, stored: bytes, cipher: str = ""
) -> tuple[str, str]:
    """The code of what is raised, and its reason."""
    try:
        envelope.opener(material, cipher)(stored, b"")
    except Misfit as told:
        return told.code, told.reason
    except Closed as told:
        return "closed", told.reason
    return "open", ""


def answers(one: Vector, stored: bytes, material: Material | None = None) -> tuple[str, str]:
    return answer(one.envelope, material or one.material, stored, one.recipe.cipher)


@pytest.mark.parametrize(
    "name", [n for n in ENVELOPES if ENVELOPES[n].extra], ids=lambda name: name
)
def test_a_missing_library_is_told_with_the_command_that_installs_it(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = next(v for v in vectors() if v.envelope.tag() == name)
    for library in ("joserfc", "joserfc.jwe", "nacl", "nacl.bindings", "pyrage", "pysequoia"):
        monkeypatch.setitem(sys.modules, library, None)
    code, reason = answers(one, one.stored)
    assert code == "missing-library"
    assert "`pip install 'assay[envelopes]'`" in reason
    assert one.envelope.misfit(one.stored) is None, "recognising needs no library"


# cloak


def test_a_fingerprint_tells_a_wrong_key_from_a_damaged_text() -> None:
    one = produced("cloak", "short")
    head, _, sealed = one.stored.rpartition(b".")
    other = b"B" if sealed[:1] == b"A" else b"A"
    assert answers(one, one.stored, one.wrong) == (
        "closed",
        "names a different key by its fingerprint",
    )
    code, reason = answers(one, head + b"." + other + sealed[1:])
    assert (code, "names the key" in reason) == ("damaged", True)
    pieces = one.stored.split(b".")
    pieces[2] = b"00000000"
    code, reason = answers(one, b".".join(pieces))
    assert (code, "but names a different key" in reason) == ("damaged", True)
    pieces[2] = one.stored.split(b".")[2].upper()
    assert answers(one, b".".join(pieces))[0] == "open"


@pytest.mark.parametrize(
    ("stored", "code"),
    [
        (b"", "malformed"),
        (b"v1.aesgcm256.", "truncated"),
        (b"v1.aesgcm256.0011223.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAA", "malformed"),
        (b"v1.aesgcm256.00112233.AAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAA", "malformed"),
        (b"v1.aesgcm256.00112233.AAAAAAAAAAAAAAAA.AAAA", "truncated"),
        (b"v1.aesgcm256.00112233.AAAAAAAAAAAAAAAA.!", "malformed"),
        (b"v1.aesgcm256.00112233.AAAAAAAAAAAAAAAA.AAAA.AAAA", "malformed"),
        (b"v2.aesgcm256.00112233.AAAAAAAAAAAAAAAA.AAAA", "unsupported"),
    ],
)
def test_a_cloak_of_another_form(stored: bytes, code: str) -> None:
    told = ENVELOPES.parse("cloak").misfit(stored)
    assert told is not None
    assert told.code == code
    assert ENVELOPES.parse("cloak").parts(stored) is None


# Elixir's Cloak


@pytest.mark.parametrize(
    ("stored", "code"),
    [
        (b"", "malformed"),
        (b"hello", "malformed"),
        (b"\1", "truncated"),
        (b"\1\0" + bytes(60), "malformed"),
        (b"\1\x0aAES.GCM", "truncated"),
        (b"\1\x0aAES.GCM.V1" + bytes(27), "truncated"),
        (b"\1\x04A\0\0A" + bytes(60), "malformed"),
        (b"\1\x80\x03\x78" + bytes(200), "malformed"),
    ],
)
def test_an_elixir_cloak_of_another_form(stored: bytes, code: str) -> None:
    told = ENVELOPES.parse("elixir-cloak").misfit(stored)
    assert told is not None
    assert told.code == code
    assert ENVELOPES.parse("elixir-cloak").parts(stored) is None


def test_a_label_tells_another_key() -> None:
    one, other = produced("elixir-cloak", "guide"), produced("elixir-cloak", "another label")
    assert answers(one, one.stored, one.wrong) == ("closed", "")
    assert answers(other, one.stored, one.wrong)[1] == "names a different key by its label"
    parts = one.envelope.parts(one.stored)
    assert parts is not None
    assert one.stored[12:] == parts.nonce + parts.tag + parts.body
    openers = one.envelope.opener(one.material, "aes-256-gcm")
    for again in (one, produced("elixir-cloak", "default"), one):
        assert openers(again.stored, b"") == again.plaintext


# iron-session

IRON = produced("iron-session", "of iron-webcrypto")


def sealed(expiration: str, text: bytes = b'{"a": 1}', secret: bytes = PHRASE) -> bytes:
    """A seal as iron makes it, with an expiration of our own."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    from cryptography.hazmat.primitives.padding import PKCS7

    def key(salt: bytes) -> bytes:
        return hashlib.pbkdf2_hmac("sha1", secret, salt, 1, 32)

    padder = PKCS7(128).padder()
    made = Cipher(algorithms.AES(key(b"aa")), modes.CBC(bytes(16))).encryptor()
    body = made.update(padder.update(text) + padder.finalize()) + made.finalize()
    parts = [b"Fe26.2", b"7", b"aa", urlsafe_b64encode(bytes(16)).rstrip(b"=")]
    parts += [urlsafe_b64encode(body).rstrip(b"="), expiration.encode()]
    base = b"*".join(parts)
    mac = urlsafe_b64encode(hmac.digest(key(b"bb"), base, "sha256")).rstrip(b"=")
    return base + b"*bb*" + mac


def test_a_seal_that_has_expired_is_told_from_one_of_another_key() -> None:
    right, wrong = Material(key=b"", text=PHRASE), Material(key=b"", text=PHRASE[::-1])
    iron = ENVELOPES.parse("iron-session")
    assert answer(iron, right, sealed("9999999999999"))[0] == "open"
    assert answer(iron, right, sealed(""))[0] == "open"
    assert answer(iron, right, sealed("1600000000000")) == (
        "expired",
        "can be decrypted, but has expired: iron refuses it",
    )
    assert answer(iron, wrong, sealed("1600000000000")) == ("closed", "")
    named = ENVELOPES.parse({"format": "iron-session", "password-id": "8"})
    assert answer(named, wrong, sealed(""))[1] == "names a different key by its password id"
    assert answer(named, right, sealed(""))[0] == "open"
    assert answer(iron, Material(key=b"", text=b"short"), sealed(""))[0] == "key"
    assert iron.proves("passphrase")


@pytest.mark.parametrize(
    ("stored", "code"),
    [
        (b"nothing", "malformed"),
        (b"Fe26.2*1*aa", "truncated"),
        (b"Fe26.1" + IRON.stored[6:], "unsupported"),
        (IRON.stored + b"*", "malformed"),
        (IRON.stored.replace(b"**", b"*x*", 2), "malformed"),
        (sealed("12x"), "malformed"),
        (sealed("").replace(b"AAAAAAAAAAAAAAAAAAAAAA", b"AAAA", 1), "malformed"),
        (sealed("").replace(b"*AAAAAAAAAAAAAAAAAAAAAA*", b"*!*", 1), "malformed"),
        (sealed("")[:-9], "truncated"),
    ],
)
def test_a_seal_of_another_form(stored: bytes, code: str) -> None:
    told = ENVELOPES.parse("iron-session").misfit(stored)
    assert told is not None
    assert told.code == code


def test_a_seal_cut_within_its_ciphertext() -> None:
    pieces = sealed("").split(b"*")
    pieces[4] = pieces[4][:-4]
    told = ENVELOPES.parse("iron-session").misfit(b"*".join(pieces))
    assert told is not None
    assert told.code == "truncated"


# cryptr


def test_cryptr_refuses_what_it_never_wrote() -> None:
    cryptr = ENVELOPES.parse("cryptr")
    assert answer(cryptr, Material(key=b"", text=b""), b"00" * 99)[0] == "key"
    assert answer(cryptr, Material(key=b"", text=PHRASE), b"00" * 95)[0] == "truncated"
    assert answer(cryptr, Material(key=b"", text=PHRASE), b"zz")[0] == "malformed"
    assert cryptr.parts(b"zz") is None
    parts = cryptr.parts(bytes(range(98)).hex().encode())
    assert parts is not None
    assert (parts.salt, parts.nonce) == (bytes(range(64)), bytes(range(64, 80)))
    assert (parts.tag, parts.body) == (bytes(range(80, 96)), bytes(range(96, 98)))


# libsodium


@pytest.mark.parametrize("name", ["secretbox", "xchacha20-poly1305"])
def test_what_libsodium_seals_is_taken_apart(name: str) -> None:
    one = produced(name, ", bytes")
    parts = one.envelope.parts(one.stored)
    assert parts is not None
    tag_first = name == "secretbox"
    joined = parts.tag + parts.body if tag_first else parts.body + parts.tag
    assert (parts.nonce + joined, len(parts.tag)) == (one.stored, 16)
    assert one.envelope.parts(one.stored[:30]) is None
    assert answers(one, one.stored[:39])[0] == "truncated"
    assert answers(one, one.stored[:9])[0] == "truncated"
    assert answers(one, one.stored, Material(key=bytes(16), text=b""))[0] == "key"


@pytest.mark.parametrize(
    "stored", [b"zz", b"{", b"{}", b'{"nonce": 3}', b'{"nonce": "00"}', b"[" * 9999, b"{" * 9999]
)
def test_what_libsodium_seals_in_no_known_way(stored: bytes) -> None:
    box = ENVELOPES.parse({"format": "secretbox", "encoding": "hex"})
    assert answer(box, Material(key=bytes(32), text=b""), stored)[0] == "malformed"
    split = ENVELOPES.parse({"format": "secretbox", "encoding": "hex", "separator": ":"})
    assert answer(split, Material(key=bytes(32), text=b""), stored)[0] == "malformed"


def test_bytes_have_no_separator() -> None:
    made = ENVELOPES.parse({"format": "secretbox", "separator": ":"})
    assert [field for field, _ in made.problems()] == ["separator"]
    bound = ENVELOPES.parse({"format": "secretbox", "aad": "x"})
    assert [field for field, _ in bound.problems()] == ["aad"]


# age


def test_age_tells_its_header_from_its_payload_and_identities_from_passphrases() -> None:
    one, phrase = produced("age", "bytes"), produced("age", "with a passphrase")
    other = produced("age", "to two recipients")
    head, _, payload = one.stored.partition(b"\n--- ")
    mac, _, rest = payload.partition(b"\n")
    assert answers(one, one.stored[:-1])[0] == "damaged"
    assert answers(one, head + b"\n--- " + b"A" * len(mac) + b"\n" + rest)[0] == "damaged"
    assert answers(one, one.stored, other.material) == ("closed", "")
    assert answers(phrase, phrase.stored, Material(key=b"", text=b"wrong")) == ("closed", "")
    assert answers(one, one.stored, phrase.material)[1].endswith("the key is a passphrase")
    assert answers(one, phrase.stored)[1].endswith("the key is an identity")
    sort = one.stored.replace(b"-> X25519", b"-> ssh-rsa").replace(b"X25519", b"ssh-rsa")
    assert answers(one, sort)[0] == "unsupported"
    assert answers(one, one.stored, Material(key=b"", text=b"\xff"))[0] == "key"
    damaged = Material(key=b"", text=b"AGE-SECRET-KEY-1QQQ")
    assert answers(one, one.stored, damaged)[0] == "key"


def test_age_that_asks_for_hours_of_work_is_refused() -> None:
    one = produced("age", "with a passphrase")
    line = one.stored.split(b"\n")[1]
    costly = one.stored.replace(line, line.rpartition(b" ")[0] + b" 40")
    assert answers(one, costly)[0] == "unsupported"


@pytest.mark.parametrize(
    ("stored", "code"),
    [
        (b"", "malformed"),
        (b"age-encryption.org/v1\n", "truncated"),
        (b"age-encryption.org/v1\n-> X25519 a\nb\n--- mac", "truncated"),
        (b"age-encryption.org/v1\n-> X25519 a\nb\n--- mac\nshort", "truncated"),
        (b"age-encryption.org/v9\n", "unsupported"),
        (b"-----BEGIN AGE ENCRYPTED FILE-----\nAAAA", "truncated"),
        (
            b"-----BEGIN AGE ENCRYPTED FILE-----\n!!\n-----END AGE ENCRYPTED FILE-----\n",
            "malformed",
        ),
        (
            b"-----BEGIN AGE ENCRYPTED FILE-----\nAAAA\n-----END AGE ENCRYPTED FILE-----\n",
            "malformed",
        ),
    ],
)
def test_an_age_file_of_another_form(stored: bytes, code: str) -> None:
    told = ENVELOPES.parse("age").misfit(stored)
    assert told is not None
    assert told.code == code


# Formats that are only recognised


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("sops", b"ENC[AES256_GCM,data:aGVsbG8=,iv:AAAA,tag:BBBB,type:str]"),
        ("vault-transit", b"vault:v1:8SDd3WHDOjf7mq69CyCqYjBXAiQQAVZRkFM13ok481zoCmHnSeDX9g=="),
        ("aws-kms", b"AQICAH" + b"A" * 120),
        ("aws-kms", b"\x01\x02\x02\x00\x78" + bytes(120)),
        ("aws-encryption-sdk", b"\x01\x80\x03\x78" + bytes(100)),
        ("aws-encryption-sdk", b"\x02\x05\x78" + bytes(100)),
        ("aws-encryption-sdk", b"AgV4" + b"A" * 100),
        ("tink", b"\x01\x44\x22\x11\x00" + bytes(28)),
        ("password-hash", b"$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"),
        ("password-hash", b"$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$RdescudvJCsgt3ub+b4dWQ"),
        ("password-hash", b"pbkdf2_sha256$870000$abcdefghijkl$AAAAAAAAAAAAAAAAAAAA"),
    ],
)
def test_what_can_not_be_opened_is_recognised_and_says_what_opens_it(
    name: str, stored: bytes
) -> None:
    made = ENVELOPES.parse(name)
    assert made.recognizes(stored)
    assert made.misfit(stored) is None
    code, reason = answer(made, Material(key=bytes(32), text=b""), stored)
    assert code == "unsupported"
    if name == "password-hash":
        assert reason == "is a hash, not a ciphertext: nothing decrypts it"
    else:
        assert made.remote in reason
    others = {n for n in ENVELOPES if ENVELOPES[n].marked} - {name}
    assert not any(ENVELOPES[n]().recognizes(stored) for n in others if not ENVELOPES[n].ciphers)


def test_damage_of_what_is_only_recognised_is_seen() -> None:
    sops = ENVELOPES.parse("sops")
    cut = b"ENC[AES256_GCM,data:aGVsbG8=,iv"
    assert sops.recognizes(cut)
    assert sops.misfit(cut) is not None
    assert sops.misfit(b"hello") is not None
    vault = ENVELOPES.parse("supabase-vault")
    assert not vault.recognizes(b"A" * 64)
    assert vault.misfit(b"A" * 64) is None
    assert [vault.misfit(data).code for data in (b"!", b"AAAA")] == ["malformed", "truncated"]  # type: ignore[union-attr]


# JWE

OCT = Material(key=bytes(range(32)), text=bytes(range(32)))
JWE = ENVELOPES.parse("jwe")


def part(data: Any) -> bytes:
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return urlsafe_b64encode(raw).rstrip(b"=")


def compact(header: Any, nonce: int = 12, body: int = 16, tag: int = 16, key: bytes = b"") -> bytes:
    return b".".join(map(part, (header, key, bytes(nonce), bytes(body), bytes(tag))))


GCM = {"alg": "dir", "enc": "A256GCM"}


@pytest.mark.parametrize(
    ("stored", "code"),
    [
        (b"", "malformed"),
        (b"a.b.c", "malformed"),
        (part(GCM) + b".a.b.c", "truncated"),
        (part(GCM) + b".e30.sig", "malformed"),
        (b"!.a.b.c.d", "malformed"),
        (compact([]), "malformed"),
        (compact({"alg": "dir"}), "malformed"),
        (compact({**GCM, "alg": 3}), "malformed"),
        (compact({**GCM, "enc": "A512GCM"}), "unsupported"),
        (compact({**GCM, "alg": "ECDH-1PU"}), "unsupported"),
        (compact(GCM, nonce=16), "malformed"),
        (compact(GCM, tag=12), "truncated"),
        (compact({**GCM, "enc": "A128CBC-HS256"}, nonce=16, body=17), "truncated"),
        (b"{", "malformed"),
        (b"{}", "malformed"),
        (b'{"iv": "", "ciphertext": "", "tag": ""}', "malformed"),
        (b'{"iv": "!", "ciphertext": "", "tag": "", "unprotected": {"alg": "dir"}}', "malformed"),
        (b"{" * 9999, "malformed"),
        (part(b"[" * 9999) + b"....", "malformed"),
    ],
)
def test_a_jwe_of_another_form(stored: bytes, code: str) -> None:
    told = JWE.misfit(stored)
    assert told is not None
    assert told.code == code
    assert answer(JWE, OCT, stored)[0] == code


def test_a_signed_token_is_called_one() -> None:
    told = JWE.misfit(part({"alg": "HS256"}) + b"." + part({"sub": "x"}) + b".AAAA")
    assert told is not None
    assert told.reason == "is signed and not encrypted: it is a JWT that anyone can read"


def test_a_jwe_tells_a_wrong_key_from_damage_where_it_wraps_its_key() -> None:
    for name in ("A256KW", "A256GCMKW", "PBES2-HS256+A128KW", "RSA-OAEP-256", "ECDH-ES+A256KW"):
        one = produced("jwe", name)
        head, _, tag = one.stored.rpartition(b".")
        damaged = head + b"." + (b"AAAA" if tag[:4] != b"AAAA" else b"BBBB") + tag[4:]
        assert answers(one, damaged)[0] == "damaged", name
    for name in ("A256KW", "PBES2-HS256+A128KW", "dir, A256GCM"):
        one = produced("jwe", name)
        assert answers(one, one.stored, one.wrong) == ("closed", ""), name
    direct = produced("jwe", "dir, A256GCM")
    assert answers(direct, direct.stored[:-4] + b"AAAA")[0] == "closed", "it can't be told"


def test_a_jwe_says_which_key_it_is_not_for() -> None:
    def told(name: str, material: Material, cipher: str) -> str:
        one = produced("jwe", name)
        code, reason = answer(JWE, material, one.stored, cipher)
        assert code == "key"
        return reason

    ec = produced("jwe", "ECDH-ES+A256KW")
    short = Material(key=bytes(16), text=b"")
    assert told("dir, A256GCM", short, "aes-128-gcm").endswith("needs a key of 32 bytes")
    assert told("A256KW", short, "aes-128-gcm").startswith("is encrypted with A256KW")
    assert told("A256KW", ec.material, "ec").endswith("the key is a private key")
    assert told("RSA-OAEP", short, "aes-128-gcm").endswith("but the key isn't private")
    assert told("A256KW", Material(key=b"", text=b""), "aes-256-kw") == "is empty"
    assert told("A256KW", Material(key=b"", text=b"PEM"), "rsa") == "is not a private key for rsa"
    assert told("A256KW", ec.material, "rsa") == "is not a private key for rsa"


def test_a_kid_tells_another_key() -> None:
    one = produced("jwe", "ECDH-ES+A256KW, JWK")
    other = asymmetric.private_pem(asymmetric.make("ec", 0)).encode()
    named = ENVELOPES.parse({"format": "jwe", "kid": "billing-2"})
    wrong = Material(key=b"", text=other)
    assert answer(named, wrong, one.stored, "ec") == ("closed", "names a different key by its kid")
    assert answer(JWE, wrong, one.stored, "ec") == ("closed", "")
    assert answer(named, one.material, one.stored, "ec")[0] == "open"


def test_a_header_that_asks_for_hours_of_work_is_not_obeyed() -> None:
    header = {"alg": "PBES2-HS256+A128KW", "enc": "A256GCM", "p2s": "AAAA", "p2c": 2**31}
    assert answer(JWE, OCT, compact(header, key=bytes(40)), "passphrase")[0] == "unsupported"
    for rounds in ("many", -1, True, 1.5):
        stored = compact({**header, "p2c": rounds}, key=bytes(40))
        assert answer(JWE, OCT, stored, "passphrase")[0] == "malformed"
    without = compact({"alg": header["alg"], "enc": "A256GCM"}, key=bytes(40))
    assert answer(JWE, OCT, without, "passphrase")[0] == "closed"


def test_the_material_of_a_jwe_is_a_key_or_the_text_of_a_private_key() -> None:
    pem = asymmetric.private_pem(asymmetric.known("ec"))
    made = JWE.material_of(Recipe(cipher="ec", encoding="pem"), pem)
    assert isinstance(made, Material)
    assert (made.key, made.text) == (b"", pem.encode())
    oct_jwk = json.dumps({"kty": "oct", "k": part(bytes(32)).decode()})
    made = JWE.material_of(Recipe(cipher="aes-256-gcm", encoding="jwk"), oct_jwk)
    assert isinstance(made, Material)
    assert made.key == bytes(32)
    assert isinstance(JWE.material_of(Recipe(cipher="ec", encoding="pem"), "x"), DerivingProblem)
    assert isinstance(
        JWE.material_of(Recipe(cipher="aes-256-gcm", encoding="hex"), "x"), DerivingProblem
    )


def test_the_parts_of_a_jwe() -> None:
    parts = JWE.parts(compact(GCM))
    assert parts is not None
    assert (parts.nonce, parts.tag, parts.body) == (bytes(12), bytes(16), bytes(16))
    assert JWE.parts(b"x") is None


def test_a_seal_of_bytes_has_no_salt() -> None:
    one = produced("iron-session", "under bytes")
    pieces = one.stored.split(b"*")
    assert (pieces[2], pieces[6]) == (b"", b"")
    assert cbc("aes-256-cbc", one.material.text) is not None
