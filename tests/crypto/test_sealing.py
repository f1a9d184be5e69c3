"""What real producers seal and sign is opened by the right key, and by no other."""

from __future__ import annotations

import base64
import json
import subprocess
from typing import Any

import msgspec
import pytest
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from tests.crypto.envelopes.produced import Vector, vectors
from tests.peers import program

from assay.crypto import Recipe, derived
from assay.crypto.envelopes import ENVELOPES
from assay.crypto.sealing import OpeningResult, opened, understood
from assay.formats import asymmetric
from assay.kinds.key.spec import Sealed, parse_key

KEY = bytes.fromhex("7a3e153ebf5a4bd8d7f710699d515426b332b0861a6eea4624e283c4b8d4bf37")
OTHER = bytes.fromhex("c1e90b5f6d8847a39b02f8d45e3c71aa5b64e7fd1908c2b3764fa1d5e0937c28")
PLAIN = "a known answer, longer than one block"
NODE = """
const crypto = require('crypto');
const [key, plain] = [Buffer.from(process.argv[1], 'hex'), process.argv[2]];
function gcm(size, aad) {
  const iv = crypto.randomBytes(size);
  const cipher = crypto.createCipheriv('aes-256-gcm', key, iv);
  if (aad) cipher.setAAD(Buffer.from(aad));
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return [iv, cipher.getAuthTag(), body];
}
function cbc() {
  const iv = crypto.randomBytes(16);
  const cipher = crypto.createCipheriv('aes-256-cbc', key, iv);
  return [iv, Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])];
}
const hex = b => b.toString('hex'), b64 = b => b.toString('base64');
const url = b => b.toString('base64url');
let [iv, tag, ct] = gcm(12);
const made = {gcm: {
  'iv:tag:ct hex': [iv, tag, ct].map(hex).join(':'),
  'iv:ct:tag base64': [iv, ct, tag].map(b64).join(':'),
  'ct--iv--tag': [ct, iv, tag].map(b64).join('--'),
  'dots base64url': [iv, ct, tag].map(url).join('.'),
  'joined tag last': b64(Buffer.concat([iv, ct, tag])),
  'joined tag first': hex(Buffer.concat([iv, tag, ct])),
  'iv:ct+tag': [iv, Buffer.concat([ct, tag])].map(hex).join(':'),
  'json': JSON.stringify({iv: hex(iv), authTag: hex(tag), encrypted: hex(ct)}),
  'json without tag': JSON.stringify({nonce: b64(iv), data: b64(Buffer.concat([ct, tag]))}),
}, long: {}, cbc: {}, aad: {}};
[iv, tag, ct] = gcm(16);
made.long['nonce of 16'] = [iv, tag, ct].map(hex).join(':');
made.long['nonce of 16 joined'] = b64(Buffer.concat([iv, tag, ct]));
[iv, tag, ct] = gcm(12, 'tenant 7');
made.aad['with aad'] = [iv, tag, ct].map(hex).join(':');
[iv, ct] = cbc();
made.cbc['iv:ct'] = [iv, ct].map(hex).join(':');
made.cbc['joined'] = b64(Buffer.concat([iv, ct]));
made.cbc['ct then iv'] = b64(Buffer.concat([ct, iv]));
made.cbc['json'] = JSON.stringify({iv: hex(iv), content: hex(ct)});
const value = b64(ct);
const mac = crypto.createHmac('sha256', key).update(b64(iv) + value).digest('hex');
made.cbc['laravel'] = b64(Buffer.from(JSON.stringify({iv: b64(iv), value, mac, tag: ''})));
console.log(JSON.stringify(made));
"""


@pytest.fixture(scope="module")
def by_node() -> dict[str, dict[str, str]]:
    command = [program("node"), "-e", NODE, KEY.hex(), PLAIN]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    made: dict[str, dict[str, str]] = json.loads(done.stdout)
    return made


def answer(cipher: Any, key: bytes, **fields: Any) -> OpeningResult:
    recipe = Recipe(cipher=cipher, encoding="hex")
    known = Sealed(plaintext=fields.pop("plaintext", PLAIN), **fields)
    assert understood(cipher, known)
    return opened(recipe, key.hex(), key, known)


def test_what_node_sealed_opens(by_node: dict[str, dict[str, str]]) -> None:
    ciphers = {"gcm": "aes-256-gcm", "long": "aes-256-gcm", "cbc": "aes-256-cbc"}
    for group, cipher in ciphers.items():
        for name, text in by_node[group].items():
            assert answer(cipher, KEY, ciphertext=text) is OpeningResult.RIGHT, name
            assert answer(cipher, OTHER, ciphertext=text) is OpeningResult.CLOSED, name


def test_what_a_database_or_json_wrote_of_it_opens(by_node: dict[str, dict[str, str]]) -> None:
    joined = base64.b64decode(by_node["gcm"]["joined tag last"])
    buffer = json.dumps({"type": "Buffer", "data": list(joined)}, separators=(",", ":"))
    texts = [buffer, "\\x" + joined.hex(), "\\x" + buffer.encode().hex()]
    texts += ["\\x" + text.encode().hex() for text in by_node["gcm"].values()]
    for text in texts:
        assert answer("aes-256-gcm", KEY, ciphertext=text) is OpeningResult.RIGHT, text
        assert answer("aes-256-gcm", OTHER, ciphertext=text) is OpeningResult.CLOSED, text
    layout = ("iv:12", "ciphertext", "tag:16")
    assert answer("aes-256-gcm", KEY, ciphertext=texts[1], layout=layout) is OpeningResult.RIGHT


def test_the_tag_proves_the_key_though_the_plaintext_is_another(
    by_node: dict[str, dict[str, str]],
) -> None:
    text = by_node["gcm"]["iv:tag:ct hex"]
    assert answer("aes-256-gcm", KEY, ciphertext=text, plaintext="x") is OpeningResult.OTHER
    unproved = by_node["cbc"]["iv:ct"]
    assert answer("aes-256-cbc", KEY, ciphertext=unproved, plaintext="x") is OpeningResult.CLOSED


def test_the_additional_data_counts(by_node: dict[str, dict[str, str]]) -> None:
    text = by_node["aad"]["with aad"]
    assert answer("aes-256-gcm", KEY, ciphertext=text, aad="tenant 7") is OpeningResult.RIGHT
    assert answer("aes-256-gcm", KEY, ciphertext=text) is OpeningResult.CLOSED


def test_a_declared_layout_and_encoding_are_the_only_ones(
    by_node: dict[str, dict[str, str]],
) -> None:
    text = by_node["gcm"]["joined tag first"]
    right = ("iv:12", "tag:16", "ciphertext")
    wrong = ("iv:12", "ciphertext", "tag:16")
    assert answer("aes-256-gcm", KEY, ciphertext=text, layout=right) is OpeningResult.RIGHT
    assert answer("aes-256-gcm", KEY, ciphertext=text, layout=wrong) is OpeningResult.CLOSED
    both = {"layout": right, "encoding": "hex"}
    assert answer("aes-256-gcm", KEY, ciphertext=text, **both) is OpeningResult.RIGHT
    known = Sealed(ciphertext=text[:20], plaintext="", layout=right)
    assert not understood("aes-256-gcm", known)
    known = Sealed(ciphertext=text, plaintext="", encoding="base64")
    assert not understood("aes-256-gcm", known)


@pytest.mark.parametrize("how", [["-md", "md5"], ["-md", "sha256"], ["-pbkdf2"]])
def test_what_openssl_sealed_under_a_passphrase_opens(how: list[str]) -> None:
    """CryptoJS writes the same format as `openssl enc -md md5`."""
    command = [program("openssl"), "enc", "-aes-256-cbc", "-a", "-A", "-k", "correct horse", *how]
    done = subprocess.run(command, input=PLAIN.encode(), capture_output=True, check=True)
    known = Sealed(ciphertext=done.stdout.decode(), plaintext=PLAIN)
    recipe = Recipe(cipher="aes-256-cbc", encoding="utf8", derive="evp-md5")
    for text, expected in (
        ("correct horse", OpeningResult.RIGHT),
        ("another one", OpeningResult.CLOSED),
    ):
        key = derived(recipe, text)
        assert isinstance(key, bytes)
        assert opened(recipe, text, key, known) is expected


def test_fernet_and_chacha() -> None:
    token = Fernet(base64.urlsafe_b64encode(KEY)).encrypt(PLAIN.encode()).decode()
    assert answer("fernet", KEY, ciphertext=token) is OpeningResult.RIGHT
    assert answer("fernet", OTHER, ciphertext=token) is OpeningResult.CLOSED
    nonce = bytes(range(12))
    sealed = nonce + ChaCha20Poly1305(KEY).encrypt(nonce, PLAIN.encode(), b"")
    text = base64.b64encode(sealed).decode()
    assert answer("chacha20-poly1305", KEY, ciphertext=text) is OpeningResult.RIGHT
    assert answer("chacha20-poly1305", OTHER, ciphertext=text) is OpeningResult.CLOSED


def test_a_jwt_is_a_known_answer_of_its_signing_key() -> None:
    """The token and the secret of RFC 7515, appendix A.1."""
    token = (
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    )
    secret = (
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"
    )
    payload = '{"iss":"joe",\r\n "exp":1300819380,\r\n "http://example.com/is_root":true}'
    recipe = Recipe(cipher="hmac-sha256", encoding="base64url")
    key = derived(recipe, secret)
    assert isinstance(key, bytes)
    assert (
        opened(recipe, secret, key, Sealed(ciphertext=token, plaintext=payload))
        is OpeningResult.RIGHT
    )
    changed = Sealed(ciphertext=token, plaintext="{}")
    assert opened(recipe, secret, key, changed) is OpeningResult.CLOSED
    assert (
        opened(recipe, "", OTHER, Sealed(ciphertext=token, plaintext=payload))
        is OpeningResult.CLOSED
    )


def test_an_hmac_is_a_known_answer() -> None:
    """RFC 4231, test case 2, with SHA-512."""
    digest = (
        "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
        "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"
    )
    recipe = Recipe(cipher="hmac-sha512", encoding="utf8")
    known = Sealed(ciphertext=digest, plaintext="what do ya want for nothing?")
    assert understood("hmac-sha512", known)
    assert opened(recipe, "Jefe", b"Jefe", known) is OpeningResult.RIGHT
    assert opened(recipe, "Jeff", b"Jeff", known) is OpeningResult.CLOSED


@pytest.mark.parametrize("kind", ["rsa", "ec", "ed25519"])
def test_what_openssl_signed_is_verified(kind: Any, tmp_path: Any) -> None:
    pem = asymmetric.private_pem(asymmetric.make(kind))
    other = asymmetric.private_pem(asymmetric.make(kind))
    (tmp_path / "key.pem").write_text(pem)
    (tmp_path / "text").write_text(PLAIN)
    digest = [] if kind == "ed25519" else ["-digest", "sha256"]
    command = [program("openssl"), "pkeyutl", "-sign", "-inkey", "key.pem", "-rawin", *digest]
    done = subprocess.run([*command, "-in", "text"], cwd=tmp_path, capture_output=True, check=True)
    known = Sealed(ciphertext=base64.b64encode(done.stdout).decode(), plaintext=PLAIN)
    recipe = Recipe(cipher=kind, encoding="pem")
    for text, expected in ((pem, OpeningResult.RIGHT), (other, OpeningResult.CLOSED)):
        key = derived(recipe, text)
        assert isinstance(key, bytes)
        assert opened(recipe, text, key, known) is expected


@pytest.mark.parametrize("padding", ["oaep", "pkcs1"])
def test_what_was_encrypted_for_an_rsa_key_opens(padding: str, tmp_path: Any) -> None:
    key = asymmetric.make("rsa")
    pem = asymmetric.private_pem(key)
    (tmp_path / "public.pem").write_text(asymmetric.public_pem(key.public_key()))
    command = [program("openssl"), "pkeyutl", "-encrypt", "-pubin", "-inkey", "public.pem"]
    command += ["-pkeyopt", f"rsa_padding_mode:{padding}"]
    done = subprocess.run(
        command, input=PLAIN.encode(), cwd=tmp_path, capture_output=True, check=True
    )
    known = Sealed(ciphertext=done.stdout.hex(), plaintext=PLAIN)
    recipe = Recipe(cipher="rsa", encoding="pem")
    made = derived(recipe, pem)
    assert isinstance(made, bytes)
    assert opened(recipe, pem, made, known) is OpeningResult.RIGHT


def test_a_signature_in_the_form_of_jose_is_verified() -> None:
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
    from cryptography.hazmat.primitives.hashes import SHA256

    key = asymmetric.make("ec")
    r, s = decode_dss_signature(key.sign(PLAIN.encode(), ec.ECDSA(SHA256())))
    known = Sealed(
        ciphertext=(r.to_bytes(32, "big") + s.to_bytes(32, "big")).hex(), plaintext=PLAIN
    )
    pem = asymmetric.private_pem(key)
    recipe = Recipe(cipher="ec", encoding="pem")
    made = derived(recipe, pem)
    assert isinstance(made, bytes)
    assert opened(recipe, pem, made, known) is OpeningResult.RIGHT


@pytest.mark.parametrize(
    ("cipher", "text"),
    [
        ("aes-256-gcm", "hello"),
        ("aes-256-gcm", "{"),
        ("aes-256-gcm", "{}"),
        ("aes-256-gcm", '{"iv": 1, "data": 2}'),
        ("aes-256-gcm", ""),
        ("aes-256-cbc", "00" * 17),
        ("fernet", "00" * 80),
        ("rsa", "not a signature!"),
    ],
)
def test_what_has_no_layout_is_not_understood(cipher: Any, text: str) -> None:
    assert not understood(cipher, Sealed(ciphertext=text or "-", plaintext=""))


@pytest.mark.parametrize(
    "text",
    [
        "00" * 16 + ":" + "00" * 3,
        '{"iv": "00", "data": "00", "tag": "00"}',
        base64.b64encode(b"Salted__12345678" + bytes(15)).decode(),
    ],
)
@pytest.mark.parametrize("cipher", ["aes-256-gcm", "aes-256-cbc", "chacha20-poly1305"])
def test_broken_ciphertexts_are_closed_and_raise_nothing(cipher: Any, text: str) -> None:
    recipe = Recipe(cipher=cipher, encoding="hex")
    known = Sealed(ciphertext=text, plaintext=PLAIN)
    assert opened(recipe, KEY.hex(), KEY, known) is OpeningResult.CLOSED


def whole(one: Vector) -> bool:
    """Whether the text alone says what its envelope is."""
    usual = not one.envelope.covered and one.envelope == type(one.envelope)()
    return usual or (one.envelope.covered and not one.name.startswith(("layout", "with a version")))


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(one, id=f"{one.producer}: {one.name}")
        for one in vectors()
        if whole(one) and one.stored.isascii() and not one.envelope.costly
    ],
)
def test_what_is_in_any_envelope_is_recognised_and_opens(one: Vector) -> None:
    known = Sealed(
        ciphertext=one.stored.decode(), plaintext=one.plaintext.decode(), aad=one.aad.decode()
    )
    key = derived(one.recipe, one.secret)
    assert isinstance(key, bytes)
    assert understood(one.recipe.cipher, known)
    assert opened(one.recipe, one.secret, key, known) is OpeningResult.RIGHT


@pytest.mark.parametrize("name", ["libsodium", "pgcrypto"])
def test_bytes_are_recognised_in_what_a_database_writes_of_them(name: str) -> None:
    one = next(v for v in vectors() if name in v.producer and not v.stored.isascii())
    key = derived(one.recipe, one.secret)
    assert isinstance(key, bytes)
    for text in ("\\x" + one.stored.hex(), base64.b64encode(one.stored).decode()):
        known = Sealed(ciphertext=text, plaintext=one.plaintext.decode(), aad=one.aad.decode())
        assert opened(one.recipe, one.secret, key, known) is OpeningResult.RIGHT


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(one, id=f"{one.producer}: {one.name}")
        for one in vectors()
        if one.name.startswith("layout") or one.envelope.tag() in ("rails", "openssl")
    ],
)
def test_a_declared_envelope_is_the_only_one(one: Vector) -> None:
    text = one.stored.decode() if one.stored.isascii() else "\\x" + one.stored.hex()
    known = Sealed(
        ciphertext=text,
        plaintext=one.plaintext.decode(errors="replace"),
        envelope=one.envelope,
        aad=one.aad.decode(),
    )
    key = derived(one.recipe, one.secret)
    assert isinstance(key, bytes)
    assert understood(one.recipe.cipher, known)
    if "Marshal" not in one.name:
        assert opened(one.recipe, one.secret, key, known) is OpeningResult.RIGHT
    other = msgspec.structs.replace(known, envelope=ENVELOPES.parse("fernet"))
    assert not understood(one.recipe.cipher, other)


def test_the_envelope_of_a_known_answer_is_parsed() -> None:
    sealed = {"ciphertext": "x", "plaintext": "y"}
    data = {"variable": "KEY", "cipher": "aes-256-gcm", "encoding": "hex"}
    envelope = {"format": "node-gcm-hex", "order": ["iv", "ciphertext", "tag"]}
    made = parse_key("k", {**data, "sealed": [sealed, {**sealed, "envelope": envelope}]})
    assert [one.envelope for one in made.sealed] == [None, ENVELOPES.parse(envelope)]
    for wrong in ("nothing", None, {"format": "layout"}):
        with pytest.raises(msgspec.ValidationError):
            parse_key("k", {**data, "sealed": [{**sealed, "envelope": wrong}]})
