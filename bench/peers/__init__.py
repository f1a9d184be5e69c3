"""The peers: other validators, told to check the same variables as strictly as they can."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from bench.corpus import Variable


class Peer(NamedTuple):
    """A validator, and how to set it to work."""

    name: str
    ecosystem: str
    """The folder it is installed in: `python` or `node`."""
    program: str
    """What must exist below that folder."""
    write: Callable[[Path, Sequence[Variable], Sequence[Variable]], None]
    """Writes into a folder what it needs for the declared variables, and for those that are set."""
    arguments: Callable[[Path], tuple[str, ...]]
    """The command, for the folder that peers are installed in."""
    faster: float | None = None
    """How many times faster assay must be."""
    judges_values: bool = True
    """Whether it refuses bad values, or only reads."""

    def missing(self, home: Path) -> bool:
        """Whether it is not installed."""
        return not (home / self.ecosystem / self.program).exists()
