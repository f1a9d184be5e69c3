"""The forms of screens as `Format.screen` documents them, in the plainest way there is."""

from __future__ import annotations

import base64
import binascii
import re
import string
from typing import Any

import re2

LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
URL = re.compile(
    r"([a-z][a-z0-9+.-]*)://([A-Za-z0-9.-]+)(?::([1-9][0-9]{0,4}))?"
    r"(?:[/?#][A-Za-z0-9._~/?=&+,:@#-]*)?"
)
CONNECTION = re.compile(
    r"(?P<scheme>[a-z0-9+]+)://(?:[A-Za-z0-9._~:-]*@)?(?P<host>[A-Za-z0-9.-]+)"
    r"(?::(?P<port>[1-9][0-9]{0,4}))?(?:/(?P<path>[A-Za-z0-9_/-]*))?(?:\?[A-Za-z0-9_.=&-]*)?"
)
LOCAL = set(string.ascii_letters + string.digits + "._+-")


def accepts(form: tuple[object, ...], value: str) -> bool:  # noqa: C901, PLR0912
    given: Any = form
    match given:
        case ("any",):
            return True
        case ("length", low, high):
            return low <= len(value) and (high is None or len(value) <= high)
        case ("chars", allowed, low, high):
            inside = low <= len(value) and (high is None or len(value) <= high)
            return inside and set(value) <= set(allowed)
        case ("one-of", options):
            return value in options
        case ("integer", low, high):
            if not re.fullmatch(r"-?[0-9]{1,18}", value):
                return False
            return (low is None or int(value) >= low) and (high is None or int(value) <= high)
        case ("match", pattern):
            try:
                return re2.fullmatch(pattern, value) is not None
            except UnicodeEncodeError:
                return False
        case ("host",):
            return host(value)
        case ("quantity", units):
            return re.fullmatch(f"[0-9]{{1,9}}(?:{'|'.join(units)})", value) is not None
        case ("connection", schemes, path, needed, (domains, safe)):
            strict = connection(value, schemes, path, needed)
            return strict and not placeholder(value) and trusted(value, domains, safe)
        case ("uuid", versions):
            parts = value.split("-")
            return (
                [len(part) for part in parts] == [8, 4, 4, 4, 12]
                and not value.strip("0123456789abcdef-")
                and all(not part.strip("0123456789abcdef") for part in parts)
                and parts[2][0] in str(versions)
                and parts[3][0] in "89ab"
            )
        case ("url", schemes):
            found = URL.fullmatch(value)
            if found is None or found[1] not in schemes or not host(found[2]):
                return False
            return (found[3] is None or int(found[3]) <= 65535) and value.count("#") <= 1
        case ("email",):
            local, _, domain = value.rpartition("@")
            outer = local.startswith(".") or local.endswith(".") or ".." in local
            named = host(domain) and "." in domain and not domain.rpartition(".")[2].isdigit()
            return (named and not outer and 0 < len(local) <= 64 and set(local) <= LOCAL) and len(
                value
            ) <= 254
        case ("base64", size):
            try:
                decoded = base64.b64decode(value.encode(), validate=True)
            except (binascii.Error, UnicodeEncodeError):
                return False
            canonical = base64.b64encode(decoded).decode() == value
            return canonical and (size is None or len(decoded) == size)
        case _:
            raise AssertionError(form)


def connection(value: str, schemes: tuple[str, ...], path: str, needed: bool) -> bool:
    found = CONNECTION.fullmatch(value)
    if found is None or found["scheme"] not in schemes or not host(found["host"]):
        return False
    port, name = found["port"], found["path"] or ""
    if port is not None and (found["scheme"].endswith("+srv") or not 1 <= int(port) <= 65535):
        return False
    shapes = {"segments": "[A-Za-z0-9_/-]*", "segment": "[A-Za-z0-9_-]*", "nothing": ""}
    shape = shapes.get(path, "[0-9]{0,5}")
    return re.fullmatch(shape, name) is not None and bool(name or not needed)


def placeholder(value: str) -> bool:
    user, at, _ = value.partition("@")
    return bool(at) and (user.endswith(":PASSWORD") or "your" in user.partition("://")[2].lower())


def trusted(value: str, domains: tuple[str, ...], safe: tuple[str, ...]) -> bool:
    found = CONNECTION.fullmatch(value)
    assert found is not None
    name = found["host"].lower()
    if not any(name.endswith(domain) for domain in domains):
        return True
    query, user = value.partition("?")[2].lower(), value.partition("://")[2].rpartition("@")[0]
    pooled = ".pooler." not in name or "." in user.partition(":")[0]
    return found["scheme"] in safe and not ("ssl" in query or "tls" in query) and pooled


def host(text: str) -> bool:
    labels = text.split(".")
    if len(text) > 253 or not all(map(LABEL.fullmatch, labels)):
        return False
    if not labels[-1].isdigit():
        return True
    return len(labels) == 4 and all(
        label.isdigit() and str(int(label)) == label and int(label) < 256 for label in labels
    )
