"""`assay completion`: prints the script by which a shell completes the command line.

The script asks `assay` itself at each press of Tab, so that the names of this project's spec are
offered too.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator

    from assay.cli.streams import Streams
    from assay.spec.document import Spec

EPILOG = """\
examples:
  eval "$(assay completion bash)"                       in ~/.bashrc
  eval "$(assay completion zsh)"                        in ~/.zshrc, after compinit
  assay completion fish > ~/.config/fish/completions/assay.fish
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument(
        "shell", choices=["bash", "zsh", "fish"], metavar="SHELL", help="bash, zsh or fish"
    )


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Print the script."""
    from argcomplete.shell_integration import shellcode

    streams.write(shellcode(["assay"], shell=arguments.shell).lstrip("\n"))
    return 0


def complete() -> None:
    """Answer the shell that asks, by the variables that its script sets, and end the process."""
    import argparse
    from contextlib import suppress

    import argcomplete

    from assay.cli.commands import COMMANDS
    from assay.cli.parsing import parser
    from assay.cli.project import use_plugins
    from assay.errors import AssayError

    with suppress(AssayError):
        use_plugins(argparse.Namespace(spec=None))
    words = os.environ.get("COMP_LINE", "").split()[1:]
    tree = parser(only=next((word for word in words if word in COMMANDS), ""))
    for command, action in _actions(tree, ()):
        if (names := _completer(command, action)) is not None:
            action.completer = names  # type: ignore[attr-defined]  # argcomplete looks for it
    files: Any = _files
    argcomplete.autocomplete(tree, always_complete_options=False, default_completer=files)


def _actions(
    parser: argparse.ArgumentParser, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], argparse.Action]]:
    import argparse

    for action in parser._actions:  # noqa: SLF001 - argparse offers no other way to look inside
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - as above
            for name, child in action.choices.items():
                yield from _actions(child, (*path, name))
        else:
            yield path, action


def _completer(command: tuple[str, ...], action: argparse.Action) -> Any:
    """What offers the words that an argument may be; None for files and fixed choices."""
    match action.metavar:
        case "RULE":
            return _rules
        case "FORMAT=FILE":
            return _outputs
        case "ENVELOPE":
            return _envelopes
        case "ENV" | "ENV|FILE" | "WHAT" | "PATTERN" | "NAME" | "NAME.COLUMN" | "VARIABLE":
            return _OfSpec(command, action.metavar)
        case "PATH" if command == ("docs",) and not action.option_strings:
            return _OfSpec(command, "PATH")
        case "DURATION" | "TEXT" | "WHEN":
            return _nothing
        case _:
            return None


def _nothing(**_: Any) -> Iterable[str]:
    return ()


def _files(prefix: str, **_: Any) -> Iterator[str]:
    """Files and folders, as shells offer them; argcomplete's own way needs bash."""
    folder, slash, start = prefix.rpartition("/")
    try:
        names = sorted(os.listdir(os.path.expanduser(folder + slash) or "."))
    except OSError:
        return
    for name in names:
        if name.startswith(start) and (start or not name.startswith(".")):
            whole = folder + slash + name
            yield f"{whole}/" if os.path.isdir(os.path.expanduser(whole)) else whole


def _rules(**_: Any) -> dict[str, str]:
    from assay.documents.rules import plain
    from assay.spec.rulebook import all_rules

    return {code: plain(rule.message) for code, rule in all_rules().items()}


def _outputs(prefix: str, **_: Any) -> Iterable[str]:
    """A report's format, then the file that it is written to."""
    from assay.reporters import REPORTERS

    form, given, path = prefix.partition("=")
    if not given:
        return [f"{name}=" for name in REPORTERS]
    return [f"{form}={file}" for file in _files(path)]


def _envelopes(**_: Any) -> Iterable[str]:
    from assay.crypto.envelopes import ENVELOPES

    return list(ENVELOPES)


class _OfSpec:
    """Offers names of the spec that the line names, or of the nearest; none while it is broken."""

    def __init__(self, command: tuple[str, ...], metavar: str) -> None:
        self._command = command
        self._metavar = metavar

    def __call__(self, *, prefix: str, parsed_args: argparse.Namespace, **_: Any) -> list[str]:
        from assay.discretion import discreet
        from assay.errors import AssayError
        from assay.screen.remembered import load_cached

        path = getattr(parsed_args, "spec", None)
        allowed = tuple(map(os.path.abspath, getattr(parsed_args, "allow_path", None) or ()))
        names: list[str] = []
        if path != "-":
            try:
                spec = load_cached(path, os.getcwd(), allowed=allowed, keep=True)
            except (AssayError, OSError):
                return []
            names = [n for n in self._names(spec) if n.isprintable() and discreet(n) == n]
        if self._metavar == "ENV|FILE":
            names += (file for file in _files(prefix) if file.endswith(("/", ".json")))
        return names

    def _names(self, spec: Spec) -> Iterator[str]:
        credentials, keys = spec.sections.get("credentials", {}), spec.sections.get("keys", {})
        match self._metavar, self._command:
            case "ENV" | "ENV|FILE", _:
                yield from spec.environments
            case "VARIABLE", _:
                yield from spec.variables
            case "PATH", _:
                yield from spec.documents
            case "NAME.COLUMN", _:
                for name, entry in credentials.items():
                    yield from (f"{name}.{column}" for column in entry.declared.columns)
            case "NAME", ("credentials", "check"):
                yield from credentials
            case "NAME", (("key" | "credentials"), _):
                yield from keys
            case "PATTERN", _:
                yield from ("variables", "keys", "tables", *spec.variables, *keys)
            case "WHAT", _:
                from assay.kinds import kinds_of

                yield from (kind.name for kind in kinds_of(spec))
                yield from spec.variables
                groups = (entry.declared.variable.group for entry in spec.variables.values())
                yield from dict.fromkeys(filter(None, groups))
            case _:
                return
