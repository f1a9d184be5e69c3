"""Several .env texts, all read before a value of any is expanded."""

from __future__ import annotations

from assay.dotenv.document import Document, DotenvError, SourceText
from assay.dotenv.node import object_order
from assay.dotenv.reading import TextReading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Protocol

    class Expanding(Protocol):
        """A dialect's module that reads in two steps."""

        take_in: Callable[[TextReading], None]
        resolve: Callable[[TextReading], None]


def merged(
    readings: Sequence[TextReading], dialect: str, module: Expanding
) -> tuple[Document, ...]:
    """Read all texts before any value is expanded, which then sees the values of all."""
    for reading in readings:
        reading.take(module.take_in)
    joint = TextReading(SourceText("".join([r.text for r in readings])), readings[0].environ)
    joint.entries = [entry for reading in readings for entry in reading.entries]
    joint.values = object_order({k: v for r in readings for k, v in r.values.items()})
    try:
        module.resolve(joint)
    except DotenvError as error:
        owner = next((r for r in readings if r.source is error.source), readings[-1])
        owner.errors.append(error.with_traceback(None))
    winners = {entry.key: entry for entry in joint.entries}
    documents = []
    for reading in readings:
        own = reading.values
        values = {n: joint.values[n] for n in joint.values if n in own}
        reading.values = {
            n: value if winners[n].source is reading.source else own[n]
            for n, value in values.items()
        }
        document = Document(dialect, reading)
        document.visible |= joint.values.keys()
        documents.append(document)
    return tuple(documents)
