"""The entries of a text, as a dialect reads them."""

from __future__ import annotations

from importlib import import_module

from assay.dotenv.document import Document, SourceText
from assay.dotenv.error import DotenvError
from assay.dotenv.reading import TextReading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# A dialect's module is imported when the dialect is first used: start-up time matters.
_READERS: dict[str, str] = {
    "node": "assay.dotenv.node",
    "node20": "assay.dotenv.node20",
    "next": "assay.dotenv.next_env",
    "python": "assay.dotenv.python",
    "ruby": "assay.dotenv.ruby",
    "compose": "assay.dotenv.compose",
    "docker": "assay.dotenv.docker",
    "shell": "assay.dotenv.shell",
}

DIALECTS: tuple[str, ...] = tuple(_READERS)
"""The dialects: npm `dotenv`, Node's own parser, `@next/env`, `python-dotenv`, Ruby `dotenv`,
Docker Compose, `docker run --env-file`, and a POSIX shell that sources the file."""


def parse(
    text: str | bytes, dialect: str = "node", *, environ: Mapping[str, str] | None = None
) -> Document:
    """Return the text's entries with their places, as this dialect reads them.

    Where the dialect refuses the text, the document's `errors` say why and the entries are those
    that could be read.

    Raises:
        DotenvError: the dialect is unknown.

    """
    module = _READERS.get(dialect)
    if module is None:
        raise DotenvError("the dialect is unknown", f"expected one of {', '.join(DIALECTS)}")
    reading = TextReading(_decoded(text), {} if environ is None else environ)
    try:
        import_module(module).read(reading)
    except DotenvError as error:
        # its traceback would hold the frames of the reader, and so values
        reading.errors.append(error.with_traceback(None))
    for offset in reading.source.bad:
        reading.note("invalid-utf8", "a byte that is not valid UTF-8", offset)
    return Document(dialect, reading)


def _decoded(text: str | bytes) -> SourceText:
    if isinstance(text, str):
        return SourceText(text)
    try:
        return SourceText(text.decode("utf-8"))
    except UnicodeDecodeError:
        escaped = text.decode("utf-8", "surrogateescape")
    return SourceText(escaped, [i for i, c in enumerate(escaped) if "\ud800" <= c <= "\udfff"])
