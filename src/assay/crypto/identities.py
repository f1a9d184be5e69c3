"""age's identities: `AGE-SECRET-KEY-1` and 32 bytes in Bech32, one a line among comments.

Sources: age-encryption.org/v1 (C2SP), "The X25519 recipient type"; BIP 173 for Bech32.
"""

from __future__ import annotations

SIZE = 32
"""Bytes of an X25519 identity."""
_PREFIX = "AGE-SECRET-KEY-"
_CHARACTERS = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKSUM = 6


def identities(raw: bytes) -> list[str]:
    """The identities in what a variable or a key file holds; none if it is a passphrase."""
    return [line for line in _lines(raw) if line.startswith(_PREFIX)]


def damage(raw: bytes) -> str:
    """What is wrong with what looks like identities, to follow "it"; empty for the rest."""
    lines = _lines(raw)
    if any(line.lower().startswith("age1") and _checks(line.upper()) for line in lines):
        return "is an age recipient, the public half: it can encrypt, but not decrypt"
    if not any(line.upper().startswith(_PREFIX) for line in lines):
        return ""
    for line in lines:
        if line.upper().startswith(_PREFIX) and line != line.upper():
            return "is an age identity in lower case: age reads upper case only"
        if not line.startswith(_PREFIX):
            return "contains more than an age identity"
        if not _checks(line):
            return "is a damaged age identity: its checksum does not match"
    return ""


def written(raw: bytes) -> str:
    """The identity of `SIZE` bytes, without a newline."""
    digits = _regrouped(raw)
    check = _polymod([*_expanded(_PREFIX), *digits, *[0] * _CHECKSUM]) ^ 1
    digits += [(check >> 5 * (5 - at)) & 31 for at in range(_CHECKSUM)]
    return f"{_PREFIX}1" + "".join(_CHARACTERS[digit] for digit in digits)


def _lines(raw: bytes) -> list[str]:
    text = raw.decode("utf-8", "replace")
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _checks(line: str) -> bool:
    """Whether the checksum of a Bech32 text in capitals fits."""
    human, _, data = line.rpartition("1")
    if len(data) < _CHECKSUM or not human.isascii() or not set(data) <= set(_CHARACTERS):
        return False
    return _polymod([*_expanded(human), *map(_CHARACTERS.index, data)]) == 1


def _expanded(human: str) -> list[int]:
    codes = [ord(char) for char in human.lower()]
    return [code >> 5 for code in codes] + [0] + [code & 31 for code in codes]


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, factor in enumerate(_GENERATOR):
            check ^= factor if top >> bit & 1 else 0
    return check


def _regrouped(raw: bytes) -> list[int]:
    """Groups of five bits instead of bytes, filled up with zeros."""
    bits = "".join(f"{byte:08b}" for byte in raw)
    bits += "0" * (-len(bits) % 5)
    return [int(bits[at : at + 5], 2) for at in range(0, len(bits), 5)]
