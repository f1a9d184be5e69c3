"""The dialect `docker`: `docker run --env-file`, docker/cli pkg/kvfile.

One name and value a line; quotes, comments after a value and white space are all kept.
"""

from __future__ import annotations

from assay.dotenv.compose import SPACES
from assay.dotenv.document import BOM, DotenvEntry, TextReading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.dotenv.document import SourceText

# A line, its line break not counted, must be shorter than Go's bufio.MaxScanTokenSize.
_LONGEST = 64 * 1024 - 1


def read(source: SourceText, environ: Mapping[str, str]) -> TextReading:
    """Read a text; a bare name takes its value from the process, or is left out."""
    reading = TextReading(source)
    text = source.text
    last = len(text)
    start = 0
    while start < last:
        end = text.find("\n", start)
        if end == -1:
            end = last
        if not _line(reading, environ, start, end):
            break
        start = end + 1
    return reading


def _line(reading: TextReading, environ: Mapping[str, str], start: int, end: int) -> bool:
    text = reading.source.text
    line = text[start:end]
    if len(line) > _LONGEST // 4 and len(line.encode("utf-8", "surrogatepass")) > _LONGEST:
        reading.refuse("a line of 64 KiB or more", "expected a shorter line", start)
        return False
    if line.endswith("\r"):
        end -= 1
    bad = _first_bad(line) if reading.source.invalid else -1
    if bad != -1:
        reading.refuse(
            "a byte that is not valid UTF-8", "expected a file saved as UTF-8", start + bad
        )
        return False
    if start == 0 and text.startswith(BOM):
        start = 1
    start = end - len(text[start:end].lstrip(SPACES))
    if start == end or text[start] == "#":
        return True
    return _assignment(reading, environ, start, end)


def _first_bad(line: str) -> int:
    return next((i for i, c in enumerate(line) if "\ud800" <= c <= "\udfff"), -1)


def _assignment(reading: TextReading, environ: Mapping[str, str], start: int, end: int) -> bool:
    text = reading.source.text
    equals = text.find("=", start, end)
    name = text[start : end if equals == -1 else equals]
    if not name:
        reading.refuse("a line without a name", "expected NAME=value", start)
        return False
    if " " in name or "\t" in name:
        reading.refuse("whitespace in a name", "expected NAME=value without export", start)
        return False
    if equals != -1:
        value = text[equals + 1 : end]
    elif name in environ:
        equals, value = end, environ[name]
    else:
        return True
    places = start, start + len(name), min(equals + 1, end), end
    reading.entries.append(DotenvEntry(reading.source, name, value, *places))
    reading.values[name] = value
    return True
