"""The Python API: load a spec, lint it, run its checks."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from assay.errors import SpecError, UsageError
from assay.facts import Secret, Setting, State, Value
from assay.model import Finding, Report
from assay.runs import Run
from assay.sources.given import Own, Values  # noqa: TC001 - get_type_hints reads it
from assay.spec.document import Spec  # noqa: TC001 - get_type_hints reads it

if TYPE_CHECKING:
    from assay.kinds.variable.spec import Declared

Path = str | os.PathLike[str]
Paths = Path | Iterable[Path]


class RunOptions(TypedDict, total=False):
    """The arguments of `run`."""

    environments: str | Iterable[str]
    only: str | Iterable[str]
    process: Mapping[str, str] | None
    values: Mapping[str, Values] | None
    sources: Mapping[str, Own | Iterable[Own]] | None
    today: date | None
    offline: bool
    untrusted: bool
    allow_paths: Paths
    on_finding: Callable[[Finding], None] | None
    on_progress: Callable[[int, int], None] | None


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
    from assay.spec.loader import load_text

    if not isinstance(data, Mapping):
        kind = type(data).__name__
        raise UsageError(f"data must be a mapping, not {kind}", "Pass YAML to `loads`.")
    allowed = paths_of("allow_paths", allow_paths)
    return load_text(plain(data), path_of("root", root), allowed=allowed, name="<dict>")


def lint(
    path: Path | None = None, *, working: Path | None = None, allow_paths: Paths = ()
) -> Report:
    """Check a spec offline; its problems come back as findings. Arguments are those of `load`."""
    try:
        spec = load(path, working=working, allow_paths=allow_paths)
    except SpecError as error:
        return Report.of(error.problems)
    from assay.spec.waived import renamed_waivers

    return Report.of(renamed_waivers(spec), project=spec.project, plugins=spec.plugins)


def run(  # noqa: PLR0913 - each is independent of the others
    spec: Spec,
    *,
    environments: str | Iterable[str] = (),
    only: str | Iterable[str] = (),
    process: Mapping[str, str] | None = None,
    values: Mapping[str, Values] | None = None,
    sources: Mapping[str, Own | Iterable[Own]] | None = None,
    today: date | None = None,
    offline: bool = False,
    untrusted: bool = False,
    allow_paths: Paths = (),
    on_finding: Callable[[Finding], None] | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Run the checks of a spec and report.

    Args:
        spec: what `load` returned.
        environments: the environments to check; by default all, or those that `values` and
            `sources` name.
        only: the kinds, groups or subjects to check; all by default. `*` stands for any text.
        process: the variables that a `process` source sees; this process's by default.
        values: for some environments the values to check, by name, instead of their sources.
        sources: for some environments where values come from instead of their own sources, in
            order; later ones win. Each is a mapping, a function that returns one, or a `Source`.
        today: the date by which waivers end; the current one (UTC) by default.
        offline: whether to leave out what looks at running systems, such as databases.
        untrusted: whether strangers may have written the spec and its files: no variable of the
            process is read, and nothing is contacted. What only the process may set is unknown.
        allow_paths: files and folders outside of the repository that may be read, beside those
            that `load` was given.
        on_finding: gets each finding once its check is done.
        on_progress: gets how many checks are done, and how many there are.

    Raises:
        UsageError: an environment or a selection names nothing, or an argument has a wrong type.

    """
    plain = [process, values, sources]
    del process, values, sources
    made = prepared(
        spec,
        plain,
        today=today,
        offline=offline,
        untrusted=untrusted,
        allow_paths=allow_paths,
        on_finding=on_finding,
        on_progress=on_progress,
    )
    with made:
        return made.check(environments, only=only)


async def arun(spec: Spec, **options: Unpack[RunOptions]) -> Report:
    """Run the checks of a spec in a thread of its own; arguments and errors are those of `run`.

    If the task is cancelled, the run ends at its next question, and what it opened is closed.
    Callbacks are called by its thread.
    """
    from asyncio import wrap_future

    from assay.net.patience import started

    environments, only = options.pop("environments", ()), options.pop("only", ())
    plain: list[Any] = [options.pop("process", None), options.pop("values", None)]
    plain.append(options.pop("sources", None))
    made = prepared(spec, plain, **options)

    def check() -> Report:
        with made:
            return made.check(environments, only=only)

    future = wrap_future(started(check))
    try:
        return await future
    finally:
        if not future.done() or future.cancelled():
            made.cancel()


def prepared(spec: Spec, plain: list[Any], **options: Any) -> Run:
    """A run; `plain` holds the process, values and sources, and no frame does from here on.

    Trackers of errors record the variables of every frame.
    """
    from assay.sources.given import sources, variables
    from assay.spec.document import Spec as Known
    from assay.spec.given import paths_of

    own = sources(plain[1], plain[2])
    process = variables(plain[0])
    plain.clear()
    if isinstance(own, UsageError):
        raise own
    if isinstance(process, UsageError):
        raise process
    if not isinstance(spec, Known):
        raise UsageError(
            f"spec must be a Spec, not {type(spec).__name__}", "Pass what `assay.load` returned."
        )
    today = options.get("today")
    if not isinstance(today, date | None) or isinstance(today, datetime):
        raise UsageError(
            f"today must be a date, not {type(today).__name__}", "Pass a `datetime.date`."
        )
    for name in ("on_finding", "on_progress"):
        if not (options.get(name) is None or callable(options[name])):
            raise UsageError(
                f"{name} must be a function, not {type(options[name]).__name__}", "Pass a function."
            )
    allowed = paths_of("allow_paths", options.pop("allow_paths", ()))
    return Run(spec, process=process, sources=own, allowed=allowed, **options)


def values_of(spec: Spec, environment: str, plain: list[Any]) -> dict[str, object]:
    """See `Spec.values`; `plain` holds the process, until it is hidden."""
    plain += (None, None)
    if not isinstance(environment, str):
        raise UsageError(
            f"environment must be a name, not {type(environment).__name__}",
            "Pass the name of an environment of the spec.",
        )
    with prepared(spec, plain, offline=True) as run:
        only = ["variable"] if spec.used else []
        report = run.check(environment, only=only)
        report.raise_for_failures()
        [name] = report.environments
        answers = run.observe([Value(name, variable) for variable in spec.used])
    return {
        variable: _typed(answers[Value(name, variable)], entry.declared)
        for variable, entry in spec.used.items()
    }


def _typed(setting: Setting, declared: Declared) -> object:
    text = setting.text
    if text is None and declared.default is not None:
        text = declared.default
    if text is None:
        empty = setting.state is State.EMPTY and declared.format.cel == "string"
        text = "" if empty else None
    if text is None:
        return None
    if declared.secret:
        return Secret(text)
    return declared.format.interpret(text) if text else text
