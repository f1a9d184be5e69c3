"""Why a text isn't a usable key: what it is instead of what the spec says, or how it is broken."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from assay.crypto import decodings as matrix
from assay.crypto.ciphers import BARE, NEEDS, STRUCTURED
from assay.crypto.deriving import DerivingProblem, read
from assay.formats.decoding import HEX, STANDARD, URL_SAFE
from assay.kinds.key import rules
from assay.wordlike import worded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.crypto.decodings import KeyReading
    from assay.formats.armor import StoredAs
    from assay.formats.base import Format
    from assay.kinds.key.spec import Key
    from assay.model import Violation

_ALPHABETS = {"hex": HEX, "base64": STANDARD, "base64url": URL_SAFE}
_CHARACTERS = {
    "hex": "a hex digit",
    "base64": "a character of base64",
    "base64url": "a character of base64url",
}


def explained(
    key: Key, text: str, problem: DerivingProblem, form: Format | None = None
) -> Iterator[Violation]:
    """The one violation that says best why `text` isn't a usable key."""
    match problem.code:
        case "too-short" | "too-long" if key.encoding in STRUCTURED:
            yield _wrong_length(key, problem)
        case "malformed" | "algorithm" if key.encoding in STRUCTURED:
            # the value types for private keys and JWKs know these texts best
            told = next(by_type(key, text.removeprefix(key.prefix), form), None)
            yield told or rules.MALFORMED.violated(reason=problem.reason)
        case "prefix":
            yield rules.PREFIX.violated(prefix=key.prefix)
        case "salt":
            yield rules.UNDERIVABLE.violated(reason=problem.reason.partition(": ")[2])
        case "identity":
            yield rules.MALFORMED.violated(reason=problem.reason)
        case "halves":
            yield rules.REFUSED.violated(reason=problem.reason, cipher=key.cipher)
        case _:
            yield _misread(key, text[len(key.prefix) :], problem)


def _misread(key: Key, body: str, problem: DerivingProblem) -> Violation:
    """What else the text is; else how it is broken."""
    found = next(_others(key, body), None)
    if found is not None:
        return _as_found(key, body, found)
    if two := _two(key, body):
        return rules.DOUBLED.violated(case="" if two[0] == two[1] else "second")
    if problem.code == "malformed" or read(body, key.encoding, lenient=False) is None:
        return _broken(key, body)
    half = body[: len(body) // 2]
    once = read(half, key.encoding, lenient=False) if body == half * 2 else None
    if once is not None and NEEDS[key.cipher].fits(len(once)):
        return rules.DOUBLED.violated()
    return _wrong_length(key, problem, body)


def _two(key: Key, body: str) -> list[bytes]:
    """Two keys that stand there, one after the other; what pads the second may be lost."""
    found = _SECOND.search(body) if key.encoding in BARE and key.derive == "none" else None
    if found is None:
        return []
    first, second = body[: found.start()], body[found.end() :].removeprefix(key.prefix)
    padded = second if key.encoding == "hex" else second + "=" * (-len(second) % 4)
    made = [read(text, key.encoding, lenient=False) for text in (first, padded)]
    fit = [raw for raw in made if raw is not None and NEEDS[key.cipher].fits(len(raw))]
    return fit if len(fit) == len(made) else []


_SECOND = re.compile(r"[\s,;]+|(?<==)(?=[^=])")
"""Where a key ends before another: at what separates them, or after the padding."""


def _wrong_length(key: Key, problem: DerivingProblem, body: str = "") -> Violation:
    need = NEEDS[key.cipher]
    # the text itself would be long enough, which tempts people to use it undecoded
    as_text = body and key.encoding == "hex" and need.exact and need.fits(len(body))
    case = "too-long" if problem.code == "too-long" else "fits-as-text" if as_text else ""
    return rules.WRONG_LENGTH.violated(
        case=case, cipher=key.cipher, need=need.words, declared=key.encoding
    )


def _others(key: Key, body: str) -> Iterator[KeyReading]:
    """The readings that fit where the declared one does not."""
    if key.derive != "none":
        return
    # whether the text itself is the key: of just the right length, and nothing else to be read
    refused = read(body, key.encoding, lenient=False) is None
    plain = NEEDS[key.cipher].exact and refused and not worded(body)
    for found in matrix.fitting(body, key.cipher):
        if found.encoding == "utf8" and not plain:
            continue
        if found.encoding != key.encoding or found.prefix:
            yield found


def _as_found(key: Key, body: str, found: KeyReading) -> Violation:
    declared = key.encoding
    lost = found.words.endswith("= signs") or (
        found.encoding == "base64url" and not set(body) & set("-_")
    )
    if declared == "base64" and lost:
        return _with_node(rules.PADDING.violated(declared=declared), key, body)
    violation = rules.WRONG_ENCODING.violated(
        case=_way(found, declared, key.prefix),
        found=found.words,
        declared=declared,
        need=NEEDS[key.cipher].words,
        cipher=key.cipher,
        prefix=found.prefix,
        encoding=found.encoding,
    )
    return _with_node(violation, key, body)


def _way(found: KeyReading, declared: str, own: str) -> str:
    """Which remedy suits a text that is a good key, but written differently."""
    if found.prefix:
        if found.prefix == own:
            return "prefix-twice"
        return "prefix" if found.prefix.endswith(":") else "marker"
    if not found.encoding:
        return "plain"
    if declared in BARE and found.encoding in BARE:
        return ""
    return "as-text" if found.encoding == "utf8" else "different"


def _broken(key: Key, body: str) -> Violation:
    """How a text that a strict decoder refuses is broken."""
    if key.encoding not in BARE:
        return rules.MALFORMED.violated(reason=f"has a character outside of {key.encoding}")
    return _with_node(_fault(key, body), key, body)


def _fault(key: Key, body: str) -> Violation:
    if wrapped := _wrapped(body):
        return rules.MALFORMED.violated(reason=wrapped)
    if matrix.passphrase_like(body):
        return rules.PASSPHRASE.violated(declared=key.encoding)
    if not _ALPHABETS[key.encoding].issuperset(body.rstrip("=")):
        reason = f"contains something that is not {_CHARACTERS[key.encoding]}"
        return rules.MALFORMED.violated(reason=reason)
    if key.encoding == "hex":
        reason = "a hex digit is missing, or there is one too many"
    else:
        reason = f"its last group of {key.encoding} is incomplete"
    return rules.TRUNCATED.violated(reason=reason)


def _wrapped(body: str) -> str:
    """What surrounds a key that may be complete inside, or what replaces its rest."""
    if body[:1] in ("{", "[") and body[-1:] in ("}", "]"):
        return "is inside JSON"
    if re.search("%(2[BF]|3D)", body, re.IGNORECASE):
        return "is URL-encoded"
    if "..." in body or "\N{HORIZONTAL ELLIPSIS}" in body:
        return "was shortened, with dots for the rest"
    return ""


def _with_node(violation: Violation, key: Key, body: str) -> Violation:
    """The violation, with a note on what Node's lenient decoder would make of the text."""
    if key.encoding not in BARE:
        return violation
    return msgspec.structs.replace(violation, notes=(_node(key, body),))


def _node(key: Key, body: str) -> str:
    made = read(body, key.encoding, lenient=True) or b""
    strict = read(body, key.encoding, lenient=False)
    need = NEEDS[key.cipher]
    if not made:
        return "Node would silently decode it to 0 bytes"
    if strict is None and key.derive == "none" and need.fits(len(made)):
        return "Node would silently decode it to a key of the right length"
    if strict is None and len(made) < need.least:
        return "Node would silently decode it to a key that is too short"
    return f"read as {key.encoding} it is too {'short' if len(made) < need.least else 'long'}"


def by_type(key: Key, body: str, form: Format | None = None) -> Iterator[Violation]:
    """What the value types say of a structured key; `form` is the type of its variable."""
    if key.encoding == "jwk":
        from assay.formats.jose import Jwk

        kind = {"rsa": "RSA", "ec": "EC", "ed25519": "OKP"}.get(key.cipher, "oct")
        yield from Jwk(part="private", kinds=(kind,)).violations(body)  # type: ignore[arg-type]  # one of its own
        return
    from assay.formats.pems import LEAST_BITS, PrivateKey

    algorithm = key.cipher if key.cipher in ("rsa", "ec", "ed25519") else "rsa"
    own: StoredAs = getattr(form, "stored_as", "pem")
    least = getattr(form, "min_bits", LEAST_BITS)
    type_ = PrivateKey(stored_as=key.stored_as or own, algorithms=(algorithm,), min_bits=least)
    yield from type_.violations(body)
