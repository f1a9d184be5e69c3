"""A public text served as the key, or one that stands for no text at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.crypto.corpus.cases.building import TEXTS, case, group
from tests.crypto.corpus.producing import APPS, PHRASE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.crypto.corpus.producing import Producers

CLASS = "default key"
_ANY = (
    *("undefined", "null", "None", "false", "secret", "default-key", "changeme", "your-secret-key"),
    *("APP_KEY", "${APP_KEY}", "password", "[object Object]", "NaN", "true", "default"),
)
_CODES = "unset-key default-key public-key"


def cases(producers: Producers) -> Iterator[dict[str, Any]]:
    """Each default in each derivation."""
    for of in ("node gcm, sha256", "node gcm, scrypt", "cryptr", "crypto-js", "go gcm, sha256"):
        app = APPS[of]
        for literal in _ANY:
            if of in ("cryptr", "node gcm, scrypt") and literal in ("NaN", "true", "default"):
                continue
            rows = producers.sealed(app, TEXTS, literal)
            sure = "likely" if of == "crypto-js" else "proven"
            says = literal.replace("$", "\\$").replace("{", "\\{").replace("[", "\\[")
            yield case(CLASS, f"{literal}, {of}", app, rows, group(_CODES, says, sure=sure))
    utf8 = APPS["node gcm, utf8"]._replace(env=PHRASE[:32])
    for name, then in {
        "undefined padded with 0": "undefined".ljust(32, "0"),
        "changeme padded with blanks": "changeme".ljust(32),
        "32 zeros": "0" * 32,
        "digits counted": "01234567890123456789012345678901",
        "letters counted": "abcdefghijklmnopqrstuvwxyz123456",
        "12345678901234567890123456789012": "12345678901234567890123456789012",
    }.items():
        rows = producers.sealed(utf8, TEXTS, then)
        yield case(CLASS, name, utf8, rows, group(_CODES, ""))
    hexed = APPS["node gcm, hex key"]
    rows = producers.sealed(APPS["node gcm, hex key"], TEXTS, "00" * 32)
    yield case(CLASS, "zero bytes", hexed, rows, group(_CODES, "zero"))
