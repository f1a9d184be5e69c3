"""Rows of stored credentials after all that happens to ciphertexts, and the keys around them."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from tests.properties.leaks.planted import Planted

if TYPE_CHECKING:
    from random import Random

    from tests.project import Project

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


def _telling(cell: str) -> bool:
    """Whether a cell can be known again: replacement characters stand in other bytes, too."""
    return len(cell) > 16 and "\ufffd" not in cell


def rows(rng: Random) -> Planted:
    """A project full of canaries: keys, plaintexts, ciphertexts, a password."""
    keys = [rng.randbytes(32).hex() for _ in range(3)]
    plains = [text(rng, 32) for _ in range(4)]
    password = text(rng, 24)
    given = rng.choice([keys[0], f'"{keys[0]}"', keys[0][:-1], text(rng, 32)])
    env = (
        f"KEY='{given}'\nKEY_OLD={keys[1]}\nOTHER={keys[2]}\n"
        f"DATABASE_URL=postgresql://app:{password}@127.0.0.1:1/app\n"
    )
    data = spec(rng)
    cells: list[bytes | str | None] = []
    for _ in range(rng.randint(1, 3)):
        plain = rng.choice(plains)
        key = rng.choice([*keys, keys[0], keys[0]])
        aad = b"9" if rng.random() < 0.1 else b""
        cells.append(damaged(rng, sealed(rng, bytes.fromhex(key), plain, aad), plain))

    def make(project: Project) -> None:
        with closing(sqlite3.connect(project.folder / "app.db")) as database:
            database.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, secret BLOB)")
            database.executemany("INSERT INTO rows VALUES (?, ?)", enumerate(cells))
            database.commit()

    stored = [cell.hex() if isinstance(cell, bytes) else cell or "" for cell in cells]
    return Planted(
        spec=json.dumps(data).encode(),
        files={".env": env.encode()},
        secrets=[*keys, *plains, password, *filter(_telling, stored)],
        make=make,
        cells=cells,
        column="c.secret",
    )


def spec(rng: Random) -> dict[str, Any]:
    field: dict[str, Any] = {"envelope": LAYOUT, "required": rng.random() < 0.3}
    if rng.random() < 0.5:
        field["plaintext"] = {"type": "text", "pattern": "[A-Za-z0-9]{32}"}
    return {
        "assay": 1,
        "environments": {n: {"values": [{"dotenv": ".env"}]} for n in ("dev", "prod")},
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
