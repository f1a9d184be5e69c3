"""Makes the databases of the outage: `python data/make.py`, which gives the same rows each time.

`development.db` is a healthy one. `production.db` holds what the outage left behind: the rows of
some tenants were damaged as DAMAGE says, each as it really happened somewhere. Keys and credentials
are made up. Nonces come from the place of a row, so that all is the same each time: a
real application takes them from its random source, each once.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
SCHEMA = """
CREATE TABLE tenants (
  id INTEGER NOT NULL PRIMARY KEY,
  name TEXT NOT NULL
);
CREATE TABLE mpesa_credentials (
  id INTEGER NOT NULL PRIMARY KEY,
  tenant_id INTEGER NOT NULL REFERENCES tenants (id),
  environment TEXT NOT NULL CHECK (environment IN ('sandbox', 'production')),
  consumer_key_enc BLOB NOT NULL,
  consumer_secret_enc BLOB NOT NULL,
  passkey_enc BLOB,
  key_version INTEGER NOT NULL,
  UNIQUE (tenant_id, environment)
);
"""
COLUMNS = ("consumer_key", "consumer_secret", "passkey")
DEVELOPMENT = "4e0970ae8d7689908f34d4275c642af11f32f07eb912728d5d735002620a06c1"
PRODUCTION = "7a3e153ebf5a4bd8d7f710699d515426b332b0861a6eea4624e283c4b8d4bf37"
OLD = "b1d60f6ff6a9a0e2a9f26b5bd8a3a6f29ec7d1b4c08a5f13de6c7790284bb35e"
TENANTS = (
    *("Mama Njeri's Kitchen", "Kilimani Grill", "Lamu House", "Swahili Plate", "Nyama Mile"),
    *("Ocean Basket Diani", "Chai Corner", "Kisumu Fish Point", "Ngong Hills Bistro"),
    *("Thika Road Eatery", "Karen Garden Café", "Eldoret Fries", "Naivasha Terrace"),
)
DAMAGE = {
    7: "JSON Buffer",  # supabase-js sent a Buffer of Node as JSON, and the column took the text
    8: "JSON Buffer",
    9: "hex text",  # a migration through CSV: the text of the dump was stored, not its bytes
    10: "old key",  # left behind by the rotation of last year
    11: "truncated",  # a table editor's preview of 24 bytes, saved back
    12: "undefined",  # a seed script without the variable: sha256(`${process.env.MPESA_KMS_KEY}`)
    13: "tag damaged",  # a retry that stored the tag of the first attempt
}
"""What happened to the production rows of a tenant; the others are well."""


def main(folder: Path = HERE) -> None:
    """Write both databases into a folder, anew."""
    write(folder / "development.db", development())
    write(folder / "production.db", production())


def write(path: Path, rows: Iterator[tuple[object, ...]]) -> None:
    """Make one database."""
    path.unlink(missing_ok=True)
    database = sqlite3.connect(path)
    database.executescript(SCHEMA)
    database.executemany("INSERT INTO tenants VALUES (?, ?)", enumerate(TENANTS, 1))
    columns = ("id", "tenant_id", "environment", *(f"{name}_enc" for name in COLUMNS))
    places = ", ".join("?" * (len(columns) + 1))
    statement = (
        f"INSERT INTO mpesa_credentials ({', '.join(columns)}, key_version) VALUES ({places})"
    )
    database.executemany(statement, rows)
    database.commit()
    database.execute("VACUUM")
    database.close()


def development() -> Iterator[tuple[object, ...]]:
    """A few tenants with credentials of the sandbox, all of them well."""
    key = bytes.fromhex(DEVELOPMENT)
    for number, tenant in enumerate(range(1, 5), 1):
        cells = [sealed(key, "development", tenant, "sandbox", name) for name in COLUMNS]
        yield (number, tenant, "sandbox", *cells, 2)


def production() -> Iterator[tuple[object, ...]]:
    """Every tenant's own credentials, some with others for the sandbox, damaged as above."""
    number = 0
    for tenant in range(1, len(TENANTS) + 1):
        for environment in ("sandbox", "production") if tenant in (3, 10) else ("production",):
            number += 1
            damage = DAMAGE.get(tenant, "")
            cells = [stored(damage, tenant, environment, name) for name in COLUMNS]
            if tenant == 5:
                cells[2] = None  # pays by till, and has no passkey
            yield (number, tenant, environment, *cells, 1 if damage == "old key" else 2)


def stored(damage: str, tenant: int, environment: str, name: str) -> bytes | None:
    """What the column holds."""
    key = bytes.fromhex(PRODUCTION)
    if damage == "old key":
        key = bytes.fromhex(OLD)
    elif damage == "undefined":
        key = sha256(b"undefined").digest()
    made = sealed(key, "production", tenant, environment, name)
    match damage:
        case "JSON Buffer":
            written = json.dumps({"type": "Buffer", "data": list(made)}, separators=(",", ":"))
            return written.encode()
        case "truncated":
            return made[:24]
        case "hex text":
            return made.hex().encode()
        case "tag damaged" if name == "passkey":
            other = sealed(key, "first attempt", tenant, environment, name)
            return made[:12] + other[12:28] + made[28:]
        case _:
            return made


def sealed(key: bytes, stage: str, tenant: int, environment: str, name: str) -> bytes:
    """Nonce, tag and ciphertext of AES-256-GCM, as the application writes them."""
    place = f"{stage}/{tenant}/{environment}/{name}"
    nonce = sha256(f"nonce/{place}".encode()).digest()[:12]
    made = AESGCM(key).encrypt(nonce, plaintext(place, name).encode(), b"")
    return nonce + made[-16:] + made[:-16]


def plaintext(place: str, name: str) -> str:
    """A made-up credential of the form that Safaricom gives out."""
    digits = sha256(place.encode()).hexdigest() + sha256(f"{place}/2".encode()).hexdigest()
    letters = "".join(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"[int(pair, 16) % 62]
        for pair in (digits[at : at + 2] for at in range(0, 128, 2))
    )
    return {"consumer_key": letters[:48], "consumer_secret": letters, "passkey": digits[:64]}[name]


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
