"""Reads .env texts that every loader reads alike, and leaves all others to the full reader.

A line `NAME=value` without quotes, blanks, `#`, `$`, backslash or control characters means the same
to all dialects; so does a value in quotes whose inside has none of the characters that any dialect
treats specially there. A property test compares the result with the full reader's.
"""

_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_NAME = _LETTERS + b"_"
_SAFE = _LETTERS + b"_./:@%+,=^-"
_SAFE_ELSEWHERE = _SAFE + b"~?&;*!|()[]{}<>"
"""Some characters are special to a shell and ordinary to all the others."""
_QUOTES = ("'", '"')


def read_plain(data: bytes, dialect: str) -> "dict[str, str] | None":
    """Names and values, or None if the text needs the full reader of its dialect."""
    if b"\r" in data or not data.isascii():
        return None
    lines = data.decode("ascii").split("\n")
    if dialect == "php" and b'="' in data and _opens_in_comment(lines):
        return None
    pairs = [line.partition("=") for line in lines if line and line[0] != "#"]
    values = {name: value for name, _, value in pairs}
    if len(values) != len(pairs):
        return None
    if "" in values.values() and "" in {equals for _, equals, _ in pairs}:
        return None
    if dialect in ("nuxt", "symfony") and any(not name[:1].isalpha() for name in values):
        return None
    shell = dialect == "shell"
    odd = "".join(values.values()).encode().translate(None, _SAFE if shell else _SAFE_ELSEWHERE)
    if odd.strip(b" '\""):
        return None
    bare = dialect not in ("php", "shell", "symfony")
    if odd and not _unquote(values, odd, bare=bare, quotes=dialect != "docker"):
        return None
    return values if _named(values) else None


def _named(values: "dict[str, str]") -> bool:
    """Whether every name is a plain one: not `export NAME`, nor one with blanks around it."""
    names = "".join(values)
    return not names.encode().translate(None, _NAME) and "" not in values


def _opens_in_comment(lines: "list[str]") -> bool:
    """Whether a comment may begin a value of several lines, as it does in PHP."""
    return any(line[:1] == "#" and '="' in line for line in lines)


def _unquote(values: "dict[str, str]", odd: bytes, *, bare: bool, quotes: bool) -> bool:
    """Take the quotes off; False if a loader may see something else in a value."""
    quoted = [item for item in values.items() if item[1][:1] in _QUOTES]
    marks = odd.count(b"'") + odd.count(b'"')
    if marks != 2 * len(quoted) or (quoted and not quotes):
        return False
    plain = quoted or b" " in odd
    for name, value in quoted:
        inner = value[1:-1]
        if not inner or value[-1] != value[0]:
            return False
        values[name] = inner
    if plain and b" " in odd:
        return _blanks_harmless(values, dict(quoted), bare=bare)
    return True


def _blanks_harmless(values: "dict[str, str]", quoted: "dict[str, str]", *, bare: bool) -> bool:
    """Whether blanks stand only inside of values, and outside of quotes only if they may."""
    blanks = [value for name, value in values.items() if " " in value and name not in quoted]
    return not blanks or (bare and not any(value != value.strip() for value in blanks))
