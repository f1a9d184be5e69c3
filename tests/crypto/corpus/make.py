"""Makes `corpus.json`: stored texts of applications, each damaged in one or two known ways.

Run it by hand from the root of the project, after `make peers`, with node, php, ruby, go and a JDK:
`.venv/bin/python -m tests.crypto.corpus.make`. Nonces are random, so every ciphertext changes.
Keys and texts are made up. What is expected is written in `README.md`, beside this file.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.crypto.corpus.cases import (
    blocks,
    content,
    damage,
    defaults,
    keys_now,
    keys_then,
    mixed,
    searches,
    wrappers,
)
from tests.crypto.corpus.producing import Producers

HERE = Path(__file__).parent


def main() -> None:
    """Write the corpus."""
    with Producers() as producers:
        made = [
            case
            for part in (
                *(keys_now, keys_then, defaults, searches, wrappers),
                *(damage, blocks, content, mixed),
            )
            for case in part.cases(producers)
        ]
    names = [case["name"] for case in made]
    assert len(set(names)) == len(names), [n for n in names if names.count(n) > 1]
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in made)
    (HERE / "corpus.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    sys.stdout.write(f"{len(made)} cases of {producers.versions}\n")


if __name__ == "__main__":
    main()
