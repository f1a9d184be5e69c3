"""`assay credentials`: the autopsy at a terminal, and of one ciphertext on standard input."""

from __future__ import annotations

import io
import json
from random import Random
from typing import TYPE_CHECKING

import pytest
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from assay.cli import main

if TYPE_CHECKING:
    from tests.project import Project

TEXT = "cf3d2a9e17b8405691e6d80b5f27ac34"
OLD = "0a4b8c1d2e3f5061728394a5b6c7d8e9"
PLAIN = b"KCTKmjws5lR8OYlD6ex0YhMS8zNBqvgj"
SPEC = """
environments:
  production: {values: [{dotenv: .env}]}
  staging: {values: [{dotenv: .env.staging}]}
variables:
  KEY: {secret: true}
  KEY_OLD: {secret: true, required: false}
keys:
  secrets: {variable: KEY, cipher: aes-128-gcm, encoding: hex, previous: [KEY_OLD]}
databases:
  main: {sqlite: {path: app.db}}
tables:
  secrets: {}
credentials:
  secrets:
    table: secrets
    key: secrets
    identity: [id]
    columns:
      secret: {envelope: {cipher: aes-128-gcm, layout: ['iv:12', 'tag:16', ciphertext]}}
      other: {envelope: {cipher: aes-128-gcm, layout: ['iv:12', 'tag:16', ciphertext]}}
"""


def sealed(key: str = TEXT, plain: bytes = PLAIN, aad: bytes = b"") -> bytes:
    nonce = b"made up once"
    made = AESGCM(bytes.fromhex(key)).encrypt(nonce, plain, aad)
    return nonce + made[-16:] + made[:-16]


def script(*cells: bytes | None) -> str:
    lines = ["CREATE TABLE secrets (id INTEGER PRIMARY KEY, secret BLOB, other BLOB);"]
    for row, cell in enumerate(cells, 1):
        shown = "NULL" if cell is None else f"X'{cell.hex()}'"
        lines.append(f"INSERT INTO secrets VALUES ({row}, {shown}, {shown});")
    return "\n".join(lines)


@pytest.fixture
def shop(project: Project) -> Project:
    """A project whose rows were sealed with the key, but for one."""
    project.spec(SPEC)
    project.env(f"KEY={TEXT}\nKEY_OLD={OLD}\n")
    project.env(f"KEY={OLD}\n", ".env.staging")
    project.database("app.db", script(sealed(), sealed(OLD), None))
    return project


def test_check_tells_columns_then_causes(shop: Project):
    ran = shop.run("credentials", "check", "production")
    assert ran.code == 1
    assert ran.err == ""
    assert ran.out == (
        "secrets in production: 3 rows of secrets, key KEY\n"
        "\n"
        "  column      good    failed      NULL\n"
        "  secret         1         1         1\n"
        "  other          1         1         1\n"
        "\n"
        "  1 row: key fault (proven)  [credential-previous-key]\n"
        "    secret and other, row 2: encrypted with KEY_OLD, an earlier key\n"
        "    = seen: KEY read as hex does not decrypt it\n"
        "    = seen: KEY_OLD decrypts it: the authentication tag matches\n"
        "    = help: Keep KEY_OLD until every row is re-encrypted: decrypt these rows with "
        "KEY_OLD, encrypt\n            them with KEY, and only then remove KEY_OLD. Nothing is "
        "lost.\n"
        "\n"
        "1 error, 2 passed in production\n"
        "run `assay explain credential-previous-key` for details\n"
    )


def test_check_has_every_format_and_threshold(shop: Project):
    ran = shop.run("credentials", "check", "production", "--format", "json", "--output", "tap=t")
    findings = json.loads(ran.out)["findings"]
    assert [f["subject"] for f in findings if f["outcome"] == "fail"] == ["secrets"]
    assert findings[0]["notes"][0] == "proven: KEY read as hex does not decrypt it"
    assert "credential-previous-key" in (shop.folder / "t").read_text()


def test_check_goes_on_where_the_key_is_damaged_and_in_every_environment(shop: Project):
    shop.env(f"KEY='\"{TEXT}\"'\n")
    assert "key" not in shop.run("check", "production").out.partition("errors")[2]
    ran = shop.run("credentials", "check")
    assert "secrets in production" in ran.out
    assert "secrets in staging" in ran.out
    assert "the ciphertext needs it without the quotes around it" in " ".join(ran.out.split())


def test_check_in_colour_marks_what_failed(shop: Project):
    ran = shop.run("credentials", "check", "production", "--color", "always")
    assert "\x1b[1;31m         1\x1b[0m" in ran.out
    assert "\x1b[1;31m1 row\x1b[0m" in ran.out


def test_check_says_what_keeps_it_from_reading(shop: Project):
    (shop.folder / "app.db").unlink()
    ran = shop.run("credentials", "check", "production")
    assert ran.code == 1
    assert "error[database-file-missing]: " in ran.out
    assert "production: secrets was not checked, because " in ran.out


def test_check_is_quiet_where_all_is_well(shop: Project):
    (shop.folder / "app.db").unlink()
    shop.database("app.db", script(sealed()))
    assert shop.run("credentials", "check", "production", "-q") == (0, "", "")
    assert shop.run("credentials", "check", "production").out.endswith("passed in production\n")


def test_check_of_rows_that_are_hidden_is_unknown(shop: Project, monkeypatch):
    from assay.databases.model import FoundTable, Structure
    from assay.databases.sqlite.session import SqliteSession
    from assay.facts import Unobservable

    (shop.folder / "app.db").unlink()
    shop.database("app.db", script())
    hiding = Structure(
        dialect="sqlite",
        schema="",
        tables={
            "secrets": FoundTable(name="secrets", hidden=True, columns=Unobservable(reason="no"))
        },
    )
    monkeypatch.setattr(SqliteSession, "structure", lambda *_: hiding)
    ran = shop.run("credentials", "check", "production")
    assert ran.code == 3
    assert "no rows are visible to this role" in ran.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--name", "secret"], "secret is not a credential in the spec: did you mean secrets?"),
        (["nowhere"], "nowhere is not an environment"),
    ],
)
def test_check_knows_names(shop: Project, words, said):
    ran = shop.run("credentials", "check", *words)
    assert ran.code == 2
    assert said in ran.err


def test_check_without_credentials_says_what_to_declare(project: Project):
    project.spec("variables: {A: {}}")
    ran = project.run("credentials", "check")
    assert (ran.code, ran.out) == (2, "")
    assert "the spec declares no credentials" in ran.err


COLUMN = ("--column", "secrets.secret", "--env", "production")


def explained(shop: Project, data: bytes, *words: str):
    return shop.run("credentials", "explain", "-", *words, stdin=data)


def test_explain_says_that_it_opens_and_nothing_of_what(shop: Project):
    ran = explained(shop, sealed(), *COLUMN)
    assert ran == (0, "KEY decrypts it as the declared layout\n", "")


def test_explain_ranks_explanations_with_evidence(shop: Project):
    ran = explained(shop, sealed(OLD), *COLUMN)
    assert ran.code == 1
    assert ran.out.startswith(
        "KEY does not decrypt it as the declared layout\n\n"
        "1. key fault (proven)  [credential-previous-key]\n"
        "   encrypted with KEY_OLD, an earlier key\n"
        "   = seen: KEY read as hex does not decrypt it\n"
    )


def test_explain_takes_bytes_as_psql_prints_them(shop: Project):
    ran = explained(shop, b"\\x" + sealed().hex().encode() + b"\n", *COLUMN)
    assert (ran.code, ran.err) == (0, "")


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_explain_tolerates_a_line_end_and_tells_of_it(shop: Project, end):
    assert explained(shop, sealed() + end, *COLUMN).code == 0
    ran = explained(shop, sealed(OLD) + end, *COLUMN)
    assert "the trailing newline was ignored" in ran.out


def test_explain_keeps_a_last_byte_that_only_looks_like_a_line_end(shop: Project):
    at = next(n for n in range(4096) if sealed(plain=PLAIN + str(n).encode()).endswith(b"\n"))
    assert explained(shop, sealed(plain=PLAIN + str(at).encode()), *COLUMN).code == 0


def test_explain_of_a_key_of_the_spec_recognises_the_envelope(shop: Project):
    ran = explained(shop, sealed(), "--key", "secrets", "--env", "production", "--format", "json")
    told = json.loads(ran.out)
    assert told["opens"]
    assert told["envelope"] == "node-gcm"


def test_explain_of_a_variable_takes_a_recipe(shop: Project):
    key = Fernet.generate_key()
    shop.env(f"KEY={TEXT}\nTOKEN_KEY={key.decode()}\n")
    token = Fernet(key).encrypt(PLAIN)
    words = ("--variable", "TOKEN_KEY", "--cipher", "fernet", "--encoding", "base64url")
    ran = explained(shop, token, *words, "--env", "production")
    assert ran.out == "TOKEN_KEY decrypts it as a Fernet token\n"
    wrong = explained(shop, token[:-4] + b"AAA=", *words, "--env", "production", "--format", "json")
    assert wrong.code == 1
    assert not json.loads(wrong.out)["opens"]


def test_explain_takes_additional_data_and_an_envelope(shop: Project):
    layout = "{cipher: aes-128-gcm, layout: ['iv:12', 'tag:16', ciphertext]}"
    bound = sealed(aad=b"9")
    words = ("--key", "secrets", "--env", "production", "--envelope", layout)
    assert explained(shop, bound, *words, "--aad", "9").code == 0
    assert explained(shop, bound, *words).code == 1


def test_explain_takes_additional_data_from_the_spec_or_asks_for_it(shop: Project):
    text = (shop.folder / "specs" / "app.yaml").read_text()
    shop.spec(text.replace("ciphertext]}", "ciphertext], aad: shop}"))
    assert explained(shop, sealed(aad=b"shop"), *COLUMN).code == 0
    shop.spec(text.replace("ciphertext]}", "ciphertext], aad: 'row {id}'}"))
    ran = explained(shop, sealed(aad=b"row 9"), *COLUMN)
    assert ran.code == 2
    assert "it is bound to id of its row" in ran.err
    assert explained(shop, sealed(aad=b"row 9"), *COLUMN, "--aad", "row 9").code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*COLUMN, "--spec", "-"), "standard input can't hold both the spec and the ciphertext"),
        ((), "the spec has several environments, and none is named"),
        (("--env", "production"), "no key or column is named"),
        ((*COLUMN, "--key", "secrets"), "--column and --key can't be combined"),
        ((*COLUMN, "--cipher", "fernet"), "--cipher is only for a key that is not"),
        (("--column", "secrets.secrte", "--env", "production"), "did you mean secrets.secret?"),
        (("--key", "nope", "--env", "production"), "nope is not a key in the spec"),
        ((*COLUMN, "--envelope", "fernt"), "fernt is not an envelope: did you mean fernet?"),
        ((*COLUMN, "--envelope", "{cipher: ["), "is not an envelope"),
        ((*COLUMN, "--envelope", "{cipher: aes-128-gcm, layout: [ciphertext]}"), "iv is missing"),
    ],
)
def test_explain_knows_what_it_can_not_understand(shop: Project, words, said):
    ran = explained(shop, sealed(), *words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert "help: " in ran.err


@pytest.mark.parametrize("data", [b"", b"\n", b"  \r\n"])
def test_explain_without_input_says_how_to_pipe_it(shop: Project, data):
    ran = explained(shop, data, *COLUMN)
    assert ran.code == 2
    assert "standard input is empty" in ran.err


def test_explain_does_not_wait_for_a_terminal(shop: Project, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    out, err = io.StringIO(), io.StringIO()
    monkeypatch.chdir(shop.folder)
    code = main(["credentials", "explain", "-", *COLUMN], Terminal(), out, err)
    assert code == 2
    assert "standard input is a terminal" in err.getvalue()


def test_explain_takes_no_ciphertext_from_the_command_line(shop: Project):
    ran = shop.run("credentials", "explain", sealed().hex(), *COLUMN)
    assert ran.code == 2
    assert "never from the command line" in ran.err
    assert sealed().hex() not in ran.err


def test_explain_of_something_huge_gives_up_at_once(shop: Project):
    ran = explained(shop, bytes(3 * 2**20), *COLUMN)
    assert ran.code == 2
    assert "too large to be a credential" in ran.err


def test_explain_without_a_key_is_unobserved(shop: Project):
    shop.env("")
    ran = explained(shop, sealed(), *COLUMN)
    assert ran.code == 3
    assert "KEY is not set in production" in ran.err


@pytest.mark.parametrize(
    "data", [b"\0" * 40, Random(7).randbytes(99), b"\xff\xfe{", b"null", b"{" * 5000]
)
def test_explain_of_anything_never_fails(shop: Project, data):
    ran = explained(shop, data, *COLUMN)
    assert (ran.code, ran.err) == (1, "")


def test_the_actions_are_told(shop: Project):
    ran = shop.run("credentials", "--help")
    assert "explain why one ciphertext on standard input" in ran.out
