"""The variable was damaged after the rows were encrypted."""

from __future__ import annotations

import base64
import unicodedata
from typing import TYPE_CHECKING, Any

from tests.crypto.corpus.cases.building import TEXTS, case, group
from tests.crypto.corpus.producing import APPS, KEY, KEY64

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.crypto.corpus.producing import Producers

CLASS = "key now"
_DAMAGE: dict[str, tuple[Callable[[str], str], str]] = {
    "newline": (lambda t: t + "\n", "newline|white ?space"),
    "carriage return and newline": (lambda t: t + "\r\n", "carriage|newline|white ?space|line end"),
    "blank after": (lambda t: t + " ", "blank|space"),
    "blank before": (lambda t: " " + t, "blank|space"),
    "tab after": (lambda t: t + "\t", "tab|white ?space"),
    "no-break space": (lambda t: t + "\u00a0", "no-break|non-breaking|space"),
    "double quotes": (lambda t: f'"{t}"', "quote"),
    "single quotes": (lambda t: f"'{t}'", "quote"),
    "curly quotes": (lambda t: f"\u201c{t}\u201d", "quote"),
    "backticks": (lambda t: f"`{t}`", "quote|backtick"),
    "quotes and newline": (lambda t: f'"{t}"\n', "quote"),
    "one quote": (lambda t: f'{t}"', "quote"),
    "comment": (lambda t: f"{t} # production, 2031", "comment|#"),
    "its name": (lambda t: f"APP_KEY={t}", "APP_KEY="),
    "export": (lambda t: f"export APP_KEY={t}", "export|APP_KEY="),
    "semicolon": (lambda t: t + ";", ";|semicolon"),
    "comma": (lambda t: t + ",", ",|comma"),
    "byte order mark": (lambda t: "\ufeff" + t, "byte order mark|BOM|invisible|U\\+FEFF"),
    "zero-width space": (lambda t: t + "\u200b", "zero-width|invisible|U\\+200B"),
    "pasted twice": (lambda t: t + t, "twice|second"),
    "pasted twice, newline": (lambda t: f"{t}\n{t}", "twice|second|first line"),
    "newline in the middle": (lambda t: f"{t[:20]}\r\n{t[20:]}", "newline|line end|white ?space"),
    "blank in the middle": (lambda t: f"{t[:20]} {t[20:]}", "space|blank"),
    "base64 of it and a newline": (
        lambda t: base64.b64encode(f"{t}\n".encode()).decode(),
        "base64",
    ),
    "base64 of it": (lambda t: base64.b64encode(t.encode()).decode(), "base64"),
}
_BASE64 = {
    "percent-encoded": (
        lambda t: t.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D"),
        "percent",
    ),
    "plus to blank": (lambda t: t.replace("+", " "), "\\+|plus"),
    "minus to dash": (lambda t: t.replace("-", "\u2013"), "dash|hyphen"),
    "prefix lost": (lambda t: t.partition(":")[2] or t.partition("256.")[2], "prefix"),
}
_STRICT = ("node gcm, hex key", "python gcm", "node cbc", "java gcm", "rails")
_TEXTS = ("node gcm, sha256", "node gcm, scrypt", "cryptr", "go gcm, sha256", "node cbc, sha256")


def cases(producers: Producers) -> Iterator[dict[str, Any]]:
    """Each damage in strict applications, and in those that hash or stretch any text."""
    for of in (*_STRICT, *_TEXTS):
        app = APPS[of]
        rows = producers.sealed(app, TEXTS)
        for name, (damage, says) in _DAMAGE.items():
            if of in ("cryptr", "node gcm, scrypt") and name in (
                "tab after",
                "backticks",
                "one quote",
            ):
                continue
            expected = group("key-misread", says, sure=_sure(of))
            yield case(CLASS, f"{name}, {of}", app, rows, expected, env=damage(app.env))
    for of, names in {
        "node gcm, base64 key": ("percent-encoded", "plus to blank"),
        "cloak": ("percent-encoded", "prefix lost", "minus to dash"),
        "laravel": ("percent-encoded", "plus to blank", "prefix lost"),
    }.items():
        app = APPS[of]
        rows = producers.sealed(app, TEXTS)
        for name in names:
            damage, says = _BASE64[name]
            text = damage(app.env)
            if text == app.env:
                continue
            yield case(CLASS, f"{name}, {of}", app, rows, group("key-misread", says), env=text)
    yield from _composed(producers)
    yield from _encoded(producers)


def _sure(of: str) -> str:
    return "likely" if "cbc" in of else "proven"


def _composed(producers: Producers) -> Iterator[dict[str, Any]]:
    for of in ("node gcm, sha256", "cryptr"):
        app = APPS[of]._replace(env="caf\u00e9-\u00fcber-na\u00efve-passphrase-2031")
        rows = producers.sealed(app, TEXTS)
        text = unicodedata.normalize("NFD", app.env)
        says = "NFC|NFD|accent|composed|Unicode"
        yield case(CLASS, f"decomposed, {of}", app, rows, group("key-misread", says), env=text)
        text = APPS[of].env.replace("-", "\u2013")
        rows = producers.sealed(APPS[of], TEXTS)
        says = "dash|hyphen"
        yield case(CLASS, f"dashes, {of}", APPS[of], rows, group("key-misread", says), env=text)


def _encoded(producers: Producers) -> Iterator[dict[str, Any]]:
    """The same bytes, written another way."""
    hexed, in_base64 = APPS["node gcm, hex key"], APPS["node gcm, base64 key"]
    rows = producers.sealed(hexed, TEXTS)
    yield case(
        CLASS, "base64 for hex", hexed, rows, group("key-misread key-unusable", "base64"), env=KEY64
    )
    rows = producers.sealed(in_base64, TEXTS)
    yield case(CLASS, "hex for base64", in_base64, rows, group("key-misread", "hex"), env=KEY)
    url = KEY64.replace("+", "-").replace("/", "_").rstrip("=")
    yield case(
        CLASS, "base64url for base64", in_base64, rows, group("key-misread", "base64"), env=url
    )
    yield case(
        CLASS,
        "0x before hex",
        hexed,
        producers.sealed(hexed, TEXTS),
        group("key-misread", "prefix|0x"),
        env=f"0x{KEY}",
    )
