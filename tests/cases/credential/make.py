"""Makes `app.sql` of each case with stored ciphertext: `python tests/cases/credential/make.py`.

Keys and texts are made up, and nonces follow from their places, so that all is the same each time.
"""

from __future__ import annotations

import base64
import json
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

if TYPE_CHECKING:
    from collections.abc import Iterable

HERE = Path(__file__).parent
TEXT = "cf3d2a9e17b8405691e6d80b5f27ac34"
"""What `KEY` holds in every case; 32 characters, which are 16 bytes as hex."""
KEY = bytes.fromhex(TEXT)
OLD = bytes.fromhex("0a4b8c1d2e3f5061728394a5b6c7d8e9")
OTHER = bytes.fromhex("91827364554637281900a1b2c3d4e5f6")
LOST = bytes.fromhex("5be0cd19137e2179f3bb67ae8584caa7")
PLAIN = b"KCTKmjws5lR8OYlD6ex0YhMS8zNBqvgj"


def sealed(
    row: int, key: bytes = KEY, plain: bytes = PLAIN, aad: bytes = b"", nonce: int = 12
) -> bytes:
    """Nonce, tag, ciphertext."""
    start = sha256(f"nonce {row}".encode()).digest()[:nonce]
    made = AESGCM(key).encrypt(start, plain, aad)
    return start + made[-16:] + made[:-16]


def buffer(data: bytes) -> bytes:
    """How JSON writes a Buffer of Node."""
    return json.dumps({"type": "Buffer", "data": list(data)}, separators=(",", ":")).encode()


def flipped(data: bytes, at: int) -> bytes:
    """The same with one byte changed."""
    return data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]


def causes() -> Iterable[tuple[int, bytes | None]]:
    """A row for each thing that can have happened to it."""
    made = [sealed(row) for row in range(40)]
    nonce, tag, body = made[20][:12], made[20][12:28], made[20][28:]
    long = sealed(21, plain=PLAIN * 3)
    rows = [
        *(made[0], made[1], made[2]),
        *(buffer(made[3]), buffer(made[4])),
        made[5].hex().encode(),
        base64.b64encode(buffer(made[6])),
        *(sealed(7, OLD), sealed(8, OLD)),
        sealed(9, OTHER),
        sealed(10, sha256(b"undefined").digest()[:16]),
        made[12][:20],
        flipped(made[13], 20),
        long[:40] + long[41:],
        made[15] + b"\n",
        made[16].decode(errors="replace").encode(),
        PLAIN,
        b"",
        b"[object Object]",
        nonce + body + tag,
        Fernet(base64.urlsafe_b64encode(KEY * 2))._encrypt_from_parts(PLAIN, 0, nonce + b"0000"),
        sealed(22, aad=b"22"),
        sealed(23, plain=sealed(24)),
        sealed(25, plain=b"no consumer key"),
        bytes(2**20 + 1),
        b"vault:v1:8SDd3WHDOjf7mq69CyCqYjBXAiQQAVZRkFM13ok481zoCmHnSeDX9vyf7w==",
        flipped(long, 60),
    ]
    yield from enumerate(rows, 1)


def forms() -> Iterable[tuple[int, str]]:
    """What stands in a column of texts where `iv:tag:ciphertext` in hex should."""
    made = [hexed(sealed(row)) for row in range(6)]
    rows = [
        made[0],
        made[1].replace(":", "-"),
        "nothing of the sort",
        PLAIN.decode() + "!",
        made[4][:-1],
        made[5].upper(),
    ]
    yield from enumerate(rows, 1)


def hexed(data: bytes) -> str:
    """`iv:tag:ciphertext` in hex."""
    return ":".join(part.hex() for part in (data[:12], data[12:28], data[28:]))


def script(rows: Iterable[tuple[int, bytes | str | None]], kind: str = "BLOB") -> str:
    """A table `secrets` with these rows."""
    lines = [
        f"CREATE TABLE secrets (id INTEGER NOT NULL PRIMARY KEY, secret {kind}, version TEXT);"
    ]
    for row, cell in rows:
        shown = "NULL" if cell is None else f"'{cell}'" if isinstance(cell, str) else blob(cell)
        lines.append(f"INSERT INTO secrets VALUES ({row}, {shown}, '{row % 7}');")
    return "\n".join([*lines, ""])


def blob(data: bytes) -> str:
    """Bytes in SQL; many zeros as such."""
    return f"zeroblob({len(data)})" if not any(data) else f"X'{data.hex()}'"


def main() -> None:
    """Write them all."""
    well = [(row, sealed(row)) for row in range(1, 5)]
    as_text = [(row, hexed(sealed(row, TEXT.encode()))) for row in range(1, 15)]
    again = [(row, hexed(sealed(row, sha256(KEY).digest()))) for row in range(1, 4)]
    chacha = [
        (row, nonce + made[-16:] + made[:-16])
        for row in range(1, 4)
        for nonce in [sha256(f"nonce {row}".encode()).digest()[:12]]
        for made in [ChaCha20Poly1305(TEXT.encode()).encrypt(nonce, PLAIN, b"")]
    ]
    made = {
        "all-well": script(well),
        "causes": script(causes()),
        "forms": script(forms(), "TEXT"),
        "key-damaged": script(well),
        "lost-key": script([(row, sealed(row, LOST)) for row in range(1, 5)]),
        "not-here": script(well),
        "other-cipher": script(chacha),
        "other-reading": script(as_text, "TEXT"),
        "required": script([*well, (5, None), (6, None)])
        + "UPDATE secrets SET version = 'two' WHERE id = 3;\n"
        + "UPDATE secrets SET version = NULL WHERE id = 2;\n",
        "stretched": script(again, "TEXT"),
        **dict.fromkeys(("no-rows", "where"), script([*well, (9, sealed(9, LOST))])),
    }
    for name, text in made.items():
        (HERE / name).mkdir(exist_ok=True)
        (HERE / name / "app.sql").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
