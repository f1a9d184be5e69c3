"""Columns whose rows have different causes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.crypto.corpus.cases.building import case, group
from tests.crypto.corpus.producing import APPS, KEY, PHRASE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.crypto.corpus.producing import Producers

CLASS = "mixed"
_OLD = "1d3c5b7a99887766554433221100ffeeddccbbaa0099887766554433221100ab"
_LOST = "c3a1f2e4d5b6978812345678deadbeef00112233445566778899aabbccddeef0"


def _texts(count: int, first: int = 0) -> list[str]:
    return [f"CANARY credential number {at} of the tenants" for at in range(first, first + count)]


def cases(producers: Producers) -> Iterator[dict[str, Any]]:
    """Two or three causes, each with its rows."""
    sealed, gcm = producers.sealed, APPS["node gcm, hex key"]
    now, old, lost = (
        sealed(gcm, _texts(6)),
        sealed(gcm, _texts(4), _OLD),
        sealed(gcm, _texts(3), _LOST),
    )
    rows = [*now, *old, *lost]
    yield case(
        CLASS, "previous and lost key", gcm, rows,
        group("previous-key", "KEY_OLD", rows=range(6, 10)),
        group("key-unknown", "", rows=range(10, 13), sure="likely"),
        previous={"KEY_OLD": _OLD}, healthy=6,
    )  # fmt: skip
    yield case(
        CLASS, "a suspect's key", gcm, [*now, *old],
        group("wrong-key", "OTHER_KEY", rows=range(6, 10)),
        suspects={"OTHER_KEY": _OLD}, healthy=6,
    )  # fmt: skip
    hashed = APPS["node gcm, sha256"]
    then = sealed(hashed, _texts(7), f"{PHRASE}\n")
    after = sealed(hashed, _texts(5))
    yield case(
        CLASS, "newline in the first rows only", hashed, [*then, *after],
        group("key-misread", "newline", rows=range(7)), healthy=5,
    )  # fmt: skip
    yield case(
        CLASS, "undefined in the last rows only", hashed,
        [*after, *sealed(hashed, _texts(3), "undefined")],
        group("unset-key", "undefined", rows=range(5, 8)), healthy=5,
    )  # fmt: skip
    buffers = [
        {"text": '{"type":"Buffer","data":[' + ",".join(map(str, row["text"].encode())) + "]}"}
        for row in sealed(gcm, _texts(3))
    ]
    damaged = [
        {"text": row["text"][:-3] + ("000" if row["text"][-3:] != "000" else "111")}
        for row in now[:2]
    ]
    yield case(
        CLASS, "Buffers, damage and the previous key", gcm, [*now, *buffers, *damaged, *old],
        group("json-buffer wrapped", "", rows=range(6, 9)),
        group("bytes-changed tag-damaged", "", rows=range(9, 11)),
        group("previous-key", "KEY_OLD", rows=range(11, 15)),
        previous={"KEY_OLD": _OLD}, healthy=6,
    )  # fmt: skip
    twelve = sealed(gcm, _texts(62), _LOST)
    five = sealed(APPS["node gcm, sha256"]._replace(name="gcm-of-key"), _texts(5), KEY)
    hexed = [{"text": row["text"].encode().hex()} for row in five]
    yield case(
        CLASS, "five wrapped rows among lost ones", gcm, [*twelve, *hexed],
        group("key-unknown", "", rows=range(62), sure="likely"),
        group("wrapped", "hex", rows=range(62, 67)),
    )  # fmt: skip
    small = sealed(gcm, _texts(60, 60))
    odd = sealed(APPS["node gcm, hex key"], _texts(1), _OLD)
    yield case(
        CLASS, "one odd row of many", gcm, [*small, *odd],
        group("previous-key", "KEY_OLD", rows=[60]), previous={"KEY_OLD": _OLD}, healthy=60,
    )  # fmt: skip
    many = sealed(gcm, _texts(150))
    some = sealed(gcm, _texts(1), "00" * 32)
    yield case(
        CLASS, "one row of a default key among many", gcm, [*many[:75], *some, *many[75:]],
        group("unset-key default-key public-key", "zero", rows=[75]), healthy=150,
    )  # fmt: skip
    fernet = APPS["fernet"]
    rows = [*sealed(fernet, _texts(40)), *sealed(fernet, _texts(3), APPS["fernet"].env.swapcase())]
    yield case(
        CLASS, "three Fernet rows of a lost key", fernet, rows,
        group("key-unknown", "", rows=range(40, 43), sure="likely"), healthy=40,
    )  # fmt: skip
    cbc = APPS["node cbc"]
    rows = [*sealed(cbc, _texts(30)), *sealed(cbc, _texts(6), _OLD)]
    yield case(
        CLASS, "previous key of a CBC column", cbc, rows,
        group("previous-key", "KEY_OLD", rows=range(30, 36), sure="likely"),
        previous={"KEY_OLD": _OLD}, healthy=30,
    )  # fmt: skip
