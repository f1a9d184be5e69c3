"""Finds and loads the project's spec for a command."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from assay.cli.untrusted import may_remember
from assay.errors import AssayError, SpecError, UsageError
from assay.gate import named_inside, word
from assay.registry import use
from assay.spec.discovery import located
from assay.suggest import hint

if TYPE_CHECKING:
    import argparse
    from collections.abc import Collection, Iterable, Mapping

    from assay.cli.streams import Streams
    from assay.facts import Guesses
    from assay.kind import Entry
    from assay.runs import Run
    from assay.spec.document import Spec


STDIN = "<stdin>"
"""What messages call standard input."""


def load(arguments: argparse.Namespace, streams: Streams, working: str | None = None) -> Spec:
    """The spec that the arguments name, or the nearest to a folder.

    Raises:
        SpecError: it can't be read or is invalid.

    """
    if arguments.spec == "-":
        from assay.spec.loader import load_text

        spec = load_text(standard_input(streams), os.getcwd(), allowed=allowed_by(arguments))
        use(spec.plugins)
        return spec
    try:
        spec = spec_at(arguments.spec, arguments, working=working)
    except SpecError as error:
        import msgspec

        from assay.spec.files import BELOW

        [first, *_] = error.problems
        if first.remedy != BELOW or not hasattr(arguments, "every_project"):
            raise
        remedy = f"{BELOW[:-1]}, or check all of them with --all."
        raise SpecError([msgspec.structs.replace(first, remedy=remedy)]) from None
    use(spec.plugins)
    return spec


def spec_at(
    given: str | None,
    arguments: argparse.Namespace,
    inside: tuple[str, ...] | None = None,
    working: str | None = None,
) -> Spec:
    """The spec in a file or folder, remembered from the last time if nothing changed.

    `working` is the folder to start from; the current one by default.

    Raises:
        SpecError: it can't be read or is invalid.

    """
    from assay.screen.remembered import load_cached

    allowed, keep = allowed_by(arguments), may_remember(arguments)
    here = os.getcwd() if working is None else working
    return load_cached(given, here, allowed=allowed, inside=inside, keep=keep)


def inside_by(arguments: argparse.Namespace, root: str) -> tuple[str, ...]:
    """Where files may lie: in the repository, or what the person named."""
    files = getattr(arguments, "files", ())
    inside = named_inside(root, files, os.getcwd(), allowed_by(arguments))
    spec = getattr(arguments, "spec", None)
    return inside if spec in (None, "-") else (*inside, *word(spec, inside, os.getcwd()))


def ensure_known(name: str, known: Collection[str], what: str, step: str = "Name one of") -> None:
    """Refuse a name that isn't one of those that are known.

    Raises:
        UsageError: it isn't.

    """
    if name not in known:
        parts = [one for one in known if name in one.split("-")]
        meant = parts[0] if len(parts) == 1 else name
        raise UsageError(f"{name} is not {what}{hint(meant, known)}", f"{step} {', '.join(known)}.")


def chosen_entries(
    known: Mapping[str, Entry[Any]], names: Iterable[str], what: str, step: str
) -> dict[str, Entry[Any]]:
    """The entries of a section that are named; all by default.

    Raises:
        UsageError: the spec declares no such entry, or none at all; `step` helps with that.

    """
    if not known:
        raise UsageError(f"the spec declares no {what}s", step)
    for name in names:
        ensure_known(name, known, f"a {what} in the spec")
    return {name: known[name] for name in dict.fromkeys(names)} or dict(known)


def use_plugins(arguments: argparse.Namespace) -> None:
    """Let registries have the names of the plug-ins of the project, if it has a spec.

    Raises:
        SpecError: a plug-in can't be used.

    """
    from assay.spec.loader import read_merged

    given = getattr(arguments, "spec", None)
    if given == "-":
        return
    try:
        merger = read_merged(given, allowed=allowed_by(arguments))
    except AssayError:
        return  # there is no spec to name any
    if merger.plugged.problems:
        raise SpecError(merger.plugged.problems, merger.shown_contents)
    use(merger.plugged.plugins)


def run_of(
    spec: Spec, streams: Streams, *, untrusted: bool = False, guesses: Guesses | None = None
) -> Run:
    """A run of a command: it sees what the command sees, and its masker is the command's."""
    from assay.runs import Run

    return Run(
        spec,
        process=streams.environ,
        untrusted=untrusted,
        guesses=guesses,
        masker=streams.masker,
    )


def allowed_by(arguments: argparse.Namespace) -> tuple[str, ...]:
    """The absolute paths outside the repository that the user allows."""
    return tuple(os.path.abspath(path) for path in getattr(arguments, "allow_path", ()))


def own_files(spec: Spec) -> list[str]:
    """The files of a spec but for the library's, absolute."""
    own = (file for file in spec.files if not file.startswith("builtin:"))
    return [os.path.normpath(os.path.join(spec.root, file)) for file in own]


def root_of(arguments: argparse.Namespace) -> str:
    """The folder that places in the spec are relative to, whether or not it is valid."""
    try:
        allowed = allowed_by(arguments)
        own = arguments.spec == "-"
        found = None if own else located(arguments.spec, os.getcwd(), allowed=allowed)
    except OSError:
        found = None
    return os.getcwd() if found is None else found[0]


def standard_input(streams: Streams) -> bytes:
    """All of standard input, as bytes."""
    if getattr(streams.stdin, "name", None) == os.devnull:  # a substitute for a closed one
        raise UsageError("standard input is closed", "Pipe text into the command, or name a file.")
    data = streams.taken[STDIN] = streams.read()
    return data
