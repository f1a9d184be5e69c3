"""The dialect `vite`: `loadEnv` of Vite 8: Node's own parser, then dotenv-expand 13."""

from __future__ import annotations

from assay.dotenv import node20
from assay.dotenv.expand import expand, texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from assay.dotenv.reading import TextReading


def take_in(reading: TextReading) -> None:
    """Read a text as Node does, before anything is expanded."""
    node20.read(reading)


def read(reading: TextReading) -> None:
    """Read a text; process variables stand before the file's values, and are not expanded."""
    take_in(reading)
    resolve(reading)


def resolve(reading: TextReading) -> None:
    """Expand what was read; references see values as they are by then."""
    expand(reading, reading.environ, texts(reading))
