"""The .env files of one environment that its application's loader reads together."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import msgspec

from assay import dotenv
from assay.sources.base import Source, SourceContent, World
from assay.sources.dotenv_file import DotenvFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assay.facts import Unobservable


class LayeredFile(Source, frozen=True, kw_only=True):
    """A .env file among others of the same loader, whose values its references may see."""

    offline: ClassVar[bool] = True

    file: DotenvFile
    weaker: tuple[DotenvFile, ...]
    stronger: tuple[DotenvFile, ...]
    foremost: bool = False
    """Whether its values win, as where the stronger files are missing."""

    @property
    def label(self) -> str:
        """That of the file."""
        return self.file.label

    def read(self, world: World) -> SourceContent | Unobservable:
        """Read the file, and the others for what they contribute."""
        return self.file.read_among(self.weaker, self.stronger, world, foremost=self.foremost)


def layered(sources: Sequence[Source]) -> tuple[Source, ...]:
    """The sources of an environment, each .env file with those that are read with it."""
    return tuple(_layered(sources))


def _layered(sources: Sequence[Source]) -> Iterator[Source]:
    for index, source in enumerate(sources):
        if not isinstance(source, DotenvFile) or not dotenv.together(source.dialect):
            yield source
            continue
        weaker, stronger = (
            tuple(file for file in map(_file, some) if file and file.dialect == source.dialect)
            for some in (sources[:index], sources[index + 1 :])
        )
        one = not weaker and not stronger
        yield source if one else LayeredFile(file=source, weaker=weaker, stronger=stronger)


def _file(source: Source) -> DotenvFile | None:
    if isinstance(source, LayeredFile):
        return source.file
    return source if isinstance(source, DotenvFile) else None


def foremost(sources: Sequence[Source], index: int) -> Source:
    """The .env file at this index among the sources, as if it came last and yet is read there."""
    source = layered(sources)[index]
    if not isinstance(source, LayeredFile):
        return source
    return msgspec.structs.replace(source, foremost=True)
