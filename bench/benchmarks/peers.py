"""The peers: each one accepts the clean file and refuses bad values before it is measured."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bench.commands import bare, hook
from bench.corpus import project, spoilt, variables
from bench.measure import Command, in_turns, output
from bench.peers import nodejs, pythonic
from bench.setting import install_peers
from bench.table import Row, at_least

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bench.corpus import Variable
    from bench.peers import Peer
    from bench.setting import Setting

ASSAY = "assay hook"
NODE = "node -e 0"


def rows(setting: Setting) -> Iterator[Row]:
    """One row for each peer, and the bare interpreters for comparison."""
    home = install_peers()
    chosen = variables(100)
    commands = [hook(setting, ASSAY, project(setting.scratch / "peers", chosen)), bare(setting)]
    if os.path.exists(nodejs.node(home)):
        empty = (nodejs.node(home), "-e", "0")
        commands.append(Command(NODE, empty, setting.scratch, setting.environ))
    limits: dict[str, float | None] = {}
    for peer in (*nodejs.PEERS, *pythonic.PEERS):
        if peer.missing(home):
            yield Row(peer.name, f"not installed: npm or pip install it into {home.name}")
            continue
        trouble = _trouble(setting, peer, chosen)
        if trouble:
            yield Row(peer.name, trouble)
            continue
        limits[peer.name] = peer.faster
        commands.append(_command(setting, peer, "clean", chosen, chosen))
    timings = in_turns(commands, setting.runs)
    for name, timing in timings.items():
        if name != ASSAY:
            yield at_least(name, timing, timings[ASSAY], limits.get(name))


def _command(
    setting: Setting,
    peer: Peer,
    state: str,
    declared: Sequence[Variable],
    values: Sequence[Variable],
) -> Command:
    word = "".join(c if c.isalnum() else "-" for c in peer.name)
    folder = setting.scratch / f"{word}-{state}"
    if not folder.exists():
        folder.mkdir()
        if peer.ecosystem == "node":
            (folder / "node_modules").symlink_to(setting.peers / "node" / "node_modules")
        peer.write(folder, declared, values)
    return Command(peer.name, peer.arguments(setting.peers), folder, setting.environ)


def _trouble(setting: Setting, peer: Peer, chosen: Sequence[Variable]) -> str:
    """Why a peer can't be compared; empty where it does its work."""
    code, text = output(_command(setting, peer, "clean", chosen, chosen))
    if code != 0:
        return f"refuses the clean file: {text.strip().splitlines()[-1] if text.strip() else code}"
    if peer.judges_values:
        for number in range(5):
            bad = spoilt(chosen, 5)
            only = [v for v in bad if v not in chosen][number]
            values = [only if v.name == only.name else v for v in chosen]
            code, text = output(_command(setting, peer, f"bad-{number}", chosen, values))
            if code == 0 or only.name not in text:
                return f"does not refuse a bad {only.kind}"
    missing = chosen[1:]
    code, text = output(_command(setting, peer, "missing", chosen, missing))
    if peer.judges_values and (code == 0 or chosen[0].name not in text):
        return "does not miss a variable"
    return ""
