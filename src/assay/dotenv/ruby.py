"""The dialect `ruby`: the gem dotenv 3.2, lib/dotenv/parser.rb and lib/dotenv/substitutions/."""

from __future__ import annotations

from assay.dotenv.document import BOM
from assay.dotenv.export_line import LinePattern, trimmed
from assay.dotenv.scanning import WORD, WORD_IN_ANY_CASE, replaced, skip

TYPE_CHECKING = False
if TYPE_CHECKING:
    from assay.dotenv.export_line import Places
    from assay.dotenv.reading import TextReading

_SPACES = " \t\n\v\f\r"
_LINEBREAK_MODE = "DOTENV_LINEBREAK_MODE"


def read(reading: TextReading) -> None:
    """Read a text; variables that the process has already keep their values."""
    reading.require_utf8(len(reading.text))
    if reading.text.startswith(BOM):
        # the gem opens files with "bom|utf-8"; a line break instead keeps the offsets
        reading.text = "\n" + reading.text[1:]
    reading.unify_newlines()
    text = reading.text
    pattern = LinePattern(
        text, spaces=_SPACES, breaks="\n", key=WORD + ".", quotes="'\"", bare=True
    )
    for exported, places in pattern.matches():
        key_start, key_end, start, end, _ = places
        key = text[key_start:key_end]
        if not exported or start != end or _is_set(key, reading):
            _add(reading, key, places, exported=exported)
        elif key not in reading.values:
            reason = "an exported name has no value"
            expected = "expected the name to be set in the file: write NAME=value"
            place = reading.original(key_start)
            reading.errors.append(reading.refusal(reason, expected, place))
    reading.note_dropped(pattern.dropped)


def _is_set(key: str, reading: TextReading) -> bool:
    # a variable that the process has already keeps its value
    return key in reading.environ and key != _LINEBREAK_MODE


def _add(reading: TextReading, key: str, places: Places, *, exported: bool) -> None:
    key_start, key_end, start, end, _ = places
    start, value = trimmed(reading.text, start, end, _SPACES + "\0")
    end = start + len(value)
    quote = ""
    if len(value) > 1 and value[0] in "'\"" and value[-1] == value[0]:
        value, quote = value[1:-1], value[0]
    found: list[tuple[str, str]] = []
    executes = False
    if quote != "'":
        if "\\" in value:
            if quote:
                value = _newlines_kept(value, reading)
            value = _unescaped(value)
        if "$" in value:
            value = _expanded(value, reading, found, reading.original(key_start))
        if "$(" in value:
            value, executes = commands_found(value)
    reading.add(
        key, value, (key_start, key_end, start, end), quote,
        exported=exported, found=found, executes=executes,
    )  # fmt: skip
    if _is_set(key, reading):
        reading.values[key] = reading.environ[key]


def _newlines_kept(value: str, reading: TextReading) -> str:
    if reading.values.get(_LINEBREAK_MODE, reading.environ.get(_LINEBREAK_MODE)) == "legacy":
        return value.replace("\\n", "\n").replace("\\r", "\r")
    # doubled here so that they come out of unescaping as they were
    return value.replace("\\n", "\\\\n").replace("\\r", "\\\\r")


def _unescaped(value: str) -> str:
    # `gsub(/\\([^$])/, '\1')`
    def bare(at: int, _: int) -> tuple[int, int, str] | None:
        following = value[at + 1 : at + 2]
        return (at, at + 2, following) if following not in {"", "$"} else None

    return replaced(value, "\\", bare)


def _expanded(value: str, reading: TextReading, found: list[tuple[str, str]], place: int) -> str:
    # `/(\\)?(\$)(?!\()\{?([A-Z0-9_]+)?\}?/i`: the braces need not match.
    def looked_up(at: int, done: int) -> tuple[int, int, str] | None:
        if value.startswith("(", at + 1):
            return None
        start = at + 2 if value.startswith("{", at + 1) else at + 1
        end = skip(value, start, WORD_IN_ANY_CASE)
        name = value[start:end]
        if value.startswith("}", end):
            end += 1
        if at > done and value[at - 1] == "\\":
            return at - 1, end, value[at:end]
        if not name:
            return at, end, value[at:end]
        got = reading.values[name] if name in reading.values else reading.environ.get(name)
        found.append((value[at:end], name))
        return at, end, reading.spend(got or "", place)

    return replaced(value, "$", looked_up)


def commands_found(value: str) -> tuple[str, bool]:
    """Return a value without the backslashes before commands, and whether one would be run."""
    # `$(...)` with balanced, non-empty parentheses is run by the gem unless a backslash precedes
    # it. Here its text stays, a backslash before it goes.
    pairs = _parentheses(value)
    executes = False

    def kept(at: int, done: int) -> tuple[int, int, str] | None:
        nonlocal executes
        close = pairs.get(at + 1, -1)
        if close == -1:
            return None
        escaped = at > done and value[at - 1] == "\\"
        executes = executes or not escaped
        return at - escaped, close + 1, value[at : close + 1]

    return replaced(value, "$(", kept), executes


def _parentheses(value: str) -> dict[int, int]:
    # Each opening parenthesis with its partner, if nothing between them is an empty pair.
    pairs: dict[int, int] = {}
    open_: list[tuple[int, bool]] = []
    for at, c in enumerate(value):
        if c == "(":
            open_.append((at, True))
        elif c == ")" and open_:
            start, good = open_.pop()
            good = good and at > start + 1
            if good:
                pairs[start] = at
            elif open_:
                open_[-1] = (open_[-1][0], False)
    return pairs
