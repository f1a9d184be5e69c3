"""The dialect `vite`: `loadEnv` of Vite 8: Node's own parser, then dotenv-expand 13."""

from __future__ import annotations

from assay.dotenv import node20
from assay.dotenv.expand import expand_among

TYPE_CHECKING = False
if TYPE_CHECKING:
    from assay.dotenv.reading import TextReading


def read(reading: TextReading) -> None:
    """Read a text; process variables stand before the file's values, and are not expanded."""
    node20.read(reading)
    expand_among(reading)
