"""The ciphertext is whole; something was wrapped around it, or spelled it another way."""

from __future__ import annotations

import base64
import gzip
import html
import json
import quopri
import urllib.parse
from typing import TYPE_CHECKING, Any

from tests.crypto.corpus.cases.building import TEXTS, case, changed, group
from tests.crypto.corpus.producing import APPS, PASSPHRASE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.crypto.corpus.producing import Producers

CLASS = "wrapper"
_B32 = base64.b32encode
_OF_TEXT: dict[str, Callable[[str], str]] = {
    "hex of it": lambda t: t.encode().hex(),
    "base64 of it": lambda t: base64.b64encode(t.encode()).decode(),
    "base64 of it, with newlines": lambda t: base64.encodebytes(t.encode()).decode(),
    "hex as PostgreSQL writes it": lambda t: "\\x" + t.encode().hex(),
    "double quotes": lambda t: f'"{t}"',
    "single quotes": lambda t: f"'{t}'",
    "newline": lambda t: t + "\n",
    "blanks around": lambda t: f"  {t} ",
    "a JSON array": lambda t: json.dumps([t]),
    "a JSON object": lambda t: json.dumps({"ciphertext": t}),
    "a JSON object, nested": lambda t: json.dumps({"data": {"value": t}}),
    "JSON of JSON": lambda t: json.dumps(json.dumps(t)),
    "Buffer as JSON": lambda t: json.dumps({"type": "Buffer", "data": list(t.encode())}),
    "Buffer as JSON, as hex": lambda t: (
        "\\x" + json.dumps({"type": "Buffer", "data": list(t.encode())}).encode().hex()
    ),
    "bytes as Python prints them": lambda t: repr(t.encode()),
    "data URL": lambda t: "data:text/plain;base64," + base64.b64encode(t.encode()).decode(),
    "zero-width space": lambda t: t[:9] + "\u200b" + t[9:],
    "byte order mark": lambda t: "\ufeff" + t,
    "percent-encoded": lambda t: urllib.parse.quote(t, safe=""),
    "gzip, in base64": lambda t: base64.b64encode(gzip.compress(t.encode())).decode(),
    "lines of 40": lambda t: "\n".join(t[at : at + 40] for at in range(0, len(t), 40)),
    "lines of 40, CRLF": lambda t: "\r\n".join(t[at : at + 40] for at in range(0, len(t), 40)),
    "with its name": lambda t: f"secret={t}",
}
_OF_BASE64: dict[str, Callable[[str], str]] = {
    "plus to blank": lambda t: t.replace("+", " "),
    "plus lost": lambda t: t.replace("+", ""),
    "percent-encoded plus": lambda t: t.replace("+", "%2B"),
    "slashes escaped": lambda t: json.dumps(t)[1:-1].replace("/", "\\/"),
    "quoted-printable": lambda t: quopri.encodestring(t.encode()).decode(),
    "HTML entities": lambda t: html.escape(t).replace("+", "&#43;").replace("=", "&#61;"),
}
_OF_JSON: dict[str, Callable[[str], str]] = {
    "quotes escaped": lambda t: t.replace('"', '\\"'),
    "HTML entities": lambda t: t.replace('"', "&quot;"),
    "typographic quotes": lambda t: t.replace('"', "\u201d"),
    "single quotes": lambda t: t.replace('"', "'"),
    "JSON as text": json.dumps,
    "slashes escaped": lambda t: t.replace("/", "\\/"),
}
_CODES = "wrapped json-buffer wrong-layout wrong-envelope"


def cases(producers: Producers) -> Iterator[dict[str, Any]]:
    """Each wrapper around each envelope that it fits."""
    for of in ("node gcm, hex key", "go gcm", "fernet", "cryptr", "laravel", "rails", "php cbc"):
        app = APPS[of]
        rows = producers.sealed(app, TEXTS)
        for name, wrap in _OF_TEXT.items():
            lenient = name.startswith("lines") or name in ("newline", "blanks around")
            if lenient and of in ("fernet", "laravel", "go gcm", "php cbc"):
                continue  # the decoders of these programs read it all the same
            if (name == "hex of it" and of == "cryptr") or changed(rows, wrap) == rows:
                continue
            sure = "likely" if of == "php cbc" else "proven"
            wrapped = changed((row for row in rows if wrap(row["text"]) != row["text"]), wrap)
            yield case(CLASS, f"{name}, {of}", app, wrapped, group(_CODES, sure=sure))
    yield from _of_base64(producers)
    app = APPS["node gcm, json"]
    rows = producers.sealed(app, TEXTS)
    for name, wrap in _OF_JSON.items():
        if changed(rows, wrap) != rows:
            yield case(CLASS, f"{name}, node gcm, json", app, changed(rows, wrap), group(_CODES))
    box = APPS["secretbox"]
    rows = changed(producers.sealed(box, TEXTS), lambda t: base64.b64decode(t).hex())
    yield case(CLASS, "hex for base64, secretbox", box, rows, group(_CODES))
    joined = APPS["go gcm"]
    rows = changed(producers.sealed(joined, TEXTS), lambda t: base64.b64decode(t).hex())
    yield case(CLASS, "hex for base64, go gcm", joined, rows, group(_CODES))
    rows = changed(producers.sealed(joined, TEXTS), lambda t: _B32(base64.b64decode(t)).decode())
    yield case(CLASS, "base32 for base64, go gcm", joined, rows, group(_CODES))
    hexed = APPS["node gcm, hex key"]
    rows = changed(producers.sealed(hexed, TEXTS), str.upper)
    healthy = group("", rows=[])
    yield case(CLASS, "capital hex is healthy", hexed, rows, healthy, healthy=len(TEXTS))
    rows = changed(
        producers.sealed(hexed, TEXTS),
        lambda t: " ".join(t[at : at + 2] for at in range(0, len(t), 2)),
    )
    yield case(CLASS, "hex with blanks", hexed, rows, group(_CODES))
    openssl = APPS["crypto-js"]._replace(recipe=PASSPHRASE)
    rows = changed(
        producers.sealed(openssl, TEXTS),
        lambda t: "-----BEGIN MESSAGE-----\n" + t + "\n-----END MESSAGE-----\n",
    )
    yield case(CLASS, "PEM armour, crypto-js", openssl, rows, group(_CODES, sure="likely"))


def _of_base64(producers: Producers) -> Iterator[dict[str, Any]]:
    """What happens to the characters + / = of base64."""
    for of in ("go gcm", "java gcm", "rails", "php gcm", "secretbox"):
        app = APPS[of]
        rows = [
            row
            for row in producers.sealed(app, TEXTS * 12)
            if "+" in row["text"] and "/" in row["text"]
        ]
        rows = [row for row in rows if row["text"].count("+") <= 1 + ("secret" in of)][:4]
        for name, wrap in _OF_BASE64.items():
            codes = f"{_CODES} bytes-lost" if "lost" in name else _CODES
            wrapped = changed(rows, wrap)
            if wrapped == rows or not rows:
                continue
            yield case(CLASS, f"{name}, {of}", app, wrapped, group(codes))
