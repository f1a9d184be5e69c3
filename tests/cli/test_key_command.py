"""`assay key`: what it shows of keys, the keys that it makes, and how it compares them."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import json
import subprocess
from random import Random

import pytest
from tests.peers import program
from tests.properties import canaries

from assay.cli import main
from assay.crypto import Recipe, check_value, derived, identities
from assay.crypto.strength import in_yaml, weakness

RAW = bytes.fromhex("7a3e153ebf5a4bd8d7f710699d515426b332b0861a6eea4624e283c4b8d4bf37")
OTHER = "c1e90b5f6d8847a39b02f8d45e3c71aa5b64e7fd1908c2b3764fa1d5e0937c28"
SPEC = """
environments:
  dev: {values: [{dotenv: .env}]}
  prod: {live: true, values: [{dotenv: prod.env}]}
  ci: {values: [process]}
variables:
  KEY: {secret: true}
  KEY_OLD: {secret: true, required: false}
  PHRASE: {secret: true, required: false}
keys:
  credentials:
    variable: KEY
    cipher: aes-256-gcm
    encoding: hex
    previous: [KEY_OLD]
    check-value: {prod: c6a079f2aaca}
  sessions:
    variable: PHRASE
    cipher: aes-256-gcm
    encoding: utf8
    derive: {scrypt: {salt: salt, cost: 1024}}
"""


@pytest.fixture(autouse=True)
def _spec(project):
    project.spec(SPEC)
    project.env(
        f"KEY={RAW.hex().upper()}\nKEY_OLD={OTHER}\nPHRASE='quiet otters paint seven lanterns'\n"
    )
    project.env(f"KEY={RAW.hex()}\n", "prod.env")


def test_show_says_how_a_key_is_read_and_what_names_it(project):
    ran = project.run("key", "show", "credentials", "--env", "prod")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "credentials in prod\n"
        "  variable     KEY, from prod.env\n"
        "  read as      hex\n"
        "  cipher       aes-256-gcm, which needs 32 bytes\n"
        "  check        passed\n"
        "  strength     random\n"
        "  check value  c6a079f2aaca, as in the spec\n"
    )


def test_show_goes_through_every_key_and_environment(project):
    ran = project.run("key", "show", "--format", "json")
    rows = {(row["key"], row["environment"]): row for row in json.loads(ran.out)}
    assert list(rows) == [
        ("credentials", "dev"),
        ("credentials", "prod"),
        ("credentials", "ci"),
        ("credentials/KEY_OLD", "dev"),
        ("sessions", "dev"),
        ("sessions", "prod"),
        ("sessions", "ci"),
    ]
    assert ran.code == 1  # KEY is not set in ci
    assert rows["credentials", "dev"]["check-value"] == "c6a079f2aaca"
    assert rows["credentials", "dev"]["expected-check-value"] is None
    assert rows["credentials", "ci"]["check-value"] is None
    assert rows["credentials", "ci"]["outcome"] == "skip"
    assert rows["sessions", "dev"]["strength"].startswith("text ")
    assert rows["sessions", "dev"]["derive"] == "scrypt"


def test_show_says_that_the_spec_names_another_key(project):
    project.env(f"KEY={OTHER}\n", "prod.env")
    ran = project.run("key", "show", "credentials", "--env", "prod")
    assert ran.code == 1
    assert "is not the key that credentials has in prod" in ran.out
    value = check_value(Recipe(cipher="aes-256-gcm", encoding="hex"), OTHER)
    assert f"check value  {value}; the spec expects c6a079f2aaca\n" in ran.out


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (b"sixteenbyteskey!sixteenbytes-key".hex(), "strength     weak\n  check value  none"),
        ("zz", "strength     unknown\n  check value  none"),
        (base64.b64encode(RAW).decode(), "KEY is base64, but the spec says hex"),
    ],
)
def test_show_of_keys_that_are_none(project, text, part):
    project.env(f"KEY={text}\n")
    assert part in project.run("key", "show", "credentials", "--env", "dev").out


def test_show_of_a_variable_that_is_no_declared_key(project):
    project.env(f"APP_KEY=base64:{base64.b64encode(RAW).decode()}\nKEY={RAW.hex()}\n")
    options = ["--variable", "APP_KEY", "--encoding", "base64", "--prefix", "base64:"]
    ran = project.run("key", "show", *options, "--env", "dev")
    assert ran.code == 0
    assert "check value  c6a079f2aaca\n" in ran.out
    assert "read as      base64\n" in ran.out
    lenient = project.run("key", "show", "--variable", "KEY", "--decoder", "node", "--env", "dev")
    assert (
        "read as      hex, leniently, as Node.js does, assumed without --encoding\n" in lenient.out
    )
    assert "which needs 32 bytes, assumed without --cipher\n" in lenient.out


def test_nothing_is_said_of_the_strength_of_a_key_that_was_not_checked(project):
    project.env(f"KEY='{RAW.hex()} '\n")
    ran = project.run("key", "show", "credentials", "--env", "dev")
    assert "KEY begins or ends with whitespace" in ran.out
    assert "strength     unknown" in ran.out
    project.env(f"KEY={RAW.hex()}\nOTHER=\xff\n".encode("latin-1"))
    assert "strength     unknown" in project.run("key", "show", "--env", "dev", "credentials").out


def test_show_of_an_identity_and_of_a_passphrase(project):
    identity = identities.written(RAW)
    project.env(f"KEY={identity}\n")
    options = ["--variable", "KEY", "--encoding", "utf8", "--env", "dev", "--cipher"]
    ran = project.run("key", "show", *options, "age")
    assert "cipher       age, which needs an identity or a passphrase\n" in ran.out
    assert "strength     random\n  check value  " in ran.out
    assert ran.code == 0
    project.env("KEY='quiet otters paint seven lanterns'\n")
    ran = project.run("key", "show", *options, "passphrase")
    assert "cipher       passphrase, which needs a text\n" in ran.out
    assert "strength     text without a visible pattern\n" in ran.out
    assert ran.code == 0


def test_hex_digits_used_as_text_are_half_a_key(project):
    project.env(f"KEY={RAW[:16].hex()}\n")
    ran = project.run("key", "show", "--variable", "KEY", "--encoding", "utf8", "--env", "dev")
    assert "strength     half the strength of its length" in ran.out


def test_nothing_of_a_key_shows_in_any_spelling(project):
    project.env(f"KEY={RAW.hex()}\nPHRASE=undefined\n")
    project.env(f"KEY='{base64.b64encode(RAW).decode()}'\n", "prod.env")
    said = "".join(
        project.run("key", *words).said
        for words in (
            ["show"],
            ["show", "--format", "json"],
            ["show", "--variable", "KEY", "--encoding", "utf8"],
            ["compare", "credentials", "dev", "prod"],
            ["compare", "credentials", "--format", "json"],
        )
    )
    spelt = [RAW.hex(), base64.b64encode(RAW).decode(), base64.urlsafe_b64encode(RAW).decode()]
    assert canaries.found(spelt, said) == []


def test_the_masker_knows_the_other_spellings_of_a_key(project, monkeypatch):
    """The belt to the braces: even a careless message could not show the key's bytes."""
    monkeypatch.setattr("assay.cli.key_show._strength", lambda *_: base64.b64encode(RAW).decode())
    ran = project.run("key", "show", "credentials", "--env", "prod")
    assert "strength     [redacted]" in ran.out


def test_keys_are_compared_by_their_bytes(project):
    ran = project.run("key", "compare", "credentials", "dev", "prod")
    assert ran == (0, "credentials: dev and prod have the same key\n", "")


def test_different_keys_fail(project):
    project.env(f"KEY={OTHER}\n", "prod.env")
    ran = project.run("key", "compare", "credentials", "dev", "prod")
    assert ran == (1, "credentials: dev and prod have different keys\n", "")


def test_what_can_not_be_compared_is_unknown(project):
    ran = project.run("key", "compare", "credentials")
    assert ran.code == 3
    assert "dev and ci can't be compared: KEY is not set in ci\n" in ran.out
    project.env("KEY=\n")
    ran = project.run("key", "compare", "credentials", "dev", "prod")
    assert (ran.code, ran.out) == (
        3,
        "credentials: dev and prod can't be compared: KEY is empty in dev\n",
    )
    project.env("KEY=zz\n")
    ran = project.run("key", "compare", "credentials", "dev", "prod")
    assert "KEY is not hex in dev" in ran.out
    project.env(f"KEY={OTHER}\n")
    assert project.run("key", "compare", "credentials").code == 1, "a difference outweighs it"


def test_environments_whose_source_can_not_be_read_are_unknown(project):
    (project.folder / ".env").unlink()
    ran = project.run("key", "compare", "credentials", "dev", "prod")
    assert ran.code == 3


def test_comparison_for_programs(project):
    ran = project.run("key", "compare", "credentials", "dev", "prod", "--format", "json")
    assert json.loads(ran.out) == {
        "key": "credentials",
        "variable": "KEY",
        "pairs": [{"environments": ["dev", "prod"], "result": "equal", "reason": ""}],
    }


CHOICES = [
    (["--cipher", "aes-256-gcm", "--encoding", "hex"], {}),
    (["--cipher", "aes-128-cbc", "--encoding", "base64"], {}),
    (["--cipher", "fernet", "--encoding", "base64url"], {}),
    (["--cipher", "aes-256-gcm", "--encoding", "utf8"], {}),
    (["--cipher", "aes-256-gcm", "--encoding", "utf8", "--derive", "sha256"], {"derive": "sha256"}),
    (["--cipher", "hmac-sha512", "--encoding", "jwk"], {}),
    (
        ["--cipher", "aes-256-gcm", "--encoding", "base64", "--prefix", "base64:"],
        {"prefix": "base64:"},
    ),
    (["--cipher", "ed25519", "--encoding", "pem"], {}),
    (["--cipher", "ec", "--encoding", "jwk"], {}),
    (["--cipher", "rsa", "--encoding", "pem"], {}),
    (["--cipher", "xchacha20-poly1305", "--encoding", "hex"], {}),
    (["--cipher", "secretbox", "--encoding", "base64"], {}),
    (["--cipher", "a256cbc-hs512", "--encoding", "base64url"], {}),
    (["--cipher", "a128cbc-hs256", "--encoding", "jwk"], {}),
    (["--cipher", "aes-256-kw", "--encoding", "hex"], {}),
    (["--cipher", "age", "--encoding", "utf8"], {}),
    (["--cipher", "passphrase", "--encoding", "utf8"], {}),
    (["--cipher", "passphrase", "--encoding", "hex"], {}),
]


@pytest.mark.parametrize(("options", "more"), CHOICES, ids=lambda value: str(value)[-24:])
def test_a_generated_key_is_one_and_stands_alone_on_standard_output(project, options, more):
    ran = project.run("key", "generate", *options)
    recipe = Recipe(cipher=options[1], encoding=options[3], **more)
    assert ran.code == 0
    assert not ran.out.endswith("\n")
    made = derived(recipe, ran.out)
    assert isinstance(made, bytes)
    assert weakness(recipe, made) == ""
    value = check_value(recipe, ran.out)
    assert value is not None
    assert f"its check value is {in_yaml(value)}\n" in ran.err
    assert canaries.found([ran.out], ran.err) == []
    assert project.run("key", "generate", *options).out != ran.out


def test_a_key_of_the_spec_is_generated_as_the_spec_reads_it(project):
    ran = project.run("key", "generate", "credentials")
    project.env(f"KEY={ran.out}\n")
    assert project.run("check", "dev", "--only", "credentials").code == 0
    assert "assay key generate credentials | gh secret set KEY" in ran.err
    assert project.run("key", "generate", "-q", "sessions").err == ""


def test_pem_is_wrapped_as_the_variable_stores_it(project):
    project.spec(
        "variables: {KEY: {type: private-key, stored-as: escaped}}\n"
        "environments: {dev: {values: [{dotenv: .env}]}}\n"
        "keys: {signing: {variable: KEY, cipher: ec, encoding: pem}}\n"
    )
    ran = project.run("key", "generate", "signing")
    assert "\n" not in ran.out
    assert "\\n" in ran.out
    project.env(f"KEY={ran.out}\n")
    assert project.run("check").code == 0


def test_a_terminal_gets_a_line_end(project):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    out = Terminal()
    argv = ["key", "generate", "-q", "--cipher", "aes-256-gcm", "--encoding", "hex"]
    with contextlib.chdir(project.folder):
        assert main(argv, io.StringIO(), out, io.StringIO()) == 0
    assert len(out.getvalue()) == 65
    assert out.getvalue().endswith("\n")


def test_node_takes_a_generated_key(project):
    node = program("node")
    text = project.run("key", "generate", "credentials").out
    script = "console.log(Buffer.from(require('fs').readFileSync(0,'utf8'),'hex').length)"
    done = subprocess.run(
        [node, "-e", script], input=text, capture_output=True, text=True, check=True
    )
    assert done.stdout == "32\n"


@pytest.mark.parametrize(
    ("argv", "message", "remedy"),
    [
        (["key"], "required: ACTION", "assay key --help"),
        (["key", "shwo"], "shwo is not one of show, generate, compare: did you mean show?", ""),
        (["key", "show", "--frmat", "x"], "not an option of `assay key show`: did you", "key show"),
        (["key", "show", "credentals"], "did you mean credentials?", "Name one of credentials"),
        (["key", "show", "--env", "prd"], "prd is not an environment: did you mean prod?", ""),
        (["key", "show", "--cipher", "fernet"], "--cipher is only for a key", "--variable NAME"),
        (
            ["key", "show", "--variable", "KEY", "sessions"],
            "can't be combined with names of keys",
            "Remove the names",
        ),
        (
            ["key", "show", "--variable", "KEY", "--cipher", "rsa"],
            "--encoding: a key for rsa is written as pem or jwk",
            "fit together",
        ),
        (["key", "generate"], "neither a key's name nor a cipher", "Name a key"),
        (["key", "generate", "--cipher", "fernet"], "neither a key", "--encoding hex"),
        (["key", "generate", "--cipher", "rsa", "--encoding", "hex"], "pem or jwk", "together"),
        (["key", "generate", "--cipher", "age", "--encoding", "hex"], "read as utf8", "together"),
        (["key", "generate", "--cipher", "passphrase", "--encoding", "pem"], "no form", "together"),
        (
            [
                "key",
                "generate",
                *["--cipher", "passphrase", "--encoding", "utf8", "--derive", "sha256"],
            ],
            "--derive: the text opens as it is",
            "together",
        ),
        (
            ["key", "generate", "credentials", "--cipher", "rsa"],
            "the spec already describes how",
            "--cipher",
        ),
        (["key", "generate", "nope"], "nope is not a key in the spec", "Name one of"),
        (["key", "compare", "credentials", "dev"], "only one environment", "two environments"),
        (["key", "compare", "credentials", "dev", "dev"], "only one environment", ""),
        (["key", "compare"], "required: NAME", ""),
    ],
)
def test_wrong_words_are_usage_errors(project, argv, message, remedy):
    ran = project.run(*argv)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
    assert remedy in ran.err


def test_a_spec_without_keys_says_what_to_do(project):
    project.spec("variables: {KEY: {secret: true}}")
    for argv in (["key", "show"], ["key", "compare", "k"], ["key", "generate", "k"]):
        ran = project.run(*argv)
        assert ran.code == 2
        assert "the spec declares no keys" in ran.err


def test_a_variable_that_is_declared_open_is_still_taken_for_secret(project):
    project.spec("variables: {KEY: {secret: false}}")
    project.env(f"KEY={Random(5).randbytes(32).hex()}\n")
    ran = project.run("key", "show", "--variable", "KEY")
    assert (ran.code, ran.out) == (2, "")
    assert "KEY holds a key, and is not declared with `secret: true`" in ran.err


@pytest.mark.parametrize(
    "raw",
    [
        hashlib.sha256(b"password").digest(),
        hashlib.sha512(b"Summer2025").digest()[:32],
        hashlib.md5(b"letmein").digest() * 2,
        hashlib.scrypt(b"password", salt=b"salt", n=16384, r=8, p=1, dklen=32),
    ],
    ids=["sha256", "sha512", "md5", "scrypt"],
)
def test_a_key_that_a_common_password_makes_is_guessable_and_has_no_check_value(project, raw):
    project.env(f"KEY={raw.hex()}\n")
    ran = project.run("key", "show", "credentials", "--env", "dev")
    assert "strength     guessable: derived from a common password\n" in ran.out
    assert "check value  none\n" in ran.out
    assert "the key in KEY can be guessed: it is derived from a common password" in ran.out
    assert "key-weak" in project.run("hook", ".env").out, "the screen must not call it clean"
    rows = json.loads(project.run("key", "show", "--format", "json").out)
    assert all(row["check-value"] is None for row in rows if row["environment"] == "dev")
    project.env(f"KEY={raw.hex()}\n", "prod.env")
    assert "key-weak" in project.run("check", "prod", "--only", "key").out
    assert "key-weak" in project.run("hook", "prod.env").out


def test_a_passphrase_has_no_check_value(project):
    ran = project.run("key", "show", "sessions", "--env", "dev")
    assert "check value  none\n" in ran.out
    assert "strength     text without a visible pattern\n" in ran.out
