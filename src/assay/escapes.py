"""Makes visible what can't be seen, so that no text of strangers changes how a message reads."""

from __future__ import annotations

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def visible(text: str) -> str:
    r"""`text` with whatever can't be seen written as an escape: `\x1b`, `\u202e`.

    That covers control and bidirectional characters, lone surrogates and characters that XML
    forbids: `str.isprintable` is false for all of them. The result is always valid UTF-8.
    """
    if text.isprintable():
        return text
    return "".join([char if char.isprintable() else _escape(char) for char in text])


def _escape(char: str) -> str:
    if char in _SHORT:
        return _SHORT[char]
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
