"""Which of the files that a spec names a given path is, however either of them is written.

The engine's part of `assay hook` and the screen both ask here, so that they never differ about who
reads a file. Like the rest of the screen it imports nothing but `os`.
"""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    Identity = tuple[int, int] | str


def identity(path: str) -> "Identity":
    """The file that a path leads to: the same for `a/../.env`, a link to it, or a different case.

    A file that isn't there is told apart by its path.
    """
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return os.path.realpath(path)
    return found.st_dev, found.st_ino


def readers(
    given: str, root: str, paths: "Mapping[str, Sequence[str | None]]"
) -> "Iterator[tuple[str, int]]":
    """The environments that read a given file, with the index of the source by which each does.

    `given` is absolute; `paths` has those of each environment's sources, as the spec writes them.
    """
    wanted = identity(given)
    known: dict[str, bool] = {}
    for environment, sources in paths.items():
        for index, path in enumerate(sources):
            if path is None:
                continue
            if path not in known:
                known[path] = identity(os.path.join(root, path)) == wanted
            if known[path]:
                yield environment, index


def arranged(
    given: "Iterable[str]", root: str, paths: "Sequence[str | None]"
) -> "list[tuple[str, int | None]]":
    """Given files as one environment reads them: in its order, each with the index of its source.

    Files that the environment doesn't read have no index, and stay where they are.
    """
    found = [(file, [i for _, i in readers(file, root, {"": paths})]) for file in given]
    sources = {index: file for file, indexes in reversed(found) for index in indexes}
    order = iter(sorted(sources))
    arranged: list[tuple[str, int | None]] = []
    for file, indexes in found:
        if not indexes:
            arranged.append((file, None))
        for index in indexes:
            if sources.get(index) == file:
                following = next(order, None)
                if following is not None:
                    arranged.append((sources[following], following))
    return arranged
