"""The Python API: load a spec, lint it, run its checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.errors import SpecError
from assay.model import Report
from assay.runs import Run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from assay.spec.document import Spec


def load(
    path: str | None = None, *, working: str | None = None, allow_paths: Sequence[str] = ()
) -> Spec:
    """Load the spec at `path` (a file or folder), else the nearest `specs` folder.

    Whatever the spec names has to lie inside the repository, but for the files and folders in
    `allow_paths`.

    Raises:
        SpecError: the spec can't be read or is invalid; it carries every problem found.

    """
    from assay.spec.loader import load_spec

    return load_spec(path, working=working, allowed=tuple(allow_paths))


def lint(
    path: str | None = None, *, working: str | None = None, allow_paths: Sequence[str] = ()
) -> Report:
    """Check a spec offline; its problems come back as findings. Arguments are those of `load`."""
    try:
        spec = load(path, working=working, allow_paths=allow_paths)
    except SpecError as error:
        return Report.of(error.problems)
    return Report.of((), project=spec.project)


def run(  # noqa: PLR0913 - each is independent of the others
    spec: Spec,
    *,
    environments: Sequence[str] = (),
    only: Sequence[str] = (),
    process: Mapping[str, str] | None = None,
    today: date | None = None,
    offline: bool = False,
    untrusted: bool = False,
    allow_paths: Sequence[str] = (),
) -> Report:
    """Run the checks of a spec and report.

    Args:
        spec: what `load` returned.
        environments: the environments to check; all by default.
        only: the kinds, groups or subjects to check; all by default. `*` stands for any text.
        process: the variables that a `process` source sees; this process's by default.
        today: the date by which waivers end; the current one (UTC) by default.
        offline: whether to leave out what looks at running systems, such as databases.
        untrusted: whether strangers may have written the spec and its files: no variable of the
            process is read, and nothing is contacted. What only the process may set is unknown.
        allow_paths: files and folders outside of the repository that may be read, beside those
            that `load` was given.

    Raises:
        UsageError: an environment or a selection names nothing.

    """
    with Run(
        spec,
        process=process,
        today=today,
        offline=offline,
        untrusted=untrusted,
        allowed=allow_paths,
    ) as made:
        return made.check(environments, only=only)
