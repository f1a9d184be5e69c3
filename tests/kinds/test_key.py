"""The kind `key`: a fault injected into a good key is named exactly, in one finding."""

from __future__ import annotations

import base64
import functools
import json
import string
import textwrap
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from assay.crypto import identities
from assay.facts import Facts, Secret, Setting, State, Value
from assay.formats import asymmetric
from assay.formats.armor import wrap
from assay.kinds import KINDS
from assay.spec.assembly import assemble

if TYPE_CHECKING:
    from tests.project import Project

SIZES = {
    "aes-128-gcm": 16,
    "aes-256-gcm": 32,
    "chacha20-poly1305": 32,
    "aes-192-cbc": 24,
    "secretbox": 32,
    "xchacha20-poly1305": 32,
    "a128cbc-hs256": 32,
    "aes-192-kw": 24,
}


def written(raw: bytes, encoding: str) -> str:
    return {
        "hex": raw.hex(),
        "base64": base64.b64encode(raw).decode(),
        "base64url": base64.urlsafe_b64encode(raw).decode().rstrip("="),
    }[encoding]


def broken(key: dict[str, Any], text: str, **others: str) -> list[str]:
    """The rules that a text breaks where it stands for a key, without any output between."""
    names = ["KEY", *others]
    data = {
        "variables": {name: {"secret": True} for name in names},
        "keys": {"k": {"variable": "KEY", **key}},
        "environments": {"dev": {"values": ["process"]}},
    }
    spec = assemble(data, {}, "", ())
    found = KINDS["keys"]
    values = {"KEY": text, **others}
    answers: dict[Any, Any] = {
        Value("dev", name): Setting(state=State.READABLE, value=Secret(value), source="x")
        for name, value in values.items()
    }
    check = next(iter(found.checks(spec, "dev")))
    return [violation.rule.code for violation in found.evaluate(check.model, Facts(answers))]


SEEDS = st.integers(0, 2**32 - 1)
CIPHERS = st.sampled_from(sorted(SIZES))
ENCODINGS = st.sampled_from(["hex", "base64", "base64url"])


@given(SEEDS, CIPHERS, ENCODINGS)
def test_a_random_key_is_good_in_every_encoding(seed, cipher, encoding):
    raw = Random(seed).randbytes(SIZES[cipher])
    assert broken({"cipher": cipher, "encoding": encoding}, written(raw, encoding)) == []


@given(SEEDS, CIPHERS, ENCODINGS, ENCODINGS)
def test_a_key_in_another_encoding_is_named_so(seed, cipher, declared, used):
    raw = Random(seed).randbytes(SIZES[cipher])
    text = written(raw, used)
    expected = [] if text == written(raw, declared) else ["key-wrong-encoding"]
    if declared == "base64" and used == "base64url" and not set(text) & set("-_"):
        expected = [] if text == written(raw, declared) else ["key-padding-lost"]
    if declared == "base64url" and used == "base64" and not set(text) & set("+/"):
        expected = []  # padding is allowed
    assert broken({"cipher": cipher, "encoding": declared}, text) == expected


@given(SEEDS, CIPHERS)
def test_a_lost_hex_digit_is_named(seed, cipher):
    rng = Random(seed)
    text = rng.randbytes(SIZES[cipher]).hex()
    at = rng.randrange(len(text))
    key = {"cipher": cipher, "encoding": "hex"}
    assert broken(key, text[:at] + text[at + 1 :]) == ["key-truncated"]
    assert broken(key, text[:at] + rng.choice("0123456789abcdef") + text[at:]) == ["key-truncated"]


@given(SEEDS, CIPHERS, ENCODINGS)
def test_a_key_of_another_size_is_named(seed, cipher, encoding):
    rng = Random(seed)
    size = SIZES[cipher] + rng.choice([-12, -3, 3, 9])
    key = {"cipher": cipher, "encoding": encoding}
    assert broken(key, written(rng.randbytes(size), encoding)) == ["key-wrong-length"]


@given(SEEDS, CIPHERS)
def test_a_key_pasted_twice_is_named(seed, cipher):
    text = Random(seed).randbytes(SIZES[cipher]).hex()
    if SIZES[cipher] != 16:  # two of those are as long as a key for AES-256
        assert broken({"cipher": cipher, "encoding": "hex"}, text * 2) == ["key-doubled"]


@given(SEEDS, CIPHERS, st.sampled_from("!?#,;%&()"))
def test_a_stray_character_is_named(seed, cipher, stray):
    rng = Random(seed)
    text = rng.randbytes(SIZES[cipher]).hex()
    at = rng.randrange(len(text))
    key = {"cipher": cipher, "encoding": "hex"}
    assert broken(key, text[:at] + stray + text[at + 1 :]) == ["key-malformed"]


@given(SEEDS, CIPHERS)
def test_padding_that_got_lost_is_named(seed, cipher):
    raw = Random(seed).randbytes(SIZES[cipher])
    text = written(raw, "base64")
    if text.endswith("="):
        key = {"cipher": cipher, "encoding": "base64"}
        assert broken(key, text.rstrip("=")) == ["key-padding-lost"]
        assert broken({**key, "decoder": "node"}, text.rstrip("=")) == []


@given(SEEDS)
def test_hex_digits_used_as_text_are_named(seed):
    text = Random(seed).randbytes(16).hex()
    assert broken({"cipher": "aes-256-gcm", "encoding": "utf8"}, text) == ["key-hex-as-text"]


IDENTITY = identities.written(Random(4).randbytes(32))
RECIPIENT = "age17vrtmag3qhpk7lxch5p246yduesrzjmsh6kuk64mpuxpud53epvstkztxu"
AGE = {"cipher": "age", "encoding": "utf8"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (IDENTITY, []),
        (f"# created: today\n# public key: {RECIPIENT}\n{IDENTITY}", []),
        (f"{IDENTITY}\n{identities.written(bytes(range(32)))}", []),
        ("quiet otters paint seven lanterns", []),
        ("hunter2", ["key-weak"]),
        (IDENTITY.lower(), ["key-malformed"]),
        (IDENTITY[:-1], ["key-malformed"]),
        (IDENTITY.replace("Q", "O"), ["key-malformed"]),
        ("AGE-SECRET-KEY-1", ["key-malformed"]),
        (f"{IDENTITY}\ncorrect horse", ["key-malformed"]),
        (RECIPIENT, ["key-malformed"]),
    ],
)
def test_an_identity_of_age_is_whole_or_named(text, expected):
    assert broken(AGE, text) == expected


@given(SEEDS)
def test_an_identity_of_age_with_one_wrong_character_is_named(seed):
    rng = Random(seed)
    text = identities.written(rng.randbytes(32))
    at = rng.randrange(len("AGE-SECRET-KEY-1"), len(text))
    other = rng.choice([char for char in string.ascii_uppercase if char != text[at]])
    assert broken(AGE, text) == []
    assert broken(AGE, text[:at] + other + text[at + 1 :]) == ["key-malformed"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("quiet otters paint seven lanterns", []),
        (Random(5).randbytes(16).hex(), []),
        ("hunter2", ["key-weak"]),
        ("abcabcabcabcabcabc", ["key-weak"]),
    ],
)
def test_a_passphrase_has_no_size_and_is_judged_as_one(text, expected):
    assert broken({"cipher": "passphrase", "encoding": "utf8"}, text) == expected


GOOD = Random(3).randbytes(32)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("hex", json.dumps({"key": GOOD.hex()})),
        ("base64", base64.b64encode(b"\xfb\xff" + GOOD[2:]).decode().replace("=", "%3D")),
        ("hex", GOOD.hex()[:20] + "..."),
        ("base64", "correct...horse"),
    ],
)
def test_a_key_inside_of_something_is_not_called_a_passphrase(encoding, text):
    assert broken({"cipher": "aes-256-gcm", "encoding": encoding}, text) == ["key-malformed"]


def test_a_prefix_that_stands_there_twice_is_named(project):
    project.spec(
        "variables: {KEY: {secret: true}}\nenvironments: {dev: {values: [{dotenv: .env}]}}\n"
        "keys: {k: {variable: KEY, cipher: aes-256-gcm, encoding: base64, prefix: 'base64:'}}\n"
    )
    project.env(f"KEY=base64:base64:{base64.b64encode(GOOD).decode()}\n")
    said = " ".join(project.run("check").out.split())
    assert "Remove one base64: from KEY" in said
    assert "or declare" not in said


SCRYPT = {"scrypt": {"salt": "salt", "cost": 2}}
PBKDF2 = {"pbkdf2": {"salt": "salt", "iterations": 1}}


@pytest.mark.parametrize(
    ("fields", "digits", "rules"),
    [
        ({"cipher": "hmac-sha256"}, 64, []),
        ({"cipher": "hmac-sha256"}, 32, ["key-hex-as-text"]),
        ({"cipher": "hmac-sha512"}, 128, []),
        ({"cipher": "hmac-sha512"}, 64, ["key-hex-as-text"]),
        ({"derive": "sha256"}, 64, []),
        ({"derive": "sha256"}, 32, ["key-hex-as-text"]),
        ({"derive": "evp-md5"}, 64, []),
        ({"derive": "md5-hex"}, 32, []),
        ({"derive": SCRYPT}, 64, []),
        ({"derive": PBKDF2}, 64, []),
        ({"derive": {"hkdf": {}}}, 64, []),
        ({"derive": {"fit": {}}}, 64, ["key-hex-as-text"]),
        ({"cipher": "aes-128-gcm", "derive": "sha256"}, 32, []),
    ],
)
def test_hex_digits_that_hold_all_that_the_cipher_needs_are_good_text(fields, digits, rules):
    text = Random(digits).randbytes(digits // 2).hex()
    assert broken({"cipher": "aes-256-gcm", "encoding": "utf8", **fields}, text) == rules


LETTERS = string.ascii_letters + string.digits


@pytest.mark.parametrize(
    "alphabet",
    [LETTERS, LETTERS + "!@%^&*()-_=+", string.ascii_lowercase + string.digits],
    ids=["alphanumerics", "with signs", "small letters"],
)
def test_random_text_is_no_passphrase(alphabet):
    rng = Random(7)
    key = {"cipher": "aes-256-gcm", "encoding": "utf8"}
    texts = ["".join(rng.choices(alphabet, k=32)) for _ in range(2000)]
    assert [text for text in texts if broken(key, text)] == []


@pytest.mark.parametrize(
    "phrase",
    [
        "correct-horse-battery-staple-2024",
        "CorrectHorseBatteryStapleAndMore",
        "Jessica1985Michael1988Tampa2001!",
        "P@ssw0rd!AcmeCorp2024!Production",
        "thisisaverysecretkeyforaes256gcm",
        "SUPERSECRETENCRYPTIONKEY20242025",
        "kaiser-franz-josef-1848-bis-1916",
        "MySecretKey12345",
        "sixteenbyteskey!",
    ],
)
def test_words_names_and_years_are_a_passphrase(phrase):
    key = {"cipher": "aes-256-gcm", "encoding": "utf8", "derive": {"fit": {}}}
    assert broken(key, phrase) == ["key-weak"]


@pytest.mark.parametrize(
    ("phrase", "encoding"),
    [
        ("quiet otters paint seven lanterns", "hex"),
        ("quiet otters paint seven lanterns", "base64"),
        ("CorrectHorseBatteryStaple", "base64url"),
        ("hunter2", "hex"),
        ("Tr0ub4dor & 3 more", "hex"),
    ],
)
def test_a_passphrase_is_named(phrase, encoding):
    assert broken({"cipher": "aes-256-gcm", "encoding": encoding}, phrase) == ["key-passphrase"]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("vOVH6sdmpNWjRRIqCc7rdxs01lwHzfr4", "key-wrong-encoding"),  # 32 characters of text
        ("0x" + "7a3e153ebf5a4bd8" * 2 + "d7f710699d515426b332b0861a6eea46", "key-wrong-encoding"),
        (b"sixteenbyteskey!sixteenbytes-key".hex(), "key-weak"),
        ("730ff4c7af3d46923e8ed451ee813c87f790b0a226bc96a92de49b5e9c05e1ee", "key-weak"),
    ],
)
def test_other_faults_of_a_hex_key(text, rule):
    assert broken({"cipher": "aes-256-gcm", "encoding": "hex"}, text) == [rule]


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("password123", ["key-weak"]),
        ("quiet otters paint seven lanterns", []),
        ("abcdefgh", ["key-weak"]),
        ("KEY", ["key-weak"]),
    ],
)
def test_a_passphrase_that_is_derived_from_is_judged_as_one(text, rules):
    derive = {"scrypt": {"salt": "salt", "cost": 2}}
    key = {"cipher": "aes-256-gcm", "encoding": "utf8", "derive": derive}
    assert broken(key, text) == rules


@pytest.mark.parametrize(
    ("fields", "text", "rules"),
    [
        ({"derive": {"fit": {}}}, "Tr0ub4dor and 3 horses", ["key-weak"]),
        ({}, "correct horse battery staple!!!!", ["key-weak"]),
        ({}, "hunter2hunter2hA0000000000000000", ["key-weak"]),
        ({}, "Xk2mQ7xT4vL8wR3pZ6yB9nC1dF5gH0jK", []),
        ({}, "7a3e153ebf5a4bd8d7f710699d515426b332b0861a6eea4624e283c4b8d4bf37", None),
        ({"encoding": "latin1"}, "\u20ac" * 32, ["key-malformed"]),
        ({"derive": {"hkdf": {"salt": {"variable": "S"}}}}, "Tr0ub4dor and 3 horses", []),
    ],
)
def test_texts_used_as_keys(fields, text, rules):
    key = {"cipher": "aes-256-gcm", "encoding": "utf8", **fields}
    expected = ["key-wrong-encoding"] if rules is None else rules
    assert broken(key, text, S="salt") == expected


def test_a_key_where_a_kind_of_key_cannot_be_read_by_its_text():
    assert broken({"cipher": "ec", "encoding": "jwk"}, '{"kty":"RSA"}') == ["jwk-kind"]
    mixed = '{"kty":"EC","crv":"P-256","x":"' + "A" * 43 + '","y":"' + "A" * 43 + '","d":"'
    assert broken({"cipher": "ec", "encoding": "jwk"}, mixed + "A" * 43 + '"}') == ["key-malformed"]
    assert broken({"cipher": "ec", "encoding": "pem"}, "none") == ["pem-malformed"]


@functools.cache
def pem(bits: int = 2048) -> str:
    return asymmetric.private_pem(rsa.generate_private_key(65537, bits))


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (lambda text: text, None),
        (lambda text: text.replace("\n", "\r\n"), None),
        (lambda text: text.replace("\n", "\\n"), "pem-newlines"),
        (lambda text: base64.b64encode(text.encode()).decode(), "pem-storage"),
        (lambda text: textwrap.indent(text, "  "), "pem-indented"),
        (lambda text: text.replace("\n", " "), "pem-one-line"),
        (lambda text: text.replace("\n", ""), "pem-one-line"),
    ],
)
def test_a_pem_that_node_cannot_read_is_named(spoil, rule):
    """Node's crypto.createPrivateKey takes those without a rule, and no others."""
    key = {"cipher": "rsa", "encoding": "pem"}
    assert broken(key, spoil(pem())) == ([rule] if rule else [])


@pytest.mark.parametrize("stored_as", ["pem", "escaped", "base64"])
def test_a_pem_is_stored_as_the_key_says(stored_as):
    key = {"cipher": "rsa", "encoding": "pem", "stored-as": stored_as}
    assert broken(key, wrap(pem(), stored_as)) == []
    for spoilt in (pem().replace("\n", " "), pem().replace("\n", "")):
        assert broken(key, spoilt) == ["pem-one-line"]


def test_a_pem_is_stored_as_its_variable_says(project):
    project.spec(
        "variables: {KEY: {type: private-key, stored-as: escaped, secret: true}}\n"
        "environments: {dev: {values: [{dotenv: .env}]}}\n"
        "keys: {k: {variable: KEY, cipher: rsa, encoding: pem}}\n"
    )
    project.env("KEY='" + wrap(pem(), "escaped") + "'\n")
    assert report(project) == []


def test_a_small_rsa_key_is_named():
    assert broken({"cipher": "rsa", "encoding": "pem"}, pem(1024)) == ["key-too-small"]


def report(project: Project, *options: str) -> list[tuple[str, str, str]]:
    found = json.loads(project.run("check", "--format", "json", *options).out)["findings"]
    return [(f["outcome"], f["subject"], f["rule"]) for f in found if f["outcome"] != "pass"]


KEYED = """
environments: {{dev: {{values: [{{dotenv: .env}}]}}}}
variables: {{KEY: {variable}, OTHER: {{required: false}}}}
keys: {{k: {{variable: KEY, cipher: aes-256-gcm, encoding: hex}}}}
"""


@pytest.mark.parametrize(
    ("variable", "text", "expected"),
    [
        ("{secret: true}", "", [("fail", "KEY", "variable-empty"), ("skip", "k", "")]),
        (
            "{secret: true}",
            "undefined",
            [("fail", "KEY", "variable-unset-literal"), ("skip", "k", "")],
        ),
        (
            "{secret: true}",
            "changeme",
            [("fail", "KEY", "variable-placeholder"), ("skip", "k", "")],
        ),
        ("{secret: true, required: false}", "", [("skip", "k", "")]),
        ("{secret: true, when: isSet('OTHER')}", "zz", [("skip", "KEY", ""), ("skip", "k", "")]),
        (
            "{secret: true, pattern: 'x+', severity: warning}",
            "zz",
            [("fail", "KEY", "text-pattern"), ("skip", "k", "")],
        ),
        ("{type: hex, secret: true, bytes: 32}", "zz", [("fail", "k", "key-passphrase")]),
        ("{type: hex, secret: true}", "7a3e153e", [("fail", "k", "key-wrong-length")]),
    ],
)
def test_one_fault_makes_one_finding(project, variable, text, expected):
    project.spec(KEYED.format(variable=variable))
    project.env(f"KEY={text}\n")
    assert sorted(report(project)) == sorted(expected)


def test_a_padding_that_the_variable_forbids_is_told_by_its_key(project):
    project.spec(
        "variables: {KEY: {type: base64url, secret: true, padding: forbidden}}\n"
        "environments: {dev: {values: [{dotenv: .env}]}}\n"
        "keys: {k: {variable: KEY, cipher: aes-256-gcm, encoding: base64url}}\n"
    )
    raw = Random(1).randbytes(32)
    project.env(f"KEY={base64.urlsafe_b64encode(raw).decode()}\n")
    assert report(project) == [("fail", "k", "base64url-padding")]


def test_an_unreadable_variable_leaves_its_key_unchecked():
    spec = assemble(
        {
            "variables": {"KEY": {"secret": True}},
            "keys": {"k": {"variable": "KEY", "cipher": "aes-256-gcm", "encoding": "hex"}},
            "environments": {"dev": {"values": ["process"]}},
        },
        {},
        "",
        (),
    )
    check = next(iter(KINDS["keys"].checks(spec, "dev")))
    assert [tuple(required) for required in check.requires] == [("variable", "dev", "KEY")]


@pytest.mark.parametrize("chosen", ["k", "KEY", "key", "keys"])
def test_a_key_is_selected_by_its_name_its_variable_and_its_kind(project, chosen):
    project.spec(KEYED.format(variable="{secret: true}"))
    project.env("KEY=7a3e153e\n")
    assert report(project, "--only", chosen) == [("fail", "k", "key-wrong-length")]


def test_a_key_that_is_skipped_for_a_missing_file_is_skipped_with_its_variable(project):
    project.spec(KEYED.format(variable="{secret: true}"))
    assert ("skip", "k", "") in report(project, "--only", "k")


FERNET = base64.urlsafe_b64encode(Random(5).randbytes(32)).decode()


def test_fernet_takes_its_key_only_with_padding():
    from cryptography.fernet import Fernet

    key = {"cipher": "fernet", "encoding": "base64url"}
    assert broken(key, FERNET) == []
    Fernet(FERNET)
    assert broken(key, FERNET + "=") == []  # Python takes it too
    Fernet(FERNET + "=")
    assert broken(key, FERNET.rstrip("=")) == ["key-padding-lost"]
    with pytest.raises(ValueError, match="32 url-safe"):
        Fernet(FERNET.rstrip("="))
    assert broken({**key, "decoder": "node"}, FERNET.rstrip("=")) == []


@pytest.mark.parametrize("between", ["", ",", "base64:", "; "])
def test_a_second_key_after_the_first_is_named(between):
    one, other = (base64.b64encode(Random(n).randbytes(32)).decode() for n in (1, 2))
    key = {"cipher": "aes-256-cbc", "encoding": "base64", "prefix": "base64:"}
    assert broken(key, f"base64:{one}{between}{other}") == ["key-doubled"]
    assert broken(key, f"base64:{one}{between}{other.rstrip('=')}") == ["key-doubled"]
    assert broken(key, f"base64:{one}{between}{one}") == ["key-doubled"]
    assert broken(key, f"base64:{one}{between}x") != ["key-doubled"]
