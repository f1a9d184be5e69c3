"""Checks what programs give instead of spec files: paths, texts and plain data."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from assay.errors import UsageError

DEEPEST = 100
"""Deeper nesting than this has no meaning in any spec, as `yaml_text` says too."""


def path_of(name: str, given: object) -> str:
    """A path as text.

    Raises:
        UsageError: it isn't one.

    """
    path = os.fspath(given) if isinstance(given, os.PathLike) else given
    if not isinstance(path, str):
        raise UsageError(
            f"{name} must be a path, not {type(given).__name__}", f"Pass text or a Path as {name}."
        )
    if "\0" in path:
        raise UsageError(f"{name} has a null character in it", "Pass a path without it.")
    return path


def paths_of(name: str, given: object) -> tuple[str, ...]:
    """Paths as texts; one may stand alone.

    Raises:
        UsageError: one of them isn't one.

    """
    if isinstance(given, str | os.PathLike) or not isinstance(given, Iterable):
        return (path_of(name, given),)
    return tuple([path_of(name, one) for one in given])


def plain(data: object, at: str = "the spec", depth: int = 0) -> Any:
    """Data as YAML would give it: mappings, lists, texts, numbers, true, false and nothing.

    Tuples are lists, dates and paths are texts.

    Raises:
        UsageError: something in it has no form in YAML.

    """
    if depth > DEEPEST:
        raise UsageError(f"{at[:80]} is nested too deeply", "Look for data that contains itself.")
    if isinstance(data, Mapping):
        for key in data:
            if not isinstance(key, str):
                raise _wrong(f"a key of {at}", "text", key)
        return {str(key): plain(one, f"{at}.{key}", depth + 1) for key, one in data.items()}
    if isinstance(data, list | tuple):
        return [plain(one, f"{at}[{index}]", depth + 1) for index, one in enumerate(data)]
    if isinstance(data, str):
        return str(data)
    if data is None or isinstance(data, bool | int | float):
        return data
    if isinstance(data, date):
        return data.isoformat()
    if isinstance(data, os.PathLike):
        return os.fspath(data)
    raise _wrong(at, "a mapping, a list, text, a number, True, False or None", data)


def _wrong(at: str, expected: str, value: object) -> UsageError:
    return UsageError(
        f"{at.removeprefix('the spec.')} must be {expected}, not {type(value).__name__}",
        "Pass plain data, as `json.loads` or `yaml.safe_load` return it.",
    )
