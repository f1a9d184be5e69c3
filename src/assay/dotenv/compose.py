"""The dialect `compose`: Docker Compose, compose-go 2 dotenv/parser.go.

Compose merges the file's names into the project's environment; a value is expanded when it is
unquoted or in double quotes.
"""

from __future__ import annotations

from assay.dotenv.compose_template import substituted
from assay.dotenv.document import BOM
from assay.dotenv.scanning import closing_quote, find_or_end, replaced, skip

TYPE_CHECKING = False
if TYPE_CHECKING:
    from assay.dotenv.reading import TextReading

# Go's unicode.IsSpace, and the parser's own isSpace, which leaves out the line break.
SPACES = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
_BLANKS = "\t\v\f\r \x85\xa0"
_EXPORT_SPACES = "\t\n\f\r "
_ESCAPES = {
    "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "$": "$$",
    '"': '"', "\\": "\\",
}  # fmt: skip
_NAME_EXPECTED = "expected NAME=value with letters, digits and _ . - [ ] in the name"


def read(reading: TextReading) -> None:
    """Read a text; process variables go before the values of the file in expansion."""
    text = reading.text
    at = 1 if text.startswith(BOM) else 0
    while (at := skip(text, at, SPACES)) < len(text):
        at = find_or_end(text, "\n", at) if text[at] == "#" else _statement(reading, at)


def _statement(reading: TextReading, at: int) -> int:
    # Returns where reading goes on.
    text = reading.text
    exported = text.startswith("export", at) and text[at + 6 : at + 7] in tuple(_EXPORT_SPACES)
    start = skip(text, at + 6, _BLANKS) if exported else at
    end = _name_end(reading, start)
    if end == len(text):
        if start == end:
            raise reading.refusal("export has no name", "expected export NAME=value", at)
        # no separator up to the end: the parser takes the rest as the value of an empty name
        return _assign(reading, (start, start), start, exported=exported)
    name = text[start:end].rstrip(SPACES)
    if " " in name:
        raise reading.refusal("a space in a name", _NAME_EXPECTED, start)
    value = skip(text, end + 1, _BLANKS)
    if text[end] != "\n":
        return _assign(reading, (start, start + len(name)), value, exported=exported)
    if name in reading.environ:
        places = start, end, end, end
        reading.add(name, reading.environ[name], places, exported=exported)
    return value


def _name_end(reading: TextReading, at: int) -> int:
    text = reading.text
    while at < len(text) and (c := text[at]) not in "=:\n":
        if not (c.isalpha() or c in "_.-[]" or c in _BLANKS or c.isnumeric()):
            raise reading.refusal("an invalid character in a name", _NAME_EXPECTED, at)
        at += 1
    return at


def _assign(reading: TextReading, named: tuple[int, int], at: int, *, exported: bool) -> int:
    text = reading.text
    quote = text[at : at + 1]
    found: list[tuple[str, str]] = []
    if quote and quote in "'\"":
        close = closing_quote(text, at)
        if close == -1:
            expected = f"expected a closing {quote}"
            raise reading.refusal("a quote is never closed", expected, at)
        end = resume = close + 1
        _note_rest(reading, end)
        # a backslash takes the next character with it and goes only before the quote
        value = text[at + 1 : close].replace("\\" + quote, quote)
        if quote == '"' and "\\" in value:
            value = _unescaped(value)
    else:
        newline = find_or_end(text, "\n", at)
        value = text[at : find_or_end(text, " #", at, newline)].rstrip(SPACES)
        end, quote, resume = at + len(value), "", min(newline + 1, len(text))
    if quote != "'" and "$" in value:
        value = substituted(value, reading, at, found)
    places = *named, at, end
    reading.add(text[slice(*named)], value, places, quote, exported=exported, found=found)
    return resume


def _note_rest(reading: TextReading, at: int) -> None:
    # what follows is read as the name of a variable to take from the process
    end = find_or_end(reading.text, "\n", at)
    if not {"=", ":"} & set(reading.text[at:end]):
        reading.note_rest(at, end)


def _unescaped(value: str) -> str:
    # `\\(?:[abcfnrtv$"\\]|0\d{0,3})`, some of which Go's strconv then refuses and leaves.
    def meant(at: int, _: int) -> tuple[int, int, str] | None:
        following = value[at + 1 : at + 2]
        if following == "0":
            return at, *_octal(value, at)
        made = _ESCAPES.get(following)
        return None if made is None else (at, at + 2, made)

    return replaced(value, "\\", meant)


def _octal(value: str, at: int) -> tuple[int, str]:
    # The 0 goes first; three octal digits then make a character, else the rest stays.
    end = skip(value[: at + 5], at + 2, "0123456789")
    digits = value[at + 2 : end]
    if len(digits) == 3 and not digits.strip("01234567") and int(digits, 8) < 256:
        return end, chr(int(digits, 8))
    return end, "\\" + digits
