"""What happens to good values on their way: newlines, quotes, expansion, pasted output."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assay.model import Category, Rule, Violation

NUL = Rule(
    code="variable-nul",
    message="{name} contains a NUL character, which no environment variable can contain",
    remedy="Remove the NUL character from {name}, or copy the value again.",
    why="An environment variable ends at its first NUL: a loader cuts the value there, rejects "
    "it, or stops the program.",
    bad="TOKEN=vR7mQ2\\0xK9pL4tW8zN3",
    good="TOKEN=vR7mQ2xK9pL4tW8zN3",
)
_ROWS_FIRST = (
    "Run `assay credentials check` first. If it decrypts rows with {name} as it is, leave {name} "
    "until they are encrypted again; otherwise "
)
LINE_END = Rule(
    code="variable-newline",
    message="{name} ends with a newline",
    remedy="Save {name} again without the trailing newline, for example with `printf %s` instead "
    "of `echo`, check that the value arrived, then redeploy.",
    remedies={
        "encrypting": _ROWS_FIRST + "save it without the trailing "
        "newline, for example with `printf %s` instead of `echo`, then redeploy.",
    },
    why="The newline (often from an `echo` piped into a command) is part of the value: keys get "
    "the wrong length, and hosts and tokens are rejected.",
    bad='echo "$KEY" | base64  # for a Kubernetes Secret',
    good='printf %s "$KEY" | base64',
    formerly=("variable-line-end",),
)
SPACE = Rule(
    code="variable-surrounding-space",
    message="{name} begins or ends with whitespace",
    remedy="Save {name} again without leading and trailing whitespace.",
    remedies={
        "encrypting": _ROWS_FIRST + "save it without leading and trailing whitespace.",
    },
    why="Programs don't trim the whitespace, so keys get the wrong length and tokens are rejected.",
    bad='API_KEY="abc "',
    good='API_KEY="abc"',
    formerly=("variable-outer-space",),
)
QUOTED = Rule(
    code="variable-quoted",
    message="{name} has quotes that are part of the value",
    remedy="Remove the quotes around {name}: here they are not syntax but part of the value.",
    messages={
        "rest": "{name} has text after its closing quote, so {dialect} keeps the quotes in the "
        "value",
    },
    remedies={
        "rest": "Put the complete value of {name} between the quotes.",
        "encrypting": _ROWS_FIRST + "remove the quotes around it: "
        "here they are not syntax but part of the value.",
    },
    why="`docker run --env-file`, dashboards and some loaders keep quotes, so the program gets "
    "two extra characters.",
    bad='docker run --env-file: KEY="abc"',
    good="docker run --env-file: KEY=abc",
)
DIGEST_OUTPUT = Rule(
    code="variable-digest-output",
    message="{name} is the output of a checksum command, including the file name",
    remedy="Remove the trailing `  -` from {name}; or better, replace the value with 32 random "
    "bytes: `openssl rand -hex 32`.",
    why="`md5sum` and `sha256sum` print two spaces and a file name after the digest, so the value "
    "is neither hex nor the right length.",
    bad="KEY='9e107d9d372bb6826bd81d3542a419d6  -'",
    good="KEY=9e107d9d372bb6826bd81d3542a419d6",
)
EXPANDED = Rule(
    code="variable-expanded",
    category=Category.PORTABILITY,
    message="{name} lost the text after a `$`, because {dialect} expands it",
    remedy="Put the value of {name} in single quotes, or choose a value without `$`. If it is "
    "meant as a reference, set the variable that it refers to.",
    remedies={
        "backslash": "Write `\\$` for each `$` in {name}: {dialect} expands it in single quotes "
        "too. If it is meant as a reference, set the variable that it refers to.",
        "none": "Choose a value for {name} without `${{`, which {dialect} can't escape. If it is "
        "meant as a reference, set the variable that it refers to.",
    },
    why="The loader replaces the text after a `$` with the variable of that name, which is "
    "usually unset, so a password or a bcrypt hash is silently cut.",
    bad="HASH=$2a$10$abc",
    good="HASH='$2a$10$abc'",
)
_ESCAPES = {
    **dict.fromkeys(("bun", "dotenv-expand", "next", "nuxt", "react-scripts", "vite"), "backslash"),
    "python": "none",
}
"""How a `$` is escaped by the dialects for which single quotes are not enough."""


def expanded(dialect: str) -> Violation:
    """That text was lost after a `$`, with what helps in this dialect."""
    return EXPANDED.violated(case=_ESCAPES.get(dialect, ""), dialect=dialect)


CLUTTERED = Rule(
    code="variable-extra-characters",
    message="{name} has {what}",
    remedy="Save {name} again without {it}.",
    remedies={
        "encrypting": _ROWS_FIRST + "save it without {it}.",
    },
    why="A secret that is copied from a file, a chat or a document often brings along what "
    "surrounds it there. Programs don't remove that, so keys get the wrong length and tokens are "
    "rejected.",
    bad="KEY='KEY=9e107d9d372bb6826bd81d3542a419d6'",
    good="KEY=9e107d9d372bb6826bd81d3542a419d6",
    formerly=("variable-cluttered",),
)

RULES = (NUL, LINE_END, SPACE, QUOTED, DIGEST_OUTPUT, EXPANDED, CLUTTERED)


def damage(value: str, *, keeps_space: bool, keeps_quotes: bool = False) -> Iterator[Violation]:
    """The damage that shows in `value`; some values have outer space or quotes of their own."""
    if "\0" in value:
        yield NUL.violated()
        return
    bare = value if keeps_space else value.strip()
    if value != bare:
        if value.rstrip("\r\n") != value:
            yield LINE_END.violated()
        elif not _digest_output(value):
            yield SPACE.violated()
    if _digest_output(value):
        yield DIGEST_OUTPUT.violated()
    if not keeps_quotes and len(bare) > 1 and bare[0] == bare[-1] and bare[0] in "\"'`":
        yield QUOTED.violated()


def _digest_output(value: str) -> bool:
    digest, _, rest = value.partition(" ")
    hexadecimal = len(digest) in (32, 40, 56, 64, 96, 128) and not digest.strip(_HEX)
    return hexadecimal and rest[:1] in (" ", "*") and bool(rest[1:].strip())


_HEX = "0123456789abcdef"
LEAST = 16
"""Characters of an encoded secret; shorter texts may be made of anything."""


def clutter(name: str, value: str, *, encoded: bool) -> Iterator[Violation]:
    """What is around or within a secret that has no form of its own; `encoded` as its type says."""
    what, it = _found(name, value, encoded=encoded)
    if what:
        yield CLUTTERED.violated(what=what, it=it)


def _found(name: str, value: str, *, encoded: bool) -> tuple[str, str]:
    if value.startswith((f"{name}=", f"export {name}=")):
        return "its own name in front of the value", "the name and the `=`"
    if any(mark in value for mark in _INVISIBLE):
        return "an invisible character, such as a byte order mark", "invisible characters"
    if value[0] in _OPENING or value[-1] in _CLOSING:
        return "curly quotes from a word processor", "the quotes"
    if value[0] in "\"'`" and _of_one_piece(value[1:]):
        return "an unclosed quote at the start", "the quote"
    if value.endswith(("\\n", "\\r")) and "-----BEGIN " not in value:
        return f"a backslash and the letter {value[-1]} at the end", "those two characters"
    if value[-1] in _MARKS and _of_one_piece(value[:-1]):
        return f"a {_MARKS[value[-1]]} at the end", f"the {_MARKS[value[-1]]}"
    pieces = value.split()
    if len(pieces) > 1 and max(map(len, pieces)) >= LEAST:
        return _in_pieces(value, pieces, encoded=encoded)
    return "", ""


def _in_pieces(value: str, pieces: Sequence[str], *, encoded: bool) -> tuple[str, str]:
    if pieces[0] == pieces[-1] and len(set(pieces)) == 1:
        return "the same value twice", "the copy"
    if all(map(_of_one_piece, pieces)) and _ends_there(value, pieces):
        return "two values with whitespace between them", "the one that isn't meant"
    joined = "".join(pieces)
    if not joined.strip(_HEX + "ABCDEF") or (encoded and _of_one_piece(joined)):
        return "whitespace inside the value", "whitespace"
    return "", ""


def _ends_there(value: str, pieces: Sequence[str]) -> bool:
    """Whether two pieces are two values, not one that was wrapped after so many characters."""
    first, last = pieces[0], pieces[-1]
    alike = len(first) == len(last) and value == f"{first} {last}"
    return len(pieces) == 2 and (alike or first.endswith("="))


def _of_one_piece(text: str) -> bool:
    """Whether a text is like hex or base64: long, with digits, and nothing between."""
    letters = _TOKEN.issuperset(text.rstrip("="))
    return len(text) >= LEAST and letters and any(c.isdigit() for c in text)


_INVISIBLE = "\ufeff\u200b\u200e\u200f\u2060"
_OPENING = "\u201c\u201d\u201e\u2018\u2019\u201a\u00ab"
_CLOSING = "\u201c\u201d\u2018\u2019\u00bb"
_MARKS = {",": "comma", ";": "semicolon"}
_TOKEN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_")
