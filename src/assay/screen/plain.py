"""Reads .env texts that every loader reads alike, and leaves all others to the full reader.

A line `NAME=value` without quotes, blanks, `#`, `$`, backslash or control characters means the same
to all dialects; so does a value in quotes whose inside has none of the characters that any dialect
treats specially there. A property test compares the result with the full reader's.
"""

_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_SAFE = _LETTERS + b"_./:@%+,=^-\n"
_TAME = _SAFE + b" '\"#"
_ELSEWHERE = b"~?&;*!|()[]{}<>"
"""Special to a shell, ordinary to all the others."""


def read_plain(data: bytes, dialect: str) -> "dict[str, str] | None":
    """Names and values, or None where the text needs the full reader of its dialect."""
    shell = dialect == "shell"
    odd = data.translate(None, _SAFE if shell else _SAFE + _ELSEWHERE)
    if not odd:
        pairs = [line.partition("=") for line in data.decode("ascii").split("\n") if line]
        values = {name: value for name, _, value in pairs}
        complete = len(values) == len(pairs) and "" not in {equals for _, equals, _ in pairs}
        return values if complete else None
    lines = data.split(b"\n")
    kept = [line for line in lines if line and line[:1] != b"#"]
    text = b"\n".join(kept)
    if text.translate(None, _TAME if shell else _TAME + _ELSEWHERE):
        return None
    if len(kept) != len(lines) and b"\r" in odd:
        return None
    return _read_lines(text.decode("ascii"), shell=shell, quotes=dialect != "docker")


def _read_lines(text: str, *, shell: bool, quotes: bool) -> "dict[str, str] | None":
    values = {}
    count = 0
    for line in text.split("\n") if text else ():
        name, equals, value = line.partition("=")
        if not equals:
            return None
        if '"' in value or "'" in value:
            inner = value[1:-1]
            if not quotes or value[0] != value[-1] or not inner or "'" in inner or '"' in inner:
                return None
            if value[0] not in "\"'":
                return None
            value = inner
        elif "#" in value or (" " in value and (shell or value[0] == " " or value[-1] == " ")):
            return None
        values[name] = value
        count += 1
    return values if len(values) == count else None
