"""The Python API: load a spec, lint it, run its checks."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from assay.errors import SpecError, UsageError
from assay.model import Report
from assay.runs import Run

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from assay.spec.document import Spec

    Path = str | os.PathLike[str]
    Paths = Path | Iterable[Path]


def load(path: Path | None = None, *, working: Path | None = None, allow_paths: Paths = ()) -> Spec:
    """Load the spec at `path` (a file or folder), else the nearest `specs` folder.

    Whatever the spec names has to lie inside the repository, but for the files and folders in
    `allow_paths`. Relative paths start from the folder `working`; the current one by default.

    Raises:
        SpecError: the spec can't be read or is invalid; it carries every problem found.
        UsageError: an argument is not a path.

    """
    from assay.spec.given import path_of, paths_of
    from assay.spec.loader import load_spec

    given = None if path is None else path_of("path", path)
    here = None if working is None else path_of("working", working)
    return load_spec(given, working=here, allowed=paths_of("allow_paths", allow_paths))


def loads(text: str | bytes, *, root: Path = ".", allow_paths: Paths = ()) -> Spec:
    """Load a spec from its YAML.

    Imports, .env files and whatever else it names are relative to the folder `root`; problems
    and findings call the text `<text>`.

    Raises:
        SpecError: the spec is invalid; it carries every problem found.
        UsageError: an argument is of the wrong type.

    """
    from assay.spec.given import path_of, paths_of
    from assay.spec.loader import load_text

    if not isinstance(text, str | bytes):
        kind = type(text).__name__
        raise UsageError(f"text must be text, not {kind}", "Pass YAML, or use `from_dict`.")
    content = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    allowed = paths_of("allow_paths", allow_paths)
    return load_text(content, path_of("root", root), allowed=allowed, name="<text>")


def from_dict(data: Mapping[str, object], *, root: Path = ".", allow_paths: Paths = ()) -> Spec:
    """Load a spec from data of the same form as its YAML.

    It is validated in the same way. Imports, .env files and whatever else it names are relative
    to the folder `root`; problems and findings call the data `<dict>`.

    Raises:
        SpecError: the spec is invalid; it carries every problem found.
        UsageError: an argument is of the wrong type.

    """
    from assay.spec.given import path_of, paths_of, plain
    from assay.spec.loader import load_data

    if not isinstance(data, Mapping):
        kind = type(data).__name__
        raise UsageError(f"data must be a mapping, not {kind}", "Pass YAML to `loads`.")
    allowed = paths_of("allow_paths", allow_paths)
    return load_data(plain(data), path_of("root", root), allowed=allowed, name="<dict>")


def lint(
    path: Path | None = None, *, working: Path | None = None, allow_paths: Paths = ()
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
