"""`assay completion`, asked by the shells themselves."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.peers import program

from assay.cli.commands import COMMANDS

SPEC = """
environments: {development: {}, production: {}}
variables:
  PORT: {type: port, group: Web}
  POS_KEY: {secret: true}
keys:
  pos: {variable: POS_KEY, cipher: aes-256-gcm, encoding: hex}
documents:
  docs/env.md: environment-reference
"""
BASH = r"""
eval "$(assay completion bash)"
COMP_LINE=$1 COMP_POINT=${#1} COMP_TYPE=9
COMP_WORDS=($1)
[[ $1 != *" " ]] || COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_python_argcomplete assay "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\n' "${COMPREPLY[@]}"
"""
ZSHRC = r"""
autoload -Uz compinit && compinit -u -D
eval "$(assay completion zsh)"
compadd() {  # what each call offers, in a file
  local -a hits
  (( ${@[(I)-[OAD]]} )) || { builtin compadd -O hits "$@"; print -rl -- $hits >>$OFFERED }
  builtin compadd "$@"
}
tab() { zle complete-word; print -r -- "end" >>$OFFERED }
zle -N tab && bindkey '^I' tab
"""
ZSH = r"""
zmodload zsh/zpty
zpty shell zsh -i
zpty -w -n shell "$1"$'\t'
until [[ -s $OFFERED && "$(<$OFFERED)" == *end ]]; do sleep 0.02; zpty -r -t shell ignored; done
head -n -1 $OFFERED
"""
FISH = """
assay completion fish | source
complete -C "$argv[1]" | string replace --regex "\\t.*" "" || true
"""


@pytest.fixture(params=["bash", "zsh", "fish"])
def shell(request, project, tmp_path_factory):
    """What a shell offers for a line, in a project with a spec."""
    path = program(request.param)
    project.spec(SPEC)
    home: Path = tmp_path_factory.mktemp("home")
    (home / ".zshrc").write_text(ZSHRC)
    surroundings = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(home),
        "ZDOTDIR": str(home),
        "OFFERED": str(home / "offered"),
        "TERM": "xterm",
    }
    command = {
        "bash": [path, "--norc", "-c", BASH, "bash"],
        "zsh": [path, "-f", "-c", ZSH, "zsh"],
        "fish": [path, "--no-config", "-c", FISH],
    }[request.param]

    def offered(line: str) -> list[str]:
        Path(surroundings["OFFERED"]).unlink(missing_ok=True)
        done = subprocess.run(
            [*command, line],
            env=surroundings,
            cwd=project.folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        assert done.stderr == ""
        return [word.strip() for word in done.stdout.splitlines() if word.strip()]

    return offered


def test_every_shell_offers_commands_options_and_choices(shell):
    assert set(shell("assay ")) == set(COMMANDS)
    assert shell("assay check --fail") == ["--fail-on"]
    assert shell("assay completion zs") == ["zsh"]
    assert "markdown" in shell("assay check --format ")


def test_every_shell_offers_what_the_spec_declares(shell):
    assert shell("assay check ") == ["development", "production"]
    assert shell("assay run prod") == ["production"]
    assert set(shell("assay check --only PO")) == {"PORT", "POS_KEY"}


def test_every_shell_offers_rules_and_files(shell, project):
    assert shell("assay explain variable-missi") == ["variable-missing"]
    project.write("shop.env", "PORT=80\n")
    assert shell("assay hook shop") == ["shop.env"]


@pytest.fixture
def bash(project, monkeypatch):
    """What is offered for a line, without a shell between."""
    project.spec(SPEC)
    monkeypatch.chdir(project.folder)

    def offered(line: str) -> list[str]:
        done = subprocess.run(
            [sys.executable, "-m", "assay"],
            env={
                **os.environ,
                "_ARGCOMPLETE": "1",
                "_ARGCOMPLETE_STDOUT_FILENAME": str(project.folder / "offered"),
                "_ARGCOMPLETE_SUPPRESS_SPACE": "1",
                "_ARGCOMPLETE_IFS": "\n",
                "COMP_LINE": line,
                "COMP_POINT": str(len(line)),
            },
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout == ""
        return list((project.folder / "offered").read_text().split("\n"))

    return offered


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("check --only ", ["variable", "PORT", "POS_KEY", "Web"]),
        ("diff dev", ["development"]),
        ("diff --only ", ["variables", "keys", "tables", "PORT", "pos"]),
        ("key show ", ["pos"]),
        ("key show --env ", ["development", "production"]),
        ("key show --variable ", ["PORT", "POS_KEY"]),
        ("key show --cipher aes-128-k", ["aes-128-kw"]),
        ("credentials explain - --key ", ["pos"]),
        ("credentials explain - --envelope lara", ["laravel"]),
        ("docs ", ["docs/env.md"]),
        ("docs --as run", ["runbook"]),
        ("check --output sar", ["sarif="]),
        ("check --output sarif=sp", ["sarif=specs/"]),
        ("check --wait ", [""]),
        ("init spe", ["specs/"]),
        ("hook nowhere/", [""]),
        ("check --spec - ", [""]),
        ("--spec", [""]),
    ],
)
def test_each_argument_is_offered_what_it_takes(bash, line, words):
    found = bash(f"assay {line}")
    assert found[0] == words[0] or words[0] in found
    assert set(words) <= set(found)
    if line[-1] != " " or len(words) == 1:
        assert found == words


def test_columns_and_credentials_are_offered(bash, project):
    project.spec(
        SPEC
        + """
databases: {main: {sqlite: {path: shop.db}}}
tables: {shops: {database: main}}
credentials:
  till: {table: shops, identity: [id], key: pos, columns: {pin: node-gcm-hex}}
"""
    )
    assert bash("assay credentials explain - --column ") == ["till.pin"]
    assert bash("assay credentials check --name ") == ["till"]


def test_snapshots_are_offered_beside_environments(bash, project):
    project.write("before.json", "{}")
    project.write("notes.txt", "")
    assert bash("assay diff ") == ["development", "production", "before.json", "specs/"]


def test_a_broken_spec_and_what_looks_like_a_secret_offer_nothing(bash, project):
    project.spec('environments: {prod: {}, sk_live_4eC39HqLyjWDarjtT1zdp7dc: {}, "a\\tb": {}}')
    assert bash("assay check ") == ["prod"]
    project.spec("environments: [")
    assert bash("assay check ") == [""]


def test_the_spec_that_the_line_names_is_asked(bash, project):
    project.spec("environments: {elsewhere: {}}", "other/app.yaml")
    assert bash("assay check --spec other ") == ["elsewhere"]


def test_fix_offers_environments_and_their_files(bash, project):
    project.spec(SPEC.replace("production: {}", "production: {values: [{dotenv: prod.env}]}"))
    assert bash("assay fix prod") == ["production", "prod.env"]
