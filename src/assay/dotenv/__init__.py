"""Read .env texts exactly as the loaders of many ecosystems do, losing nothing of the text.

`loads` gives what an application would see, `parse` the entries with their places, `differences`
what other loaders make of the same text, and `quote` a spelling that reads back as a given value.
Nothing in a text is ever executed.
"""

from __future__ import annotations

from importlib import import_module

from assay.dotenv.document import Document, DotenvEntry, DotenvError, Problem, SourceText, Values
from assay.dotenv.reading import TextReading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assay.dotenv.portability import Difference

__all__ = [
    "DIALECTS",
    "Document",
    "DotenvEntry",
    "DotenvError",
    "Problem",
    "Values",
    "differences",
    "loads",
    "parse",
    "quote",
]


# A dialect's module is imported when the dialect is first used: start-up time matters.
_READERS: dict[str, str] = {
    "node": "assay.dotenv.node",
    "node20": "assay.dotenv.node20",
    "dotenv-expand": "assay.dotenv.expand",
    "dotenvx": "assay.dotenv.dotenvx",
    "next": "assay.dotenv.next_env",
    "react-scripts": "assay.dotenv.react_scripts",
    "vite": "assay.dotenv.vite",
    "nuxt": "assay.dotenv.nuxt",
    "bun": "assay.dotenv.bun",
    "python": "assay.dotenv.python",
    "ruby": "assay.dotenv.ruby",
    "php": "assay.dotenv.php",
    "symfony": "assay.dotenv.symfony",
    "compose": "assay.dotenv.compose",
    "docker": "assay.dotenv.docker",
    "shell": "assay.dotenv.shell",
}

_TOGETHER = {
    "dotenv-expand": "merged",
    "vite": "merged",
    "nuxt": "merged",
    "dotenvx": "in-turn",
    "next": "in-turn",
    "react-scripts": "in-turn",
    "bun": "in-turn",
}
"""How loaders read several files: all before they expand any, or the strongest first, of which
references in the others see the values. Those that aren't here read each file alone."""

DIALECTS: tuple[str, ...] = tuple(_READERS)
"""The dialects: npm `dotenv`, Node's own parser, `dotenv-expand`, dotenvx, `@next/env`,
react-scripts, Vite, Nuxt, Bun, `python-dotenv`, Ruby `dotenv`, `phpdotenv`, `symfony/dotenv`,
Docker Compose, `docker run --env-file`, and a POSIX shell that sources the file."""


def loads(
    text: str | bytes, dialect: str = "node", *, environ: Mapping[str, str] | None = None
) -> Values:
    """Return what an application sees that loads this text with this dialect's loader.

    `environ` holds the process variables that expansion may read; none by default. The result is a
    dict in the loader's own order, with the lossless document as its attribute `document`.

    Raises:
        DotenvError: the loader refuses the text, or the dialect is unknown.

    """
    document = parse(text, dialect, environ=environ)
    if document.errors:
        raise document.errors[0]
    values = Values(document.values)
    values.document = document
    return values


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
    reading.take(import_module(module).read)
    return Document(dialect, reading)


def together(dialect: str) -> bool:
    """Whether the dialect's loader lets values of one file depend on the others."""
    return dialect in _TOGETHER


def parse_layers(
    texts: Sequence[str | bytes], dialect: str, *, environ: Mapping[str, str] | None = None
) -> tuple[Document, ...]:
    """Return the documents of several files of one application, the strongest of them last.

    They are read as the dialect's loader reads them together: some see in a file what stronger
    ones set, some merge all before they expand any, others read each alone. A value that a
    stronger file overrides may be unexpanded.

    Raises:
        DotenvError: the dialect is unknown.

    """
    known = {} if environ is None else environ
    how = _TOGETHER.get(dialect)
    if how == "merged" and len(texts) > 1:
        from assay.dotenv.layers import merged

        readings = [TextReading(_decoded(text), known) for text in texts]
        return merged(readings, dialect, import_module(_READERS[dialect]))
    documents: list[Document] = []
    for text in reversed(texts):
        documents.append(parse(text, dialect, environ=known))
        if how == "in-turn":
            known = {**_set(documents[-1]), **known}
    return tuple(reversed(documents))


def parse_foremost(
    text: str | bytes,
    weaker: Sequence[str | bytes],
    stronger: Sequence[str | bytes],
    dialect: str,
    *,
    environ: Mapping[str, str] | None = None,
) -> Document:
    """Return the document of one file of several, as if no other overrode what it sets.

    Raises:
        DotenvError: the dialect is unknown.

    """
    if _TOGETHER.get(dialect) != "in-turn":
        return parse_layers((*weaker, *stronger, text), dialect, environ=environ)[-1]
    known = {} if environ is None else environ
    own = parse(text, dialect).values
    above: dict[str, str] = {}
    for document in parse_layers(stronger, dialect, environ=known):
        above |= {name: value for name, value in _set(document).items() if name not in own}
    return parse(text, dialect, environ={**above, **known})


def _set(document: Document) -> dict[str, str]:
    return {name: value for name, value in document.values.items() if value is not None}


def _decoded(text: str | bytes) -> SourceText:
    if isinstance(text, str):
        return SourceText(text)
    try:
        return SourceText(text.decode("utf-8"))
    except UnicodeDecodeError:
        escaped = text.decode("utf-8", "surrogateescape")
    return SourceText(escaped, [i for i, c in enumerate(escaped) if "\ud800" <= c <= "\udfff"])


def differences(text: str | bytes, dialect: str, others: Sequence[str]) -> tuple[Difference, ...]:
    """Return the names whose value another dialect reads differently, with the cause.

    Raises:
        DotenvError: a dialect is not known.

    """
    from assay.dotenv.portability import between

    document = parse(text, dialect)
    if document.errors:
        raise document.errors[0]
    read = [parse(text, other) for other in others if other != dialect]
    return tuple(difference for other in read for difference in between(document, other))


def quote(value: str, dialect: str = "node") -> str:
    """Return a spelling, to stand after `NAME=`, that the dialect reads back as exactly `value`.

    Raises:
        DotenvError: the dialect has no spelling of this value, or is not known.

    """
    from assay.dotenv.misreading import misreading
    from assay.dotenv.quoting import forms

    dubious = None
    for form in forms(value, dialect):
        entry = _read_back(value, form, dialect)
        if entry is not None and not misreading(entry):
            return form
        if entry is not None and dubious is None:
            dubious = form
    if dubious is not None:
        return dubious
    raise DotenvError(
        f"the value can't be written in the dialect {dialect}",
        "expected a value without the newlines or quotes that it can't contain",
    )


def _read_back(value: str, form: str, dialect: str) -> DotenvEntry | None:
    """The entry of a spelling that counts: alone, with a line after it, and without references."""
    entry = None
    for rest, more in (("", {}), ("\nZ=1\n", {"Z": "1"})):
        document = parse(f"A={form}{rest}", dialect)
        if document.errors or document.values != {"A": value, **more}:
            return None
        entry = document.winner("A")
        if entry is None or entry.references or entry.executes:
            return None
    return entry
