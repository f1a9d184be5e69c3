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
    from functools import partial

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
        completer: Any = _FIXED.get(str(action.metavar))
        declared = command == "docs" and not action.option_strings  # otherwise a PATH is a file
        if action.metavar in _OF_SPEC or (action.metavar == "PATH" and declared):
            completer = partial(_of_spec, command, str(action.metavar))
        if completer is not None:
            action.completer = completer  # type: ignore[attr-defined]  # argcomplete looks for it
    files: Any = _files
    argcomplete.autocomplete(tree, always_complete_options=False, default_completer=files)


def _actions(
    parser: argparse.ArgumentParser, path: tuple[str, ...]
) -> Iterator[tuple[str, argparse.Action]]:
    import argparse

    for action in parser._actions:  # noqa: SLF001 - argparse offers no other way to look inside
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - as above
            for name, child in action.choices.items():
                yield from _actions(child, (*path, name))
        else:
            yield " ".join(path), action


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


_FIXED = {
    **dict.fromkeys(("DURATION", "TEXT", "WHEN"), _nothing),
    "ENVELOPE": _envelopes,
    "FORMAT=FILE": _outputs,
    "RULE": _rules,
}
"""What offers the words of an argument, whatever the spec is."""
_OF_SPEC = ("ENV", "ENV|FILE", "WHAT", "PATTERN", "NAME", "NAME.COLUMN", "VARIABLE")
"""Arguments that name something of the spec."""


def _of_spec(
    command: str, metavar: str, *, prefix: str, parsed_args: argparse.Namespace, **_: Any
) -> list[str]:
    """Names of the spec that the line names, or of the nearest; none while it is broken."""
    from assay.cli.project import allowed_by
    from assay.discretion import discreet
    from assay.errors import AssayError
    from assay.screen.remembered import load_cached

    path = getattr(parsed_args, "spec", None)
    names: list[str] = []
    if path != "-":
        try:
            spec = load_cached(path, os.getcwd(), allowed=allowed_by(parsed_args), keep=True)
        except (AssayError, OSError):
            return []
        found = _names(command, metavar, spec)
        names = [name for name in found if name.isprintable() and discreet(name) == name]
    if command != "fix" and metavar == "ENV|FILE":
        names += (file for file in _files(prefix) if file.endswith(("/", ".json")))
    return names


def _names(command: str, metavar: str, spec: Spec) -> Iterable[str]:
    credentials, keys = spec.sections.get("credentials", {}), spec.sections.get("keys", {})
    match metavar:
        case "ENV|FILE" if command == "fix":
            sources = (source for one in spec.environments.values() for source in one.values)
            paths = (getattr(source, "path", None) for source in sources)
            return dict.fromkeys((*spec.environments, *filter(None, paths)))
        case "ENV" | "ENV|FILE":
            return spec.environments
        case "VARIABLE":
            return spec.used
        case "PATH":
            return spec.documents
        case "NAME.COLUMN":
            entries = credentials.items()
            return [f"{name}.{column}" for name, e in entries for column in e.declared.columns]
        case "NAME":
            return () if command == "test" else credentials if "check" in command else keys
        case "PATTERN":
            return ("variables", "keys", "tables", *spec.variables, *keys)
        case _:
            from assay.kinds import kinds_of

            groups = (entry.declared.variable.group for entry in spec.variables.values())
            kinds = (kind.name for kind in kinds_of(spec))
            return (*kinds, *spec.variables, *dict.fromkeys(filter(None, groups)))
