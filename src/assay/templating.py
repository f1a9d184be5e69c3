"""Jinja templates: those that assay ships, each of which a project may replace by its own.

A template runs in a sandbox, fails on a name that nobody gave it, and escapes what it writes where
its name ends with `.html.j2`.
"""

from __future__ import annotations

import os
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from assay.errors import AssayError
from assay.files import FileTrouble, read_bytes
from assay.gate import inside_of
from assay.package_data import folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jinja2 import Template
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    Filters = tuple[tuple[str, Callable[..., Any]], ...]

OVERRIDES = "specs/templates"
"""The folder of a project, below its root, whose files replace the shipped ones of their names."""

_RAISED = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What expressions of a template raise."""
_FIX = "Fix the template, or remove it to use the one that assay ships."
LARGEST = 4 * 1024 * 1024
"""Bytes; larger files aren't templates."""


class Overrides(NamedTuple):
    """A project that may have templates of its own."""

    root: str
    folder: str = OVERRIDES
    """The folder that they are in, below the root."""
    allowed: tuple[str, ...] = ()
    """Files and folders outside of the repository that they may be links to."""


class TemplateError(AssayError):
    """A template can't be found, parsed or filled in; the message names its file and line."""


def render(
    name: str,
    values: Mapping[str, Any],
    *,
    overrides: Overrides | None = None,
    filters: Mapping[str, Callable[..., Any]] | None = None,
    source: str = "",
) -> str:
    """The template `name` filled in with `values`.

    Args:
        name: the path of a template below the folder `templates`, such as `report.html.j2`.
        values: what the template may use.
        overrides: the project whose templates are taken before the shipped ones.
        filters: what the template may call beside Jinja's own filters, by name.
        source: the template's text, for one that does not come with assay.

    Raises:
        TemplateError: there is no such template, or something is wrong with it.

    """
    import jinja2

    from assay.sandbox import begin

    begin()
    try:
        return _template(environment(overrides, filters or {}), name, source).render(values)
    except jinja2.TemplateNotFound as error:
        raise TemplateError(
            f"there is no template {error.name}",
            f"Create it in {OVERRIDES}, or use one that assay ships.",
        ) from None
    except jinja2.TemplateSyntaxError as error:
        said = f"{error.filename or error.name or name}:{error.lineno}: this isn't a Jinja template"
        raise TemplateError(f"{said}: {error.message}", _FIX) from None
    except (RecursionError, MemoryError, SyntaxError) as error:  # the last is Python's, of what is
        # nested deeper than its compiler can follow
        reason = "is nested too deeply, calls itself endlessly, or needs too much memory"
        raise TemplateError(f"{_place(error, name)}: the template {reason}", _FIX) from None
    except (jinja2.TemplateError, *_RAISED) as error:
        reason = f"can't be filled in: {error}"
        raise TemplateError(f"{_place(error, name)}: the template {reason}", _FIX) from None


def _template(sandbox: ImmutableSandboxedEnvironment, name: str, source: str) -> Template:
    """The template of that name; the one with that text if there is none."""
    from jinja2 import TemplateNotFound

    try:
        return sandbox.get_template(name)
    except TemplateNotFound:
        if not source:
            raise
        return sandbox.from_string(source)


def environment(
    overrides: Overrides | None = None,
    filters: Mapping[str, Callable[..., Any]] | None = None,
) -> ImmutableSandboxedEnvironment:
    """A sandbox that finds templates; the same for every document and report."""
    added = tuple(sorted((filters or {}).items()))
    if overrides is not None and os.path.lexists(os.path.join(overrides.root, overrides.folder)):
        from assay.sandbox import BoundedEnvironment

        # its files come and go while a watch goes on
        return _made(overrides, added, BoundedEnvironment)
    return _kept(added)


@lru_cache(maxsize=16)
def _kept(filters: Filters) -> ImmutableSandboxedEnvironment:
    """The sandbox of the shipped templates, which compiles each once."""
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return _made(None, filters, ImmutableSandboxedEnvironment)


def _made(
    overrides: Overrides | None,
    filters: Filters,
    sandbox: type[ImmutableSandboxedEnvironment],
) -> ImmutableSandboxedEnvironment:
    from jinja2 import ChoiceLoader, FileSystemLoader, FunctionLoader, StrictUndefined

    shipped = FileSystemLoader(folder("templates"))
    own = [] if overrides is None else [FunctionLoader(partial(_source, overrides))]
    made = sandbox(
        loader=ChoiceLoader([*own, shipped]),
        autoescape=lambda name: name is not None and name.endswith(".html.j2"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(dict(filters))
    return made


def _source(overrides: Overrides, name: str) -> tuple[str, str, None] | None:
    """A project's template with its path, or None if it doesn't have one of that name.

    A link may lead to another template of the repository, and to nothing else.
    """
    if os.path.isabs(name) or ".." in name.split("/") or "\\" in name:
        return None
    root = os.path.realpath(overrides.root)
    path = os.path.normpath(os.path.join(root, overrides.folder, name))
    inside = inside_of(root, overrides.allowed)
    content = read_bytes(path, limit=LARGEST, inside=inside, ending=(".j2",))
    if isinstance(content, FileTrouble):
        if content.code in ("missing", "directory"):
            return None
        raise TemplateError(
            f"the template {overrides.folder}/{name} can't be read: {content.reason}",
            content.remedy,
        )
    try:
        return content.decode(), path, None
    except UnicodeDecodeError:
        raise TemplateError(
            f"the template {overrides.folder}/{name} isn't valid UTF-8", "Save it as UTF-8."
        ) from None


def _place(error: Exception, name: str) -> str:
    """Where in a template an error came up; Jinja puts its templates into the traceback."""
    found = name
    trace = error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.endswith(".j2"):
            found = f"{file}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found
