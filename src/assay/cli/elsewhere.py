"""Which environments a plain `assay check` leaves to where they run.

Only the machine that runs the application has the values that come from the process. On a laptop,
an environment of such values would be reported as missing everything it needs.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from assay.sources.dotenv_file import DotenvFile
from assay.sources.process import ProcessEnvironment
from assay.words import listed

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from assay.sources.base import Source
    from assay.spec.document import Spec

_OFF = ("", "0", "false")


def checked_here(spec: Spec, process: Mapping[str, str]) -> Sequence[str]:
    """The environments that can be checked in this process, in the spec's order.

    One that takes values from the process is left out if others remain, the process sets none of
    what must be set, and no file here is its own. In CI all are checked: a forgotten secret fails.
    """
    every = spec.environments
    needed = _needed(spec)
    in_ci = process.get("CI", "").lower() not in _OFF
    if in_ci or not needed or any(name in process for name in needed):
        return list(every)
    by_process = [name for name, one in every.items() if _by_process(one.values)]
    kept = [name for name in every if name not in by_process]
    kept = kept or [name for name in every if not every[name].live] or list(every)
    files = {source.path for name in kept for source in _files(every[name].values)}
    return [
        name
        for name, one in every.items()
        if name in kept or _own_files(spec.root, one.values, files)
    ]


def not_checked(names: Sequence[str]) -> str:
    """What is said of environments that were left out."""
    where = "where it runs" if len(names) == 1 else "where each runs"
    return f"{listed(names)}: not checked here; run `assay check {names[0]}` {where}"


def _needed(spec: Spec) -> list[str]:
    """The variables that must be set, at least somewhere."""
    return [
        name
        for name, entry in spec.used.items()
        if entry.declared.variable.required is not False and entry.declared.default is None
    ]


def _by_process(sources: Sequence[Source]) -> bool:
    """Whether values come from the process, and from files at most besides."""
    others = [source for source in sources if not isinstance(source, ProcessEnvironment)]
    return len(others) < len(sources) and all(isinstance(one, DotenvFile) for one in others)


def _files(sources: Sequence[Source]) -> list[DotenvFile]:
    return [source for source in sources if isinstance(source, DotenvFile)]


def _own_files(root: str, sources: Sequence[Source], shared: Collection[str]) -> bool:
    """Whether there is something to say of a file that no other environment here reads."""
    return any(
        source.path not in shared
        and (not source.optional or os.path.exists(os.path.join(root, source.path)))
        for source in _files(sources)
    )
