"""The dialect `docker`: `docker run --env-file`, docker/cli pkg/kvfile.

One name and value a line; quotes, comments after a value and white space are all kept.
"""

from __future__ import annotations

from assay.dotenv.compose import SPACES
from assay.dotenv.document import BOM
from assay.dotenv.scanning import find_or_end

TYPE_CHECKING = False
if TYPE_CHECKING:
    from assay.dotenv.reading import TextReading

# A line, its line break not counted, must be shorter than Go's bufio.MaxScanTokenSize.
_LONGEST = 64 * 1024 - 1


def read(reading: TextReading) -> None:
    """Read a text; a bare name takes its value from the process, or is left out."""
    text = reading.text
    start = 0
    while start < len(text):
        end = find_or_end(text, "\n", start)
        _line(reading, start, end)
        start = end + 1


def _line(reading: TextReading, start: int, end: int) -> None:
    text, environ = reading.text, reading.environ
    line = text[start:end]
    if len(line) > _LONGEST // 4 and len(line.encode("utf-8", "surrogatepass")) > _LONGEST:
        raise reading.refusal("a line of 64 KiB or more", "expected a shorter line", start)
    reading.require_utf8(end)
    if line.endswith("\r"):
        end -= 1
    if start == 0 and text.startswith(BOM):
        start = 1
    start = end - len(text[start:end].lstrip(SPACES))
    if start == end or text[start] == "#":
        return
    equals = text.find("=", start, end)
    name = text[start : end if equals == -1 else equals]
    if not name:
        raise reading.refusal("a line without a name", "expected NAME=value", start)
    if " " in name or "\t" in name:
        raise reading.refusal("whitespace in a name", "expected NAME=value without export", start)
    if equals == -1 and name not in environ:
        return
    value = environ[name] if equals == -1 else text[equals + 1 : end]
    value_start = end if equals == -1 else equals + 1
    reading.add(name, value, (start, start + len(name), value_start, end))
