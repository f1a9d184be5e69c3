"""Databases full of secrets: in rows, in ciphertexts, in what the schema says, in their URLs."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from tests.project import Project

FILE = "kept.db"


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


class Store:
    """A SQLite file with tenants' secrets, and a PostgreSQL server that is not there."""

    def __init__(self, rng: Random, canary: Callable[[Random], str]) -> None:
        self.key = "".join(rng.choices("0123456789abcdef", k=32))
        plain, self.value, self.default, self.check, password = (canary(rng) for _ in range(5))
        self.password = "".join(letter for letter in password if letter.isalnum())
        self.url = f"postgres://app:{self.password}@127.0.0.1:1/app"
        nonce, by = rng.randbytes(12), rng.choice([self.key, "another key, of 32 characters..!"])
        made = AESGCM(by.encode()).encrypt(nonce, plain.encode(), b"")
        self.cell = nonce + made[-16:] + made[:-16]
        if rng.random() < 0.5:
            self.cell = rng.choice([self.cell.hex().encode(), self.cell[:-9], plain.encode()])
        self.secrets = [self.key, plain, self.value, self.default, self.check, self.password]
        self.secrets.append(self.cell.hex())
        self.metadata = rng.choice(["port", "uuid", "text"])
        self.strict = rng.random() < 0.5
        self.away = rng.random() < 0.4

    def declare(self, data: dict[str, Any], variable: str) -> None:
        """Say in a spec what is stored, some of it wrongly; a variable has the key, or has not."""
        data["variables"] |= {"DATABASE_URL": {"secret": True}, variable: {"secret": True}}
        data.setdefault("keys", {})["s"] = {
            "variable": variable,
            "cipher": "aes-256-gcm",
            "encoding": "utf8",
        }
        data["databases"] = {"main": {"sqlite": {"path": FILE}}}
        other = {"type": "integer", "default": "x", "check": "other > 'x'"}
        data["tables"] = {
            "rows": {
                "database": "main",
                "columns": {"secret": "blob", "other": other if self.strict else "text"},
                "extra-columns": "fail",
            },
        }
        if self.away:
            data["databases"]["away"] = {"sql": {"url": "DATABASE_URL"}, "within": "1s"}
            data["tables"]["gone"] = {"database": "away"}
        field = {
            "envelope": {"cipher": "aes-256-gcm", "layout": ["iv:12", "tag:16", "ciphertext"]},
            "plaintext": {"type": "port"},
        }
        sealed = {"table": "rows", "key": "s", "columns": {"secret": field}}
        data["credentials"] = {"c": {**sealed, "metadata": {"other": self.metadata}}}
        data["parity"] = {"b": {"between": ["dev", "prod"], "tables": "identical"}}

    def make(self, project: Project) -> None:
        """Write the file."""
        with closing(sqlite3.connect(project.folder / FILE)) as database:
            database.execute(
                "CREATE TABLE rows (id INTEGER PRIMARY KEY, secret BLOB, other TEXT"
                f" DEFAULT {literal(self.default)} CHECK (other > {literal(self.check)}))"
            )
            database.execute("PRAGMA ignore_check_constraints = ON")
            database.execute("INSERT INTO rows VALUES (1, ?, ?)", (self.cell, self.value))
            database.commit()
