"""Layouts that real applications need beside AES-GCM and AES-CBC: declared, they open."""

from __future__ import annotations

import hashlib
import hmac
import os
from base64 import b64encode
from typing import Any

import pytest
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESCCM, AESGCM

from assay import credentials
from assay.crypto.deriving import DerivingProblem, evp_bytes_to_key
from assay.crypto.envelopes import ENVELOPES
from assay.crypto.envelopes.base import Closed, Material, Misfit
from assay.crypto.recipes import Derivation, Fit, Hkdf, Pbkdf2, Recipe, Scrypt

KEY = bytes(range(32))
TEXT = b"CANARY, a consumer key"
IV = bytes(range(100, 116))


def blocks(mode: modes.Mode, algorithm: Any = None, text: bytes = TEXT) -> bytes:
    algorithm = algorithm or algorithms.AES(KEY)
    size = algorithm.block_size // 8
    if not isinstance(mode, modes.CTR):
        text += bytes((size - len(text) % size,)) * (size - len(text) % size)
    making: Any = Cipher(algorithm, mode).encryptor()  # type: ignore[misc]
    return bytes(making.update(text) + making.finalize())


def opened(envelope: dict[str, Any], data: bytes, key: bytes = KEY, text: bytes = b"") -> bytes:
    made = ENVELOPES.parse(envelope)
    assert list(made.problems()) == []
    return made.opener(Material(key=key, text=text or key), envelope["cipher"])(data, b"")


CBC = blocks(modes.CBC(IV))
DECLARED: dict[str, tuple[dict[str, Any], bytes]] = {
    "CTR": (
        {"cipher": "aes-256-ctr", "layout": ["iv:16", "ciphertext"]},
        IV + blocks(modes.CTR(IV)),
    ),
    "ECB": (
        {"cipher": "aes-256-ecb", "layout": ["ciphertext"], "encoding": "hex"},
        blocks(modes.ECB()).hex().encode(),
    ),
    "CCM": (
        {"cipher": "aes-256-ccm", "layout": ["iv:12", "ciphertext", "tag:16"]},
        IV[:12] + AESCCM(KEY).encrypt(IV[:12], TEXT, b""),
    ),
    "CCM with a tag of 8 bytes": (
        {"cipher": "aes-256-ccm", "layout": ["iv:13", "ciphertext", "tag:8"]},
        IV[:13] + AESCCM(KEY, tag_length=8).encrypt(IV[:13], TEXT, b""),
    ),
    "3DES": (
        {"cipher": "des-ede3-cbc", "layout": ["iv:8", "ciphertext"]},
        IV[:8] + blocks(modes.CBC(IV[:8]), TripleDES(KEY[:24])),
    ),
    "an iv of zeros": (
        {"cipher": "aes-256-cbc", "layout": ["ciphertext"], "iv": "zero"},
        blocks(modes.CBC(bytes(16))),
    ),
    "a fixed iv as text": (
        {"cipher": "aes-256-cbc", "layout": ["ciphertext"], "iv": {"text": "1234567891011121"}},
        blocks(modes.CBC(b"1234567891011121")),
    ),
    "a fixed iv in hex": (
        {"cipher": "aes-256-gcm", "layout": ["ciphertext"], "iv": {"hex": IV[:12].hex()}},
        AESGCM(KEY).encrypt(IV[:12], TEXT, b""),
    ),
    "the key as iv": (
        {"cipher": "aes-256-cbc", "layout": ["ciphertext"], "iv": "key"},
        blocks(modes.CBC(KEY[:16])),
    ),
    "the key's hex as iv": (
        {"cipher": "aes-256-cbc", "layout": ["ciphertext"], "iv": "key-hex"},
        blocks(modes.CBC(KEY.hex()[:16].encode())),
    ),
    "an MD5 as iv": (
        {"cipher": "aes-256-cbc", "layout": ["ciphertext"], "iv": "md5"},
        blocks(modes.CBC(hashlib.md5(KEY).digest())),
    ),
    "a prefix": (
        {
            "cipher": "aes-256-cbc",
            "layout": ["iv", "ciphertext"],
            "encoding": "hex",
            "separator": ":",
            "prefix": "enc:v1:",
        },
        f"enc:v1:{IV.hex()}:{CBC.hex()}".encode(),
    ),
    "base64 in base64": (
        {"cipher": "aes-256-cbc", "layout": ["iv:16", "ciphertext:base64"], "encoding": "base64"},
        b64encode(IV + b64encode(CBC)),
    ),
    "base64::iv": (
        {
            "cipher": "aes-256-cbc",
            "layout": ["ciphertext:base64", "iv:16"],
            "encoding": "base64",
            "separator": "::",
        },
        b64encode(b64encode(CBC) + b"::" + IV),
    ),
    "iv::base64": (
        {
            "cipher": "aes-256-cbc",
            "layout": ["iv:16", "ciphertext:base64"],
            "encoding": "base64",
            "separator": "::",
        },
        b64encode(IV + b"::" + b64encode(CBC)),
    ),
    "hex, then base64": (
        {"cipher": "aes-256-cbc", "layout": ["iv:16:hex", "ciphertext:base64"]},
        IV.hex().encode() + b64encode(CBC),
    ),
    "base64, then hex, with a separator": (
        {"cipher": "aes-256-cbc", "layout": ["iv:base64", "ciphertext:hex"], "separator": "."},
        b64encode(IV) + b"." + CBC.hex().encode(),
    ),
    "PHP's manual": (
        {
            "cipher": "aes-256-cbc",
            "layout": ["iv:16", "mac:32", "ciphertext"],
            "encoding": "base64",
            "mac": {"over": ["ciphertext"]},
        },
        b64encode(IV + hmac.digest(KEY, CBC, "sha256") + CBC),
    ),
}


@pytest.mark.parametrize("name", DECLARED)
def test_a_declared_layout_opens(name):
    envelope, data = DECLARED[name]
    assert opened(envelope, data, KEY[:24] if "3DES" in name else KEY) == TEXT


def test_create_cipher_makes_key_and_iv_of_a_passphrase():
    longer = evp_bytes_to_key(b"a passphrase", size=48)
    data = blocks(modes.CBC(longer[32:]), algorithms.AES(longer[:32]))
    envelope = {"cipher": "aes-256-cbc", "layout": ["ciphertext"], "iv": "evp-md5"}
    assert opened(envelope, data, longer[:32], b"a passphrase") == TEXT


@pytest.mark.parametrize(
    ("message", "key", "nonce", "header", "sealed"),
    [
        (
            *("", "233952DEE4D5ED5F9B9C6D6FF80FF478", "62EC67F9C3A4A407FCB2A8C49031A8B3"),
            *("6BFB914FD07EAE6B", "E037830E8389F27B025A2D6527E79D01"),
        ),
        (
            *("F7FB", "91945D3F4DCBEE0BF45EF52255F095A4", "BECAF043B0A23D843194BA972C66DEBD"),
            *("FA3BFD4806EB53FA", "19DD5C4C9331049D0BDAB0277408F67967E5"),
        ),
    ],
)
def test_eax_opens_the_vectors_of_its_authors(message, key, nonce, header, sealed):
    """Bellare, Rogaway and Wagner, "The EAX Mode of Operation", appendix."""
    made = ENVELOPES.parse({"cipher": "aes-128-eax", "layout": ["iv:16", "ciphertext", "tag:16"]})
    material = Material(key=bytes.fromhex(key), text=b"")
    data = bytes.fromhex(nonce + sealed)
    opener = made.opener(material, "aes-128-eax")
    assert opener(data, bytes.fromhex(header)).hex().upper() == message
    for broken in (data[:-1] + bytes((data[-1] ^ 1,)), data[:16]):
        with pytest.raises((Closed, Misfit)):
            opener(broken, bytes.fromhex(header))


@pytest.mark.parametrize(
    ("envelope", "field", "reason"),
    [
        ({"cipher": "aes-256-ctr", "layout": ["ciphertext"]}, "layout", "iv is missing"),
        ({"cipher": "aes-256-ecb", "layout": ["iv:16", "ciphertext"]}, "layout", "takes no iv"),
        ({"cipher": "aes-256-ecb", "layout": ["ciphertext"], "iv": "zero"}, "iv", "takes none"),
        (
            {"cipher": "aes-256-cbc", "layout": ["iv:16", "ciphertext"], "iv": "zero"},
            *("iv", "`layout` has it already"),
        ),
        (
            {"cipher": "aes-256-cbc", "layout": ["ciphertext"], "iv": {"text": "short"}},
            *("iv", "takes a nonce of 16 bytes"),
        ),
        (
            {"cipher": "aes-256-gcm", "layout": ["ciphertext"], "iv": {"text": "short"}},
            *("iv", "takes a nonce of 8 to 128 bytes"),
        ),
        ({"cipher": "aes-256-cbc", "layout": ["ciphertext"], "iv": {}}, "iv", "as `text` or as"),
        (
            {"cipher": "aes-256-ctr", "layout": ["iv:16", "tag:16", "ciphertext"]},
            "layout",
            "no tag",
        ),
        ({"cipher": "des-ede3-cbc", "layout": ["iv:16", "ciphertext"]}, "layout", "of 8 bytes"),
        (
            {"cipher": "aes-256-ccm", "layout": ["iv:12", "tag:7", "ciphertext"]},
            *("layout", "a tag of 4, 6, 8"),
        ),
        (
            {
                "cipher": "aes-256-cbc",
                "layout": ["iv:raw", "ciphertext:raw"],
                "separator": "::",
                "encoding": "base64",
            },
            *("layout", "bytes may hold the separator"),
        ),
        (
            {"cipher": "aes-256-cbc", "layout": ["iv:16:base64url", "ciphertext:hex"]},
            *("layout", "no fixed length"),
        ),
        (
            {
                "cipher": "aes-256-gcm",
                "layout": ["iv", "ciphertext"],
                "separator": ":",
                "prefix": "v1:",
            },
            *("layout", "bytes may hold the separator"),
        ),
        (
            {
                "cipher": "aes-256-gcm",
                "layout": ["iv:12", "ciphertext"],
                "columns": {"tag": "tag"},
            },
            *("columns", "`layout: [ciphertext]`"),
        ),
        (
            {"cipher": "aes-256-gcm", "layout": ["ciphertext"], "columns": {"tag": "tag"}},
            *("columns", "iv is missing"),
        ),
    ],
)
def test_what_can_not_be_is_refused_with_the_reason(envelope, field, reason):
    found = list(ENVELOPES.parse(envelope).problems())
    assert any(name == field and reason in why for name, why in found), found


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a prefix", b"enc:v2:00:11", "does not begin with enc:v1:"),
        ("a prefix", b"enc:v1:0011", "does not have 2 parts"),
        ("a prefix", b"enc:v1:00:11:22", "does not have 2 parts"),
        ("base64 in base64", b"????", "is not base64"),
        ("base64 in base64", b64encode(IV + b"????"), "is not base64"),
        ("base64 in base64", b64encode(IV[:3]), "ends before its ciphertext"),
        ("base64::iv", b64encode(b64encode(CBC) + IV), "does not have 2 parts"),
        ("ECB", b"0011", "is not a multiple of 16 bytes long"),
        ("CTR", IV, "ends before its ciphertext"),
    ],
)
def test_a_text_of_another_form_is_refused_with_the_reason(name, data, reason):
    made = ENVELOPES.parse(DECLARED[name][0])
    misfit = made.misfit(data)
    assert misfit is not None
    assert reason in misfit.reason


@pytest.mark.parametrize(
    "derive",
    [
        Derivation(scrypt=Scrypt(salt="", cost=16)),
        Derivation(pbkdf2=Pbkdf2(salt="", iterations=10)),
        Derivation(hkdf=Hkdf()),
    ],
)
@pytest.mark.parametrize("beside", [False, True])
def test_each_row_may_have_a_salt_of_its_own(derive, beside):
    """In the text, or in another column of the row."""
    recipe = Recipe(cipher="aes-256-gcm", encoding="utf8", derive=derive)
    layout: dict[str, Any] = {"cipher": "aes-256-gcm", "layout": ["salt:16", "iv:12", "ciphertext"]}
    if beside:
        layout |= {"layout": ["ciphertext"], "columns": {"salt": "salt", "iv": "iv"}}
    opener = credentials.opener(key=recipe, text="a passphrase", envelope=layout)
    for _ in range(2):
        salt, nonce = os.urandom(16), os.urandom(12)
        match derive.name:
            case "scrypt":
                key = hashlib.scrypt(b"a passphrase", salt=salt, n=16, r=8, p=1, dklen=32)
            case "pbkdf2":
                key = hashlib.pbkdf2_hmac("sha256", b"a passphrase", salt, 10, 32)
            case _:
                step = hmac.digest(salt, b"a passphrase", "sha256")
                key = hmac.digest(step, b"\1", "sha256")
        sealed = AESGCM(key).encrypt(nonce, TEXT, b"")
        if beside:
            assert opener.open(sealed, row={"salt": salt, "iv": nonce}) == TEXT
        else:
            assert opener.open(salt + nonce + sealed) == TEXT


def test_a_key_that_takes_no_salt_opens_nothing_with_one():
    made = ENVELOPES.parse({"cipher": "aes-256-gcm", "layout": ["salt:8", "iv:12", "ciphertext"]})
    for derive in ("sha256", Derivation(fit=Fit())):
        recipe = Recipe(cipher="aes-256-gcm", encoding="utf8", derive=derive)
        assert not made.derives_with(recipe)
        material = made.material_of(recipe, "a passphrase")
        assert isinstance(material, Material)
        with pytest.raises(Closed):
            made.opener(material, "aes-256-gcm")(bytes(60), b"")
    unread = made.material_of(Recipe(cipher="aes-256-gcm", encoding="hex"), "no hex")
    assert isinstance(unread, DerivingProblem)


@pytest.mark.parametrize("encoding", ["hex", "base64", "raw"])
def test_iv_and_tag_may_stand_in_other_columns(encoding):
    write = {"hex": lambda b: b.hex(), "base64": lambda b: b64encode(b).decode(), "raw": bytes}
    envelope = {
        "cipher": "aes-256-gcm",
        "layout": ["ciphertext"],
        "encoding": encoding,
        "columns": {"iv": "secret_iv", "tag": "secret_tag"},
    }
    recipe = Recipe(cipher="aes-256-gcm", encoding="hex")
    opener = credentials.opener(key=recipe, text=KEY.hex(), envelope=envelope)
    made = AESGCM(KEY).encrypt(IV[:12], TEXT, b"")
    parts = {"secret_iv": IV[:12], "secret_tag": made[-16:]}
    row = {name: write[encoding](part) for name, part in parts.items()}
    assert opener.open(write[encoding](made[:-16]), row=row) == TEXT
    with pytest.raises(credentials.CredentialError, match="lacks secret_tag"):
        opener.open(write[encoding](made[:-16]), row={"secret_iv": row["secret_iv"]})
    with pytest.raises(credentials.FormatFault):
        opener.open(write[encoding](made[:-16]), row={**row, "secret_iv": None})
