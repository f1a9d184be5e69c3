"""Bytes as programs write them in JSON: a Buffer of Node, a list, an object of a typed array."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

import msgspec

from assay.crypto.node import byte_list, from_base64

_INSPECTED = re.compile(rb"<Buffer((?: [0-9a-f]{2})*)>")
_CUT = re.compile(rb'\{"type":"Buffer","data":\[([0-9,]*)')


class _Buffer(msgspec.Struct, tag="Buffer"):
    data: list[int]


_AS_NODE = msgspec.json.Decoder(_Buffer).decode


def json_value(data: bytes) -> Any:
    """What a JSON text holds; None if it isn't one."""
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None


def buffer(data: bytes) -> bytes | None:
    """`{"type":"Buffer","data":[1,2]}`, as `JSON.stringify` writes a Buffer of Node."""
    if data[:1] != b"{" or b"Buffer" not in data:
        return None
    with suppress(msgspec.DecodeError, ValueError, UnicodeDecodeError):  # as nearly all are
        return bytes(_AS_NODE(data).data)
    found = json_value(data)
    if not isinstance(found, dict) or found.get("type") != "Buffer":
        return None
    held = found.get("data")
    if isinstance(held, str):  # as the package buffer-json writes it
        return from_base64(held.removeprefix("base64:"))
    return byte_list(held)


def array(data: bytes) -> bytes | None:
    """`[1,2]`, as `JSON.stringify` writes an array of bytes."""
    return byte_list(json_value(data)) if data[:1] == b"[" else None


def numbered(data: bytes) -> bytes | None:
    """`{"0":1,"1":2}`, as `JSON.stringify` writes a Uint8Array."""
    if data[:4] != b'{"0"' and not (data[:1] == b"{" and b'"0"' in data[:32]):
        return None
    found = json_value(data)
    if not isinstance(found, dict) or any(str(n) not in found for n in range(len(found))):
        return None
    return byte_list([found[str(n)] for n in range(len(found))])


def inspected(data: bytes) -> bytes | None:
    """`<Buffer 01 02>`, as Node's console shows short ones in full."""
    found = _INSPECTED.fullmatch(data.strip())
    return bytes.fromhex(found[1].decode("ascii")) if found else None


def cut(data: bytes) -> bytes | None:
    """The bytes at the beginning of a Buffer in JSON that was cut off; None if it was not."""
    found = _CUT.fullmatch(data)
    if found is None:
        return None
    whole, _, _ = found[1].rpartition(b",")  # the last number may lack digits
    return byte_list([int(n) for n in whole.split(b",") if n and len(n) < 4])
