"""Rows of stored ciphertext for benchmarks, and what opens them: a bare loop, and assay.

Run by the interpreter that assay is installed for: `python -m bench.rows opening ROWS FILE` writes
the rows to FILE, so that others can open the same, and prints seconds of processor time; `queries
TABLES` prints how many statements a check of so many tables takes.
"""

from __future__ import annotations

import json
import os
import sqlite3
import statistics
import sys
import time
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

KEY = bytes(range(32))
OTHER = bytes(range(1, 33))
SIZE = 256
"""Bytes of a plaintext."""
PAGE = 1_000
LAYOUT = {"cipher": "aes-256-gcm", "layout": ["iv:12", "ciphertext", "tag:16"]}
SPEC = """\
assay: 1
environments: {{bench: {{values: [{{dotenv: .env}}]}}}}
variables: {{KEY: {{secret: true}}, KEY_OLD: {{secret: true, required: false}}}}
keys:
  k: {{variable: KEY, cipher: aes-256-gcm, encoding: hex, derive: {derive}, previous: [KEY_OLD]}}
databases: {{main: {{sqlite: {{path: app.db}}}}}}
tables: {{rows: {{}}}}
credentials:
  c:
    table: rows
    key: k
    columns:
      secret: {{envelope: {{cipher: aes-256-gcm, layout: ['iv:12', ciphertext, 'tag:16']}}}}
"""


def rows(count: int, key: bytes = KEY) -> Iterator[bytes]:
    """Nonce, ciphertext, tag."""
    seal = AESGCM(key).encrypt
    plain = b"made up " * (SIZE // 8)
    for number in range(count):
        nonce = number.to_bytes(12, "big")
        yield nonce + seal(nonce, plain, None)


def project(folder: Path, cells: Iterator[bytes], *, derive: str = "none") -> Path:
    """A project whose table holds these cells; sealed with the key, unless they are not."""
    folder.mkdir(parents=True)
    (folder / "specs").mkdir()
    (folder / "specs" / "bench.yaml").write_text(SPEC.format(derive=derive))
    (folder / ".env").write_text(f"KEY={KEY.hex()}\nKEY_OLD={OTHER.hex()}\n")
    database = sqlite3.connect(folder / "app.db")
    database.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, secret BLOB)")
    database.executemany("INSERT INTO rows (secret) VALUES (?)", ((cell,) for cell in cells))
    database.commit()
    database.close()
    return folder


def opening(count: int, file: str) -> dict[str, float]:
    """The median seconds of opening so many rows, each in turn with the other."""
    from assay.crypto import Recipe
    from assay.crypto.autopsy import Case, Examiner
    from assay.crypto.envelopes import ENVELOPES

    made = list(rows(count))
    with open(file, "wb") as target:
        target.writelines(made)
    case = Case(
        envelope=ENVELOPES.parse(LAYOUT),
        recipe=Recipe(cipher="aes-256-gcm", encoding="hex"),
        variable="KEY",
        text=KEY.hex(),
    )

    def bare() -> None:
        opens = AESGCM(KEY).decrypt
        for cell in made:
            opens(cell[:12], cell[12:], None)

    def ours() -> None:
        examiner = Examiner(case, "secret")
        for at in range(0, count, PAGE):
            page = made[at : at + PAGE]
            names = [(str(at + place),) for place in range(len(page))]
            examiner.add(page, names, [b""] * len(page))
        if examiner.census().opened != count:
            raise SystemExit("not all rows opened")

    found: dict[str, list[float]] = {"bare": [], "assay": []}
    for _ in range(7):
        found["bare"].append(_seconds(bare))
        found["assay"].append(_seconds(ours))
    return {name: statistics.median(taken) for name, taken in found.items()}


def _seconds(work: Callable[[], None]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def queries(count: int) -> int:
    """The statements that a check of so many tables runs."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    import assay

    tables = "".join(
        f"  t{number}: {{columns: {{id: {{type: integer, primary-key: true}}}}}}\n"
        for number in range(count)
    )
    os.makedirs("specs", exist_ok=True)
    with open("specs/bench.yaml", "w", encoding="utf-8") as file:
        head = "assay: 1\nenvironments: {bench: {values: [process]}}\n"
        file.write(f"{head}databases: {{main: {{sqlite: {{path: t.db}}}}}}\ntables:\n{tables}")
    database = sqlite3.connect("t.db")
    for number in range(count):
        database.execute(f"CREATE TABLE IF NOT EXISTS t{number} (id INTEGER PRIMARY KEY)")
    database.commit()
    database.close()
    ran = 0

    def counted(*_: Any) -> None:
        nonlocal ran
        ran += 1

    event.listen(Engine, "before_cursor_execute", counted)
    report = assay.run(assay.load("specs"))
    if report.exit_code() != 0:
        raise SystemExit("the check of the tables did not pass")
    return ran


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["opening", count, file]:
            print(json.dumps(opening(int(count), file)))
        case ["queries", count]:
            print(json.dumps(queries(int(count))))
        case other:
            raise SystemExit(f"{' '.join(other)} is nothing to measure")
