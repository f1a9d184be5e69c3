"""Recognises good Supabase keys without a parser of JSON.

Legacy keys are JWTs whose claims Supabase writes as one flat object of short texts and numbers;
such an object can be read by splitting it. Any other text is left to the engine.
"""

from binascii import Error, a2b_base64, b2a_base64
from time import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_WORD = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
_TEXT = _WORD + b".:/"
_MAY = {"anon": "public", "service_role": "secret", "publishable": "public", "secret": "secret"}


def good_keys(
    keys: "Sequence[str]",
    values: "Mapping[str, str]",
    may: str,
    kinds: "Sequence[str]",
    url: "str | None",
) -> bool:
    """Whether all keys are of a kind and role that is wanted, in force, and of the URL's project.

    `may` is `public`, `secret`, or empty for both; `url` names the variable with the project's URL.
    """
    for key in keys:
        if key[:3] == "sb_":
            if "current" not in kinds or not _good_current(key, may):
                return False
        elif "legacy" not in kinds or not _good_legacy(key, may, values.get(url) if url else ""):
            return False
    return True


def _good_current(key: str, may: str) -> bool:
    role, _, rest = key[3:].partition("_")
    fits = role in ("publishable", "secret") and may in ("", _MAY[role])
    return fits and 20 <= len(rest) <= 100 and _made_of(rest.encode(errors="replace"), _WORD)


def _good_legacy(key: str, may: str, url: "str | None") -> bool:
    """`url` is empty if none matters, and None if another file may hold it."""
    parts = key.split(".")
    if len(parts) != 3 or len(key) > 4096 or not _made_of(key.encode(errors="replace"), _TEXT):
        return False
    header, claims = _flat(parts[0]), _flat(parts[1])
    if header is None or claims is None or not header.get("alg") or not _decoded(parts[2]):
        return False
    role, end, project = claims.get("role", ""), claims.get("exp", ""), claims.get("ref", "")
    if (
        _MAY.get(role) is None
        or may not in ("", _MAY[role])
        or role not in ("anon", "service_role")
    ):
        return False
    if "nbf" in claims or (end and not (end.isdigit() and int(end) > time() + 1)):
        return False
    address = f"https://{project}.supabase.co"
    return url == "" or not project or url == address or (url or "").startswith(f"{address}/")


def _flat(part: str) -> "dict[str, str] | None":
    """A JSON object of plain texts and integers, with both as texts; None for any other."""
    text = _decoded(part)
    if text is None or text[:1] != b"{" or text[-1:] != b"}":
        return None
    found: dict[str, str] = {}
    for item in text[1:-1].split(b","):
        name, colon, value = item.partition(b":")
        quoted = len(value) > 1 and value[:1] == value[-1:] == b'"'
        inner = value[1:-1] if quoted else value
        number = value.isdigit() and len(value) < 13 and value[:1] != b"0"
        if not colon or name[:1] != b'"' or name[-1:] != b'"' or len(name) < 3:
            return None
        if not _made_of(name[1:-1], _WORD) or not (number or (quoted and _made_of(inner, _TEXT))):
            return None
        found[name[1:-1].decode()] = inner.decode()
    return found if len(found) == text.count(b",") + 1 else None


def _decoded(part: str) -> "bytes | None":
    """The bytes of base64url without padding, None if they are not written canonically."""
    standard = part.replace("-", "+").replace("_", "/") + "=" * (-len(part) % 4)
    try:
        data = a2b_base64(standard)
    except (Error, ValueError):
        return None
    return data if data and b2a_base64(data, newline=False) == standard.encode() else None


def _made_of(text: bytes, allowed: bytes) -> bool:
    return not text.translate(None, allowed)
