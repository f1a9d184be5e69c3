"""No key, plaintext, ciphertext or password of a database shows, whatever was damaged."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from random import Random
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.project import Project
from tests.properties import canaries

from assay import credentials, model
from assay.crypto.autopsy import Examiner
from assay.errors import AssayError
from assay.kinds.credential import words as credential_words
from assay.redaction import Masker
from assay.reporters import REPORTERS

SEEDS = st.integers(0, 2**32 - 1)
LAYOUT = {"cipher": "aes-256-gcm", "layout": ["iv:12", "tag:16", "ciphertext"]}
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"


def text(rng: Random, size: int) -> str:
    return "".join(rng.choices(LETTERS, k=size))


def sealed(rng: Random, key: bytes, plain: str, aad: bytes = b"") -> bytes:
    nonce = rng.randbytes(12)
    made = AESGCM(key).encrypt(nonce, plain.encode(), aad)
    return nonce + made[-16:] + made[:-16]


def damaged(rng: Random, cell: bytes, plain: str) -> bytes | str | None:
    """A ciphertext after one of the things that happen to it."""
    at = rng.randrange(len(cell))
    ways: list[bytes | str | None] = [
        *(cell, cell, cell.hex(), cell.hex().encode(), b"\\x" + cell.hex().encode(), None, b""),
        json.dumps({"type": "Buffer", "data": list(cell)}).encode(),
        *(cell[:at], cell + b"\n", cell[:at] + cell[at + 1 :], plain, plain.encode()),
        cell[:at] + bytes([cell[at] ^ 1]) + cell[at + 1 :],
        cell.decode("utf-8", "replace"),
        rng.randbytes(40),
    ]
    return rng.choice(ways)


class World:
    """A project full of canaries: keys, plaintexts, ciphertexts, a password."""

    def __init__(self, project: Project, rng: Random) -> None:
        self.project = project
        self.keys = [rng.randbytes(32).hex() for _ in range(3)]
        self.plains = [text(rng, 32) for _ in range(4)]
        self.password = text(rng, 24)
        given = rng.choice([self.keys[0], f'"{self.keys[0]}"', self.keys[0][:-1], text(rng, 32)])
        project.env(
            f"KEY='{given}'\nKEY_OLD={self.keys[1]}\nOTHER={self.keys[2]}\n"
            f"DATABASE_URL=postgresql://app:{self.password}@127.0.0.1:1/app\n"
        )
        project.spec(json.dumps(self.spec(rng)).encode())
        self.cells: list[bytes | str | None] = []
        with closing(sqlite3.connect(project.folder / "app.db")) as database:
            database.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, secret BLOB)")
            for row in range(rng.randint(1, 3)):
                plain = rng.choice(self.plains)
                key = rng.choice([*self.keys, self.keys[0], self.keys[0]])
                aad = b"9" if rng.random() < 0.1 else b""
                cell = damaged(rng, sealed(rng, bytes.fromhex(key), plain, aad), plain)
                self.cells.append(cell)
                database.execute("INSERT INTO rows VALUES (?, ?)", (row, cell))
            database.commit()

    def spec(self, rng: Random) -> dict[str, Any]:
        field: dict[str, Any] = {"envelope": LAYOUT, "required": rng.random() < 0.3}
        if rng.random() < 0.5:
            field["plaintext"] = {"type": "text", "pattern": "[A-Za-z0-9]{32}"}
        return {
            "assay": 1,
            "environments": {"prod": {"values": [{"dotenv": ".env"}]}},
            "variables": {
                name: {"secret": True} for name in ("KEY", "KEY_OLD", "OTHER", "DATABASE_URL")
            },
            "keys": {
                "k": {
                    "variable": "KEY",
                    "cipher": "aes-256-gcm",
                    "encoding": rng.choice(["hex", "hex", "utf8", "base64"]),
                    "previous": ["KEY_OLD"],
                },
                "o": {"variable": "OTHER", "cipher": "aes-256-gcm", "encoding": "hex"},
            },
            "databases": {
                "main": {"sqlite": {"path": "app.db"}},
                "away": {"sql": {"url": "DATABASE_URL"}, "within": "1s"},
            },
            "tables": {"rows": {"database": "main"}, "gone": {"database": "away"}},
            "credentials": {
                "c": {"table": "rows", "key": "k", "columns": {"secret": field}},
                "d": {"table": "gone", "key": "k", "columns": {"secret": field}},
            },
        }

    @property
    def secrets(self) -> list[str]:
        """What may not show: also ciphertext, in every guise."""
        stored = [cell.hex() for cell in self.cells if isinstance(cell, bytes)]
        stored += [cell for cell in self.cells if isinstance(cell, str)]
        return [*self.keys, *self.plains, self.password, *(s for s in stored if len(s) > 16)]

    def said(self) -> str:
        """All that is said and written of it, in every format."""
        folder = self.project.folder / "out"
        folder.mkdir(exist_ok=True)
        outputs = [f"--output={name}={folder / name}" for name in REPORTERS]
        run = self.project.run
        runs = [
            run("check", "-v"),
            run("credentials", "check", "--color", "always", *outputs, environ={"COLUMNS": "60"}),
            *(self._explained(cell) for cell in self.cells),
        ]
        files = [file.read_text(encoding="utf-8") for file in folder.iterdir()]
        return "\n".join([*(ran.said for ran in runs), *files, *map(self._opened, self.cells)])

    def _explained(self, cell: bytes | str | None) -> Any:
        data = cell.encode("utf-8", "surrogatepass") if isinstance(cell, str) else cell or b""
        return self.project.run("credentials", "explain", "-", "--column", "c.secret", stdin=data)

    def _opened(self, cell: bytes | str | None) -> str:
        try:
            credentials.open(
                cell,
                spec=str(self.project.folder / "specs"),
                environment="prod",
                credential="c",
                column="secret",
            )
        except AssayError as error:
            evidence = getattr(error, "evidence", ())
            return "\n".join([str(error), repr(error), error.remedy, *evidence])
        return ""


def shown(seed: int) -> list[str]:
    with Project.temporary() as project:
        world = World(project, Random(seed))
        said = world.said()
        assert "Traceback" not in said
        assert "a bug in assay" not in said
        return canaries.found(world.secrets, said)


@settings(phases=[Phase.reuse, Phase.generate], max_examples=max(10, settings().max_examples // 20))
@given(SEEDS)
def test_nothing_of_stored_credentials_shows_and_nothing_hangs_on_the_last_masker(seed):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Masker, "mask", lambda _, said: said)
        assert shown(seed) == []


def test_nothing_shows_with_the_masker_either():
    assert shown(0) == []


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_bug_of_the_autopsy_is_no_fault_of_the_database_and_shows_no_secret(
    project, monkeypatch, capfd, form
):
    world = World(project, Random(3))

    def explode(self: Examiner, cells: Any, *_more: Any) -> None:
        raise RuntimeError(f"can't examine {cells} with {vars(self)}")

    monkeypatch.setattr(Examiner, "add", explode)
    monkeypatch.setattr(Masker, "mask", lambda _, said: said)
    ran = project.run("credentials", "check", "--format", form)
    assert (ran.code, ran.out) == (70, "")
    assert "assay: a bug in assay: RuntimeError at test_credentials_leak_nothing.py:" in ran.err
    said = "".join([ran.err, *capfd.readouterr()])
    assert "Traceback" not in said
    assert canaries.found(world.secrets, said) == []


def test_this_suite_would_notice_if_evidence_told_a_key(monkeypatch):
    monkeypatch.setattr(Masker, "mask", lambda _, said: said)
    key = Random(1).randbytes(32).hex()  # the first key of that world
    monkeypatch.setattr(credential_words, "notes", lambda _: (key,))
    assert shown(1) == [], "what looks like a key is bullets"
    monkeypatch.setattr(model, "discreet", lambda text, **_: text)
    assert shown(1) != []
