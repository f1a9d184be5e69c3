"""Each fault that is known from real deployments, done on purpose: its own cause is told."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from msgspec.structs import replace
from tests.crypto.autopsy.sealed import KEY, LAYOUTS, PLAIN, TEXT, Parts, Written, case, sealed
from tests.peers import program

from assay.crypto.autopsy import CauseCode, Confidence, autopsy
from assay.crypto.recipes import Derivation, Pbkdf2, Recipe, Scrypt
from assay.kinds.credential.rules import BY_CAUSE
from assay.kinds.credential.words import violation_of
from assay.spec.yaml_text import read_yaml

if TYPE_CHECKING:
    from collections.abc import Callable

OTHER = bytes(range(100, 132))
RAW, HEX = LAYOUTS["joined"], LAYOUTS["hex"]
CBC = Written("node-cbc-hex", RAW.write, "aes-256-cbc")
FERNET = Written("fernet", RAW.write, "fernet")
PROVED, LIKELY, CANNOT_TELL = Confidence.PROVEN, Confidence.LIKELY, Confidence.UNCERTAIN
POPULATION = {
    "rows": "row 3",
    "column": "consumer_secret",
    "key": "mpesa",
    "variable": "APP_KEY",
    "environment": "production",
}


def raw(key=KEY, plain=PLAIN, *, aad=b"", cipher="aes-256-gcm"):
    return RAW.write(sealed(plain, key, aad=aad, cipher=cipher))


def cbc(key=KEY, plain=PLAIN):
    nonce = hashlib.sha256(plain).digest()[
        :16
    ]  # what a damaged block becomes is the same each time
    padder = padding.PKCS7(128).padder()
    padded = padder.update(plain) + padder.finalize()
    made = Cipher(algorithms.AES(key), modes.CBC(nonce)).encryptor()
    return nonce, made.update(padded) + made.finalize()


def cbc_hex(nonce, body):
    return f"{nonce.hex()}:{body.hex()}"


def fernet(key=KEY, plain=PLAIN):
    return Fernet(base64.urlsafe_b64encode(key)).encrypt(plain)


def sha256(text):
    return hashlib.sha256(text.encode()).digest()


def node(code, *given):
    """What a program in Node prints."""
    done = subprocess.run([program("node"), "-e", code, *given], capture_output=True, check=True)
    return done.stdout


@dataclass(frozen=True)
class Fault:
    stored: Callable[[], Any]
    code: str
    confidence: Confidence = PROVED
    written: Written = RAW
    changes: dict[str, Any] = field(default_factory=dict)
    aad: bytes = b""
    told: str = ""
    """What the message says, in part."""


def gcm(encoding: str, **more: Any) -> dict[str, Any]:
    return {"recipe": Recipe(cipher="aes-256-gcm", encoding=encoding, **more)}  # type: ignore[arg-type]


BASE64 = base64.b64encode(KEY).decode()
PHRASE = "correct horse battery staple yes"
SEALED_SLOWLY = hashlib.scrypt(PHRASE.encode(), salt=b"salt", n=16384, r=8, p=1, dklen=32)
ROUNDS = hashlib.pbkdf2_hmac("sha1", PHRASE.encode(), b"salt", 1000, 32)

OTHERWISE, LITERAL = "key-misread", "unset-key"
KEYS = {
    "read as text": Fault(
        lambda: raw(TEXT[:32].encode()), OTHERWISE, changes={"text": TEXT[:32], **gcm("base64")},
        told="APP_KEY is read as base64, but the ciphertext needs it used as text, not decoded",
    ),
    "read as hex": Fault(
        raw, OTHERWISE, changes=gcm("utf8", derive="sha256"), told="needs it read as hex"
    ),
    "read as base64": Fault(
        raw, OTHERWISE, changes={"text": BASE64, **gcm("utf8")}, told="read as base64"
    ),
    "lenient hex": Fault(
        raw, OTHERWISE, changes={"text": TEXT + "\n", **gcm("hex")},
    ),
    "with a line end": Fault(
        lambda: raw(sha256(f"{PHRASE}\n")), OTHERWISE,
        changes={"text": PHRASE, **gcm("utf8", derive="sha256")}, told="a newline after it",
    ),
    "without the line end": Fault(
        lambda: raw(sha256(PHRASE)), OTHERWISE,
        changes={"text": f"{PHRASE}\n", **gcm("utf8", derive="sha256")},
        told="without the newline after it",
    ),
    "in quotes": Fault(
        lambda: raw(sha256(f'"{PHRASE}"')), OTHERWISE,
        changes={"text": PHRASE, **gcm("utf8", derive="sha256")}, told="in double quotes",
    ),
    "without the quotes": Fault(
        lambda: raw(sha256(PHRASE)), OTHERWISE,
        changes={"text": f"'{PHRASE}'", **gcm("utf8", derive="sha256")},
        told="without the quotes around it",
    ),
    "without the prefix": Fault(
        raw, OTHERWISE, changes={"text": f"base64:{BASE64}", **gcm("base64")},
        told="prefix",
    ),
    "first 32 characters": Fault(lambda: raw(TEXT[:32].encode()), OTHERWISE, told="cut to 32"),
    "padded": Fault(
        lambda: raw(b"short".ljust(32, b"0")), OTHERWISE, changes={"text": "short", **gcm("utf8")},
        told="padded to 32 characters with 0",
    ),
    "sha256 of the text": Fault(lambda: raw(sha256(TEXT)), OTHERWISE, told="SHA-256"),
    "sha256 of the bytes": Fault(
        lambda: raw(hashlib.sha256(KEY).digest()), OTHERWISE, told="it hashed with SHA-256"
    ),
    "digits of sha256": Fault(
        lambda: raw(hashlib.sha256(TEXT.encode()).hexdigest()[:32].encode()), OTHERWISE,
        told="first hex digits",
    ),
    "digits of md5": Fault(
        lambda: raw(hashlib.md5(TEXT.encode()).hexdigest().encode()), OTHERWISE, told="MD5"
    ),
    "hex taken for base64": Fault(
        lambda: raw(base64.b64decode(TEXT)[:32]), OTHERWISE, told="read as base64 and cut"
    ),
    "scrypt": Fault(
        lambda: raw(SEALED_SLOWLY), OTHERWISE, changes={"text": PHRASE, **gcm("utf8")},
        told="scrypt",
    ),
    "pbkdf2": Fault(
        lambda: raw(ROUNDS), OTHERWISE, changes={"text": PHRASE, **gcm("utf8")}, told="PBKDF2",
    ),
    "declared salt": Fault(
        lambda: raw(hashlib.scrypt(PHRASE.encode(), salt=b"pepper", n=16384, r=8, p=1, dklen=32)),
        OTHERWISE, changes={"text": PHRASE, **gcm("utf8"), "salts": {"S": "pepper"}},
        told="the declared salt",
    ),
    "undefined": Fault(lambda: raw(sha256("undefined")), LITERAL, told='the text "undefined"'),
    "null, padded": Fault(lambda: raw(b"null".ljust(32, b"\0")), LITERAL, told='the text "null"'),
    "object": Fault(lambda: raw(sha256("[object Object]")), LITERAL, told="[object Object]"),
    "empty": Fault(lambda: raw(sha256("")), LITERAL, told="an empty text"),
    "zero key": Fault(lambda: raw(bytes(32)), LITERAL, told="a key of zero bytes"),
    "previous": Fault(
        lambda: raw(OTHER), "previous-key",
        changes={"previous": {"APP_KEY_OLD": OTHER.hex()}}, told="APP_KEY_OLD, an earlier key",
    ),
    "previous, as base64": Fault(
        lambda: raw(OTHER), "previous-key",
        changes={"previous": {"APP_KEY_OLD": base64.b64encode(OTHER).decode()}},
        told="APP_KEY_OLD, an earlier key, read as base64",
    ),
    "suspect": Fault(
        lambda: raw(OTHER), "wrong-key",
        changes={"suspects": {"STAGING_KEY": OTHER.hex()}}, told="STAGING_KEY",
    ),
    "unknown": Fault(lambda: raw(OTHER), "key-unknown", CANNOT_TELL),
    "no key": Fault(
        lambda: raw(OTHER), "key-unusable", changes={"text": TEXT[:-1]},
        told="it is not hex",
    ),
}  # fmt: skip

FORMS = {
    "order": Fault(
        lambda: LAYOUTS["joined, tag first"].write(sealed()), "wrong-layout",
        told="written as nonce, tag, ciphertext, not as nonce, ciphertext, tag",
    ),
    "encoding": Fault(
        lambda: LAYOUTS["base64"].write(sealed()), "wrong-layout", written=HEX,
        told="in base64 with : between them",
    ),
    "longer nonce": Fault(
        lambda: raw_with(bytes(range(16))), "wrong-layout", told="nonce of 16 bytes"
    ),
    "shorter tag": Fault(
        lambda: short_tag(12), "wrong-layout", told="tag of 12 bytes"
    ),
    "other cipher": Fault(
        lambda: raw(cipher="chacha20-poly1305"), "wrong-cipher",
        told="encrypted with chacha20-poly1305, but the spec says aes-256-gcm",
    ),
    "cbc": Fault(
        lambda: b"".join(cbc()), "wrong-cipher", LIKELY, told="encrypted with aes-256-cbc"
    ),
    "fernet": Fault(fernet, "wrong-envelope", written=HEX, told="the ciphertext is intact"),
    "a fernet of another": Fault(
        lambda: fernet(OTHER), "wrong-envelope", LIKELY, written=HEX,
        told="no available key decrypts it in either form",
    ),
    "vault": Fault(
        lambda: "vault:v1:" + base64.b64encode(os.urandom(60)).decode(), "remote",
        LIKELY, written=HEX, told="can't be decrypted here",
    ),
    "not sealed": Fault(
        lambda: "my consumer secret, in the clear", "not-encrypted", LIKELY, written=HEX
    ),
    "not sealed, by its type": Fault(
        lambda: "a1b2c3d4e5f6a7b8c9d0", "not-encrypted", LIKELY, written=HEX,
        changes={"fits": lambda plain: len(plain) == 20 and plain.isalnum() and plain.isascii()},
    ),
    "empty": Fault(lambda: "", "empty"),
    "blank": Fault(lambda: b" \n", "empty"),
    "undefined": Fault(lambda: "undefined", "placeholder", told='the text "undefined"'),
    "object": Fault(lambda: b"[object Object]", "placeholder"),
    "memory": Fault(lambda: "<memory at 0x7f3a2c1d0e80>", "placeholder"),
    "too large": Fault(lambda: bytes(2**20 + 1), "too-large"),
    "wrong type": Fault(
        raw, "wrong-plaintext",
        changes={"fits": bytes.isdigit, "expected": "a number"}, told="is not a number",
    ),
    "sealed twice": Fault(
        lambda: raw(plain=raw()), "encrypted-twice", changes={"fits": bytes.isascii}
    ),
    "bound": Fault(
        lambda: raw(aad=b"9"), "wrong-aad", told="encrypted with tenant_id as additional"
    ),
    "bound to both": Fault(lambda: raw(aad=b"9:3"), "wrong-aad"),
    "not bound": Fault(
        raw, "wrong-aad", aad=b"9", told="without additional authenticated data"
    ),
}  # fmt: skip


def raw_with(nonce):
    return RAW.write(sealed(nonce=nonce))


def short_tag(size):
    parts = sealed()
    return LAYOUTS["joined, tag first"].write(Parts(parts.nonce, parts.body, parts.tag[:size]))


def without(data, first, last=None):
    return data[:first] + data[first + 1 if last is None else last :]


def put(data, at, more):
    return data[:at] + more + data[at:]


def changed(data, *places):
    return bytes(byte ^ 129 if at in places else byte for at, byte in enumerate(data))


LOST, TRUNCATED = "bytes-lost", "truncated"
DAMAGE = {
    "tag": Fault(lambda: changed(raw(), -1 + len(raw())), "tag-damaged"),
    "a byte": Fault(lambda: changed(raw(), 40), "bytes-changed", told="at byte 29"),
    "far bytes": Fault(lambda: changed(raw(), 30, 50), "bytes-changed", LIKELY),
    "nonce": Fault(lambda: changed(raw(), 5), "bytes-changed", told="in its nonce"),
    "lost": Fault(lambda: without(raw(), 30), LOST, told="1 byte missing at byte 19"),
    "two lost": Fault(lambda: without(raw(), 30, 32), LOST, LIKELY, told="2 bytes missing"),
    "lost in the nonce": Fault(lambda: without(raw(), 3), LOST, told="in its nonce"),
    "lost in the tag": Fault(lambda: without(raw(), -9), LOST, told="in its tag"),
    "three added": Fault(
        lambda: put(raw(), 40, b"abc"), "bytes-added", LIKELY, told="3 bytes too many"
    ),
    "added": Fault(lambda: raw() + b"!!", "bytes-added", told="2 bytes too many"),
    "cut in its tag": Fault(lambda: raw()[:-7], TRUNCATED, told="within its tag"),
    "cut before its tag": Fault(lambda: raw()[:-20], TRUNCATED, LIKELY, told="before its tag"),
    "nearly nothing": Fault(lambda: raw()[:9], TRUNCATED, LIKELY),
    "cut Buffer": Fault(
        lambda: json.dumps({"type": "Buffer", "data": list(raw())}, separators=(",", ":"))[:150],
        TRUNCATED,
    ),
    "digit lost": Fault(
        lambda: without(HEX.write(sealed()), 100), LOST, written=HEX, told="1 character missing"
    ),
    "not a digit": Fault(
        lambda: put(without(HEX.write(sealed()), 90), 90, b"?"), "bytes-changed",
        written=HEX, told="at character 91",
    ),
    "no digits": Fault(
        lambda: put(HEX.write(sealed()), 90, b"??"), "malformed", CANNOT_TELL,
        written=HEX, told="not Node's AES-GCM in hex: it is not hex",
    ),
    "text": Fault(lambda: raw().decode(errors="replace"), "utf8-damaged"),
    "text in a Buffer": Fault(
        lambda: json.dumps(
            {"type": "Buffer", "data": list(raw().decode(errors="replace").encode())}
        ),
        "utf8-damaged",
    ),
}  # fmt: skip


def unopened_cbc():
    """Sealed with another key, whose padding no key at hand happens to find in order."""
    while True:
        stored = cbc_hex(*cbc(OTHER))
        if autopsy(case(CBC), stored)[0].code == "key-unknown":
            return stored


BLOCKS = {
    "sha256": Fault(
        lambda: cbc_hex(*cbc(sha256(TEXT))), OTHERWISE, LIKELY, CBC, told="hashed with SHA-256"
    ),
    "unknown": Fault(unopened_cbc, "key-unknown", CANNOT_TELL, CBC),
    "buffer": Fault(
        lambda: json.dumps({"type": "Buffer", "data": list(cbc_hex(*cbc()).encode())}),
        "json-buffer", LIKELY, CBC,
    ),
    "cut": Fault(lambda: cbc_hex(*cbc())[:-6], TRUNCATED, LIKELY, CBC),
    "cut by a block": Fault(lambda: cbc_hex(*cbc())[:-32], TRUNCATED, LIKELY, CBC),
    "a block": Fault(
        lambda: damaged_cbc(lambda body: changed(body, len(body) - 20)),
        "bytes-changed", LIKELY, CBC,
    ),
    "lost": Fault(lambda: damaged_cbc(lambda body: without(body, 40)), LOST, LIKELY, CBC),
}  # fmt: skip


def damaged_cbc(damage):
    nonce, body = cbc()
    return cbc_hex(nonce, damage(body))


FAULTS = {
    f"{group} {name}": fault
    for group, faults in (("key", KEYS), ("form", FORMS), ("damage", DAMAGE), ("cbc", BLOCKS))
    for name, fault in faults.items()
}


def message(cause):
    """What a person reads, filled in as whoever knows the rows does."""
    violation = violation_of(cause, **POPULATION)
    return violation.message, violation.remedy


@pytest.mark.parametrize(
    "fault",
    [pytest.param(one, id=name) for name, one in FAULTS.items()],
)
def test_a_fault_is_told_by_its_own_name(fault):
    asked = case(fault.written, **fault.changes)
    found = autopsy(asked, fault.stored(), fault.aad, ("9", "3"))
    assert found, "it opens"
    first = found[0]
    said, remedy = message(first)
    assert (first.code, first.confidence) == (fault.code, fault.confidence), first
    assert fault.told in said + " ".join(first.evidence)
    assert not re.search(r"\{[a-z_]+\}", said + remedy)
    assert remedy.endswith((".", "'"))


def test_a_good_text_needs_no_explanation():
    for written in LAYOUTS.values():
        stored = written.write(sealed(cipher=written.cipher))
        assert autopsy(case(written), stored) == ()
    assert autopsy(case(CBC), cbc_hex(*cbc())) == ()
    assert autopsy(case(FERNET), fernet()) == ()


def test_what_node_makes_of_a_buffer_is_undone():
    parts = sealed()
    stored = RAW.write(parts)
    made = node(
        "const b = Buffer.from(process.argv[1], 'hex');"
        "console.log(JSON.stringify([b, new Uint8Array(b), [...b]].map((v) => JSON.stringify(v))"
        ".concat([b.toString(), b.toString('latin1'), String(b), b.toString('base64url')])));",
        stored.hex(),
    )
    *buffers, text, latin1, string, encoded = json.loads(made)
    codes = [
        [one.code for one in autopsy(case(RAW), way)]
        for way in (*buffers, text, string, latin1, encoded)
    ]
    assert codes == [
        *[["json-buffer"]] * 3,
        *[["utf8-damaged"]] * 2,
        *[["wrapped"]] * 2,
    ]
    in_bytea = "\\x" + buffers[0].encode().hex()
    assert [one.code for one in autopsy(case(RAW), in_bytea)] == ["json-buffer"]


def test_a_layout_is_told_as_a_spec_declares_it():
    stored = LAYOUTS["base64"].write(sealed())
    (found,) = autopsy(case(HEX), stored)
    declared = read_yaml(found.filled["spec"], "a.yaml").data
    assert autopsy(case(Written(declared, RAW.write)), stored) == ()


def test_two_faults_at_once_are_both_told():
    stored = "\\x" + raw(sha256(TEXT)).hex()
    codes = [one.code for one in autopsy(case(RAW), stored)]
    assert codes == ["key-misread", "wrapped"]


def test_every_cause_has_a_rule_that_says_which_rows_are_meant():
    assert set(BY_CAUSE) == set(CauseCode)
    for rule in BY_CAUSE.values():
        for text in (rule.message, *rule.messages.values()):
            assert text.startswith("{column}, {rows}: ")


@pytest.mark.parametrize(
    "derive",
    [
        Derivation(scrypt=Scrypt(salt="s", cost=2)),
        Derivation(pbkdf2=Pbkdf2(salt="s", iterations=1)),
        "sha256",
    ],
)
def test_unset_variables_are_found_behind_every_derivation(derive):
    recipe = Recipe(cipher="aes-256-gcm", encoding="utf8", derive=derive)
    from assay.crypto import derived

    key = derived(recipe, "undefined")
    assert isinstance(key, bytes)
    found = autopsy(case(RAW, recipe=recipe, text=PHRASE), raw(key))
    assert [one.code for one in found] == ["unset-key"]


def test_a_case_shows_no_key():
    asked = case(RAW)
    assert TEXT not in repr(asked)
    with pytest.raises(TypeError):
        replace(asked).__reduce__()


@pytest.mark.parametrize("layout", ["joined", "hex", "any"])
def test_what_is_far_too_long_for_a_credential_takes_no_long_time(layout):
    began = time.process_time()
    asked = case(LAYOUTS[layout])
    noise = hashlib.shake_128(b"noise").digest(2**19)
    assert autopsy(asked, noise)
    assert autopsy(asked, base64.b64encode(noise))
    assert time.process_time() - began < 6


def test_a_byte_lost_of_a_long_text_is_found():
    stored = raw(plain=b"all of it reads well. " * 4000)
    (found,) = autopsy(case(RAW), without(stored, 500))
    assert found.code == LOST
