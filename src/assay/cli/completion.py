"""`assay completion`: prints a completion script for a shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from assay.cli.streams import Streams

EPILOG = """\
examples:
  eval "$(assay completion bash)"                       in ~/.bashrc
  assay completion zsh > "${fpath[1]}/_assay"           once
  assay completion fish > ~/.config/fish/completions/assay.fish
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument(
        "shell", choices=["bash", "zsh", "fish"], metavar="SHELL", help="bash, zsh or fish"
    )


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Print the script, made from the commands' own arguments."""
    made = {"bash": _bash, "zsh": _zsh, "fish": _fish}[arguments.shell]
    streams.write(made(_words()))
    return 0


Words = dict[str, tuple[str, list[tuple[str, str]], list[str]]]
"""Command to its summary, its options with their help, and its choices."""


def _words() -> Words:
    import argparse as parsing

    from assay.cli.commands import COMMANDS
    from assay.cli.parsing import parser

    tree = parser()
    found: Words = {}
    for action in tree._actions:  # noqa: SLF001 - argparse offers no other way to look inside
        if not isinstance(action, parsing._SubParsersAction):  # noqa: SLF001 - as above
            continue
        for name, command in action.choices.items():
            options: list[tuple[str, str]] = []
            choices: list[str] = []
            for argument in _arguments(command):
                text = (argument.help or "").split(";")[0].split("(")[0].strip()
                options += [(o, text) for o in argument.option_strings if o.startswith("--")]
                if not argument.option_strings and argument.choices:
                    choices += map(str, argument.choices)
            found[name] = (COMMANDS[name], options, choices)
    return found


def _arguments(command: argparse.ArgumentParser) -> list[argparse.Action]:
    """The arguments of a command and of all its actions, each name once."""
    import argparse as parsing

    found: list[argparse.Action] = []
    for argument in command._actions:  # noqa: SLF001 - as above
        found.append(argument)
        if isinstance(argument, parsing._SubParsersAction):  # noqa: SLF001 - as above
            for action in argument.choices.values():
                found += action._actions  # noqa: SLF001 - as above
    unique = {tuple(one.option_strings) or id(one): one for one in found}
    return list(unique.values())


def _bash(words: Words) -> str:
    cases = "\n".join(
        f'    {name}) words="{" ".join([*(o for o, _ in options), *choices])}" ;;'
        for name, (_, options, choices) in words.items()
    )
    return f"""\
_assay() {{
  local current="${{COMP_WORDS[COMP_CWORD]}}" words
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "{" ".join(words)} --help --version" -- "$current"))
    return
  fi
  case "${{COMP_WORDS[1]}}" in
{cases}
    *) words="" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current") $(compgen -f -- "$current"))
}}
complete -o filenames -F _assay assay
"""


def _zsh(words: Words) -> str:
    commands = "\n".join(f"    '{name}:{summary}'" for name, (summary, _, _) in words.items())
    cases = "\n".join(
        f"    {name}) compadd -- {' '.join([*(o for o, _ in options), *choices])} ;;"
        for name, (_, options, choices) in words.items()
    )
    return f"""\
#compdef assay
_assay() {{
  local -a commands
  commands=(
{commands}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case "$words[2]" in
{cases}
  esac
  _files
}}
compdef _assay assay
"""


def _fish(words: Words) -> str:
    lines = []
    for name, (summary, options, choices) in words.items():
        lines.append(f"complete -c assay -n __fish_use_subcommand -f -a {name} -d '{summary}'")
        seen = f"'__fish_seen_subcommand_from {name}'"
        for option, text in options:
            quoted = text.replace("'", "\\'")
            lines.append(f"complete -c assay -n {seen} -l {option[2:]} -d '{quoted}'")
        if choices:
            lines.append(f"complete -c assay -n {seen} -f -a '{' '.join(choices)}'")
    return "\n".join(lines) + "\n"
