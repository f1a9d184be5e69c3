"""The variable was damaged when the rows were encrypted, and is right now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.crypto.corpus.cases.building import TEXTS, case, group
from tests.crypto.corpus.producing import APPS, PHRASE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.crypto.corpus.producing import Producers

CLASS = "key then"
_THEN: dict[str, tuple[str, str, str]] = {
    "newline": (PHRASE, f"{PHRASE}\n", "newline"),
    "carriage return": (PHRASE, f"{PHRASE}\r", "carriage return"),
    "carriage return and newline": (PHRASE, f"{PHRASE}\r\n", "carriage return|newline"),
    "blank before": (PHRASE, f" {PHRASE}", "space|blank"),
    "blank after": (PHRASE, f"{PHRASE} ", "space|blank"),
    "byte order mark": (PHRASE, f"\ufeff{PHRASE}", "byte order mark|BOM|U\\+FEFF"),
    "double quotes": (PHRASE, f'"{PHRASE}"', "quote"),
    "single quotes": (PHRASE, f"'{PHRASE}'", "quote"),
    "quotes and newline": (PHRASE, f'"{PHRASE}"\n', "quote"),
    "first line only": (f"{PHRASE}\nand-a-second-line", PHRASE, "first line"),
    "up to #": (f"{PHRASE}#of-2031", PHRASE, "#|comment"),
    "up to blank and #": (f"{PHRASE} #of-2031", PHRASE, "#|comment"),
    "name expanded to nothing": (
        "correct$horse-battery-staple-2031",
        "correct-battery-staple-2031",
        "\\$|expand",
    ),
    "braced name expanded to nothing": (
        "correct${horse}-battery-2031",
        "correct-battery-2031",
        "\\$|expand",
    ),
    "two dollars to one": ("correct$$horse-battery-2031", "correct$horse-battery-2031", "\\$"),
    "escaped dollar": (
        "correct$horse-battery-2031",
        "correct\\$horse-battery-2031",
        "\\\\|\\$|backslash",
    ),
    "spelled newline": (
        "correct\\nhorse-battery-2031",
        "correct\nhorse-battery-2031",
        "newline|\\\\n",
    ),
    "newline spelled": (
        "correct\nhorse-battery-2031",
        "correct\\nhorse-battery-2031",
        "newline|\\\\n",
    ),
    "in capitals": (PHRASE, PHRASE.upper(), "capital|upper"),
    "comment kept": (PHRASE, f"{PHRASE} # the key", "comment|#"),
}
_APPS = (
    "node gcm, sha256",
    "node gcm, scrypt",
    "cryptr",
    "crypto-js",
    "go gcm, sha256",
    "node cbc, sha256",
)
_UNGUESSABLE = {"comment kept"}


def cases(producers: Producers) -> Iterator[dict[str, Any]]:
    """Each damage in applications that make a key of any text."""
    for of in _APPS:
        app = APPS[of]
        for name, (now, then, says) in _THEN.items():
            if name in _UNGUESSABLE or (of == "cryptr" and "quote" in name):
                continue
            rows = producers.sealed(app, TEXTS, then)
            sure = "likely" if of in ("crypto-js", "node cbc, sha256") else "proven"
            yield case(
                CLASS, f"{name}, {of}", app, rows, group("key-misread", says, sure=sure), env=now
            )
