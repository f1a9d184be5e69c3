"""The dialect `node20`: `util.parseEnv` and `--env-file` of Node 20, src/node_dotenv.cc.

That parser looks for `=` and not for lines, so a line without one becomes part of the next name.
"""

from __future__ import annotations

from assay.dotenv.node import object_order, valid
from assay.dotenv.scanning import find_or_end, skip

TYPE_CHECKING = False
if TYPE_CHECKING:
    from assay.dotenv.reading import TextReading

_EXPORT = "export "


def read(reading: TextReading) -> None:
    """Read a text; process variables play no part."""
    reading.unify_newlines(lone="")
    text = reading.text
    last = len(text.rstrip(" "))
    at = skip(text, 0, " ")
    while at < last:
        if text[at] in "\n#":
            newline = text.find("\n", at, last)
            if newline != -1:
                at = newline + 1
                continue
        equals = text.find("=", at, last)
        if equals == -1:
            if text[at] not in "'\"`":  # a quote that is never closed has a finding of its own
                reading.note_dropped([at])
            break
        key_start, key_end = _trimmed(text, at, equals)
        if key_start == key_end:
            break
        at = _assignment(reading, key_start, key_end, equals + 1, last)
    # the real store is a std::map, ordered by the bytes of the names
    ordered = sorted(
        reading.values.items(), key=lambda item: item[0].encode("utf-8", "surrogatepass")
    )
    reading.values = object_order(dict(ordered))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    start = min(skip(text, start, " "), end)
    while end > start and text[end - 1] == " ":
        end -= 1
    return start, end


def _assignment(reading: TextReading, key_start: int, key_end: int, at: int, last: int) -> int:
    # Returns where reading goes on.
    text = reading.text
    exported = text.startswith(_EXPORT, key_start, key_end)
    if exported:
        key_start += len(_EXPORT)
    start = min(skip(text, at, " "), last)
    newline = resume = find_or_end(text, "\n", start, last)
    quote = text[start] if start < last and text[start] in "'\"`" else ""
    close = text.find(quote, start + 1, last) if quote else -1
    if close != -1:
        value, end = text[start + 1 : close], close + 1
        if quote == '"':
            value = value.replace("\\n", "\n")
        resume = find_or_end(text, "\n", end, last)
        reading.note_rest(end, resume)
    elif quote and newline == last:
        # an unclosed quote on the last line: the name is lost and reading goes on here
        reason = "a quote on the last line is never closed, so the variable is lost"
        reading.note("unclosed-quote", reason, reading.original(start))
        return start
    else:
        end = newline
        if not quote:
            start, end = _trimmed(text, start, find_or_end(text, "#", start, newline))
        value, quote = text[start:end], ""
    key = text[key_start:key_end]
    if "\n" in key:
        reason = "the line has no = and becomes part of the next name"
        reading.note("joined-line", reason, reading.original(key_start))
    if reading.source.bad:
        key, value = valid(key), valid(value)
    places = key_start, key_end, start, end
    reading.add(key, value, places, quote, exported=exported)
    return resume
