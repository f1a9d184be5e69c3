"""Modes, ivs and nestings that a spec doesn't declare are named, and their remedies work."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
import yaml
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESCCM, AESGCM
from tests.crypto.autopsy.sealed import KEY, PLAIN, TEXT
from tests.crypto.envelopes.produced import vectors

from assay.crypto.autopsy import Case, Cause, Confidence, Examiner, autopsy
from assay.crypto.deriving import evp_bytes_to_key
from assay.crypto.envelopes import ENVELOPES
from assay.crypto.recipes import Recipe
from assay.kinds.credential.words import violation_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CBC_HEX = {"cipher": "aes-256-cbc", "layout": ["iv:16", "ciphertext"], "encoding": "hex"}
CBC64 = {**CBC_HEX, "encoding": "base64"}
CBC = {"cipher": "aes-256-cbc", "encoding": "hex"}
GCM = {"cipher": "aes-256-gcm", "encoding": "hex"}
LIKELY, PROVEN = Confidence.LIKELY, Confidence.PROVEN


def block(mode: modes.Mode, plain: bytes = PLAIN, key: bytes = KEY, algorithm: Any = None) -> bytes:
    """What a mode of AES or 3DES makes of a text."""
    algorithm = algorithm or algorithms.AES(key)
    size = algorithm.block_size // 8
    if not isinstance(mode, modes.CTR):
        plain += bytes((size - len(plain) % size,)) * (size - len(plain) % size)
    made: Any = Cipher(algorithm, mode).encryptor()  # type: ignore[misc]
    return bytes(made.update(plain) + made.finalize())


def b64(data: bytes) -> bytes:
    return base64.b64encode(data)


def hexed(*parts: bytes) -> bytes:
    return b":".join(part.hex().encode() for part in parts)


IV = os.urandom(16)


def ccm() -> bytes:
    nonce = os.urandom(12)
    made = AESCCM(KEY).encrypt(nonce, PLAIN, b"")
    return b64(nonce + made)


def php_gcm() -> bytes:
    nonce = os.urandom(12)
    made = AESGCM(KEY).encrypt(nonce, PLAIN, b"")
    return b64(nonce + made[-16:] + b64(made[:-16]))


def php_manual() -> bytes:
    body = block(modes.CBC(IV))
    return b64(IV + hmac.digest(KEY, body, "sha256") + body)


def created() -> bytes:
    longer = evp_bytes_to_key(TEXT.encode(), size=48)
    return block(modes.CBC(longer[32:]), key=longer[:32]).hex().encode()


FOUND: dict[str, tuple[Callable[[], bytes], Any, dict[str, str], str, Confidence, str]] = {
    "CTR": (
        lambda: hexed(IV, block(modes.CTR(IV))),
        *("node-cbc-hex", CBC, "wrong-cipher", LIKELY, "aes-256-ctr"),
    ),
    "CTR for GCM": (
        lambda: hexed(IV, block(modes.CTR(IV))),
        *("node-gcm-hex", GCM, "wrong-cipher", LIKELY, "aes-256-ctr"),
    ),
    "CTR with an iv of zeros": (
        lambda: block(modes.CTR(bytes(16))).hex().encode(),
        *("node-cbc-hex", CBC, "wrong-cipher", LIKELY, "zeros as its iv"),
    ),
    "ECB": (
        lambda: block(modes.ECB()).hex().encode(),
        *("node-cbc-hex", CBC, "wrong-cipher", LIKELY, "aes-256-ecb"),
    ),
    "CCM": (ccm, CBC64, CBC, "wrong-cipher", PROVEN, "aes-256-ccm"),
    "3DES": (
        lambda: hexed(IV[:8], block(modes.CBC(IV[:8]), algorithm=TripleDES(KEY[:24]))),
        *("node-cbc-hex", CBC, "wrong-cipher", LIKELY, "des-ede3-cbc"),
    ),
    "3DES without an iv": (
        lambda: b64(block(modes.CBC(bytes(8)), algorithm=TripleDES(KEY[:24]))),
        *(CBC64, CBC, "wrong-cipher", LIKELY, "des-ede3-cbc"),
    ),
    "an iv of zeros": (
        lambda: block(modes.CBC(bytes(16))).hex().encode(),
        *(CBC_HEX, CBC, "wrong-layout", LIKELY, "the first 16 bytes of each credential"),
    ),
    "an iv of zeros, any form declared": (
        lambda: b64(block(modes.CBC(bytes(16)))),
        *("node-cbc", CBC, "wrong-layout", LIKELY, "the first 16 bytes of each credential"),
    ),
    "an iv of zeros, separated parts declared": (
        lambda: block(modes.CBC(bytes(16))).hex().encode(),
        *("node-cbc-hex", CBC, "wrong-layout", LIKELY, "zeros as its iv"),
    ),
    "the iv of the key": (
        lambda: b64(block(modes.CBC(KEY[:16]))),
        *(CBC64, CBC, "wrong-layout", LIKELY, "the first bytes of the key"),
    ),
    "the iv of the key's hex": (
        lambda: b64(block(modes.CBC(TEXT[:16].encode()))),
        *(CBC64, CBC, "wrong-layout", LIKELY, "the key in hex as its iv"),
    ),
    "the iv of an MD5": (
        lambda: b64(block(modes.CBC(hashlib.md5(KEY).digest()))),
        *(CBC64, CBC, "wrong-layout", LIKELY, "MD5"),
    ),
    "createCipher": (created, CBC_HEX, CBC, "wrong-layout", LIKELY, "EVP_BytesToKey"),
    "PHP, iv and base64": (
        lambda: b64(IV + b64(block(modes.CBC(IV)))),
        *(CBC64, CBC, "wrong-layout", LIKELY, "ciphertext in base64, all in base64"),
    ),
    "PHP, base64::iv": (
        lambda: b64(b64(block(modes.CBC(IV))) + b"::" + IV),
        *(CBC64, CBC, "wrong-layout", LIKELY, "with :: between them"),
    ),
    "PHP, GCM": (php_gcm, "node-gcm-base64", GCM, "wrong-layout", PROVEN, "all in base64"),
    "PHP's manual": (php_manual, CBC64, CBC, "wrong-layout", LIKELY, "mac"),
    "Fernet": (
        lambda: Fernet(base64.urlsafe_b64encode(KEY)).encrypt(PLAIN),
        *("node-gcm-hex", {"cipher": "aes-256-gcm", "encoding": "base64url"}),
        *("wrong-envelope", PROVEN, "a Fernet token"),
    ),
}


def declared(envelope: Any, recipe: dict[str, Any], **more: Any) -> Case:
    """A case of which the variable holds the key as its recipe reads it."""
    text = base64.urlsafe_b64encode(KEY).decode() if recipe["encoding"] == "base64url" else TEXT
    return Case(
        envelope=ENVELOPES.parse(envelope),
        recipe=msgspec.convert(recipe, Recipe),
        variable="APP_KEY",
        text=text,
        identity=("id",),
        **more,
    )


def followed(cause: Cause, envelope: Any, recipe: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """The envelope and the recipe of a spec whose author does what the remedy says."""
    values = cause.filled
    remedy = violation_of(cause, **ABOUT).remedy
    spec = values.get("spec") or values.get("name")
    if spec:
        assert f"`{spec}`" in remedy
        envelope = yaml.safe_load(spec)
    if "fields" in values:
        assert f"`{values['fields']}`" in remedy
        recipe = {**recipe, **yaml.safe_load(f"{{{values['fields']}}}")}
    elif f"cipher of app in the spec to `{values.get('cipher')}`" in remedy:
        recipe = {**recipe, "cipher": values["cipher"]}
    elif cause.code == "wrong-cipher":
        assert f"cipher of app in the spec to `{values['found']}`" in remedy
        recipe = {**recipe, "cipher": values["found"]}
    return envelope, recipe


ABOUT = {
    "column": "secret",
    "rows": "row 1",
    "key": "app",
    "variable": "APP_KEY",
    "environment": "production",
}


def spec_of(envelope: Any, recipe: dict[str, Any]) -> str:
    """A spec that declares one column."""
    made = {
        "variables": {"APP_KEY": {"secret": True}, "DATABASE_URL": {"secret": True}},
        "databases": {"main": {"sql": {"url": "DATABASE_URL"}}},
        "tables": {
            "t": {"columns": {"id": {"type": "integer", "primary-key": True}, "secret": {}}}
        },
        "keys": {"app": {"variable": "APP_KEY", **recipe}},
        "credentials": {
            "c": {"table": "t", "key": "app", "columns": {"secret": {"envelope": envelope}}}
        },
    }
    return yaml.safe_dump(made)


@pytest.mark.parametrize("name", FOUND)
@pytest.mark.usefixtures("quick_keys")
def test_a_mode_is_named_and_its_remedy_opens_the_row(name, project):
    """Applied to the letter, the remedy gives a spec that lints and that opens the row."""
    stored, envelope, recipe, code, sure, told = FOUND[name]
    text = stored()
    causes = autopsy(declared(envelope, recipe), text)
    found = next(cause for cause in causes if cause.code == code)
    violation = violation_of(found, **ABOUT)
    assert (found.code, found.confidence) == (code, sure), found
    assert told in " ".join((violation.message, *found.evidence)), violation.message
    envelope, recipe = followed(found, envelope, recipe)
    project.spec(spec_of(envelope, recipe))
    ran = project.run("lint")
    assert ran.code == 0, ran.said
    assert autopsy(declared(envelope, recipe), text) == ()


@pytest.mark.usefixtures("quick_keys")
def test_rows_without_an_iv_are_noticed_in_a_column_that_seems_to_open():
    """The declared type may be any text: read with the wrong iv, each row opens to its end."""
    rows = [block(modes.CBC(bytes(16)), PLAIN + str(at).encode()).hex() for at in range(200)]
    examiner = Examiner(declared(CBC_HEX, CBC), "secret")
    examiner.add(rows, [(str(at),) for at in range(200)])
    census = examiner.census()
    assert census.opened == 0
    (cluster,) = census.clusters
    assert (cluster.cause.code, cluster.count) == ("wrong-layout", 200)


@pytest.mark.usefixtures("quick_keys")
def test_rows_with_an_iv_of_their_own_are_healthy():
    """A random iv reads as text once in millions."""
    rows = []
    for at in range(200):
        iv = os.urandom(16)
        rows.append((iv + block(modes.CBC(iv), PLAIN + str(at).encode())).hex())
    examiner = Examiner(declared(CBC_HEX, CBC), "secret")
    examiner.add(rows, [(str(at),) for at in range(200)])
    assert examiner.census().opened == 200


@pytest.mark.usefixtures("quick_keys")
def test_noise_in_a_stream_without_a_tag_is_not_the_column_s():
    """What opens some rows without a tag opens no others to noise."""
    rows = [hexed(IV, block(modes.CTR(IV))), hexed(IV, os.urandom(40))]
    examiner = Examiner(declared("node-gcm-hex", GCM), "secret")
    examiner.add(rows, [("1",), ("2",)])
    census = examiner.census()
    codes = {cluster.cause.code.value: cluster.count for cluster in census.clusters}
    assert codes["wrong-cipher"] == 1


@pytest.mark.usefixtures("quick_keys")
def test_short_texts_of_a_declared_stream_are_healthy():
    """Without padding, nothing but the text itself shows that it opened."""
    ctr = {"cipher": "aes-256-ctr", "layout": ["iv:16", "ciphertext"], "encoding": "hex"}
    rows = [(IV + block(modes.CTR(IV), text)).hex() for text in (b"174379", b"passkey")]
    examiner = Examiner(declared(ctr, {**CBC, "cipher": "aes-256-ctr"}), "secret")
    examiner.add(rows, [("1",), ("2",)])
    assert examiner.census().opened == 2


@pytest.mark.usefixtures("quick_keys")
def test_a_label_that_the_vault_does_not_know_is_named_with_the_remedy():
    """Cloak picks its key by the label, and refuses a text that names another."""
    nonce = os.urandom(12)
    made = AESGCM(KEY).encrypt(nonce, PLAIN, b"AES256GCM")
    text = b"\1\x0aAES.GCM.V2" + nonce + made[-16:] + made[:-16]
    envelope = {"format": "elixir-cloak", "label": "AES.GCM.V1"}
    (found,) = autopsy(declared(envelope, GCM), text)
    assert (found.code, found.confidence) == ("wrong-layout", PROVEN)
    assert "the label AES.GCM.V2, not as" in violation_of(found, **ABOUT).message
    envelope, recipe = followed(found, envelope, GCM)
    assert envelope == {"format": "elixir-cloak", "label": "AES.GCM.V2"}
    assert autopsy(declared(envelope, recipe), text) == ()


KEY64 = base64.urlsafe_b64encode(KEY).decode()
TOKEN = Fernet(KEY64).encrypt(PLAIN)


@pytest.mark.parametrize(
    "key", [KEY64, KEY64 + "=", KEY64.replace("-", "+").replace("_", "/"), KEY64.rstrip("=")]
)
@pytest.mark.usefixtures("quick_keys")
def test_a_key_of_fernet_is_read_as_strictly_as_python_does(key):
    recipe = Recipe(cipher="fernet", encoding="base64url")
    case = Case(envelope=ENVELOPES.parse("fernet"), recipe=recipe, variable="APP_KEY", text=key)
    try:
        Fernet(key)
    except ValueError:
        (found,) = autopsy(case, TOKEN)
        assert (found.code, found.confidence) == ("key-misread", PROVEN)
        assert "with the = that it lacks at its end" in violation_of(found, **ABOUT).message
    else:
        assert autopsy(case, TOKEN) == ()


@pytest.mark.parametrize(
    "token",
    [
        *(TOKEN, TOKEN + b"=", TOKEN + b"\n", TOKEN[:40] + b"\n" + TOKEN[40:], TOKEN.rstrip(b"=")),
        TOKEN.replace(b"-", b"+").replace(b"_", b"/"),
    ],
)
@pytest.mark.usefixtures("quick_keys")
def test_a_token_is_read_as_strictly_as_python_does(token):
    recipe = Recipe(cipher="fernet", encoding="base64url")
    case = Case(envelope=ENVELOPES.parse("fernet"), recipe=recipe, variable="APP_KEY", text=KEY64)
    try:
        Fernet(KEY64).decrypt(token)
    except InvalidToken:
        (found,) = autopsy(case, token)
        assert (found.code, found.confidence) == ("wrapped", PROVEN)
    else:
        assert autopsy(case, token) == ()


@pytest.mark.usefixtures("quick_keys")
def test_an_envelope_that_no_key_opens_is_declared_with_the_fields_of_its_key(project):
    """The spec that the remedy asks for is one that lints."""
    token = Fernet(Fernet.generate_key()).encrypt(PLAIN)
    (found,) = autopsy(declared("node-gcm-hex", GCM), token)
    assert (found.code, found.confidence) == ("wrong-envelope", LIKELY)
    envelope, recipe = followed(found, "node-gcm-hex", GCM)
    assert (envelope, recipe) == ("fernet", {"cipher": "fernet", "encoding": "base64url"})
    project.spec(spec_of(envelope, recipe))
    ran = project.run("lint")
    assert ran.code == 0, ran.said


@pytest.mark.parametrize(
    ("name", "spoil", "form"),
    [
        ("cloak", lambda t: t.replace("-", "+").replace("_", "/"), "in the other alphabet"),
        ("cryptojs", lambda t: t.replace("+", "-").replace("/", "_"), "in the other alphabet"),
        ("cryptojs", lambda t: f" {t}", "white space around it"),
        ("cryptojs", lambda t: f"{t[:20]}\n{t[20:]}", "broken up by white space"),
    ],
)
@pytest.mark.usefixtures("quick_keys")
def test_a_text_that_its_library_refuses_is_not_healthy(name, spoil, form):
    """Node's cloak and CryptoJS take one alphabet of base64, and CryptoJS no white space."""
    case, text = next(readable(name, spoil))
    assert autopsy(case, text) == ()
    (found,) = autopsy(case, spoil(text))
    assert found.code == "wrapped"
    assert form in violation_of(found, **ABOUT).message


def readable(name: str, spoil: Callable[[str], str]) -> Iterator[tuple[Case, str]]:
    """What the real library wrote and its key opens, if the change changes anything."""
    for one in vectors():
        text = one.stored.decode(errors="replace")
        if one.envelope.tag() == name and spoil(text) != text and len(one.plaintext) > 60:
            yield (
                Case(
                    envelope=one.envelope,
                    recipe=one.recipe,
                    variable="APP_KEY",
                    text=one.secret,
                ),
                text,
            )
