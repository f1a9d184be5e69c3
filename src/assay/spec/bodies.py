"""A spec file as it was read, and the body of data that files are merged into."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.spec.narrowing import laid
from assay.spec.places import place_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.model import Location
    from assay.spec.places import Path, Place


class Body:
    """Merged data with the place of each field, and what went wrong on the way."""

    def __init__(self) -> None:
        self.data: dict[str, Any] = {}
        self.places: dict[Path, Place] = {}

    def take(self, path: tuple[str, ...], value: Any, source: SpecFile) -> None:
        """Put `value`, which stands at `path` in `source`, at the same path; one or two steps."""
        holder: Any = self.data
        for part in path[:-1]:
            holder = holder.setdefault(part, {})
        holder[path[-1]] = value
        self.places.update(source.below(path))


class SpecFile:
    """One file as it was read."""

    def __init__(self, name: str, data: dict[str, Any], places: dict[Path, Place]) -> None:
        self.name = name
        self.data = data
        self.places = places
        self.below_entries: dict[tuple[str, str], dict[str, Any]] = {}
        """What this file's entries lie over, if they narrow an imported one."""
        self._children: dict[Path, list[Path]] | None = None

    @property
    def completed(self) -> dict[str, Any]:
        """The file's data, its entries completed by those that they narrow."""
        whole = dict(self.data)
        for (section, name), below in self.below_entries.items():
            whole[section] = {**whole[section], name: laid(section, below, whole[section][name])}
        return whole

    def below(self, path: Path) -> Iterator[tuple[Path, Place]]:
        """The places at and below a path of one or two steps."""
        if self._children is None:
            self._children = {}
            for found in self.places:
                for depth in (1, 2):
                    if len(found) >= depth:
                        self._children.setdefault(found[:depth], []).append(found)
        for found in self._children.get(path, ()):
            yield found, self.places[found]

    def location(self, *path: str | int) -> Location:
        """The place of a field's name."""
        return place_of(self.places, path, self.name).of_key
