"""Help reads well in a terminal of 80 columns, and nothing of it is lost there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assay.cli.commands import COMMANDS

if TYPE_CHECKING:
    from tests.project import Project

ACTIONS = ["credentials check", "credentials explain", "key show", "key generate", "key compare"]


@pytest.mark.parametrize("command", ["", *COMMANDS, *ACTIONS])
def test_help_fits_a_terminal_and_loses_no_word(project: Project, command: str) -> None:
    wide = project.run(*command.split(), "--help", environ={"COLUMNS": "200"})
    fits = project.run(*command.split(), "--help", environ={"COLUMNS": "80"})
    assert fits.code == 0
    assert wide.out.split() == fits.out.split()
    # a command line can't be broken
    long = [line for line in fits.out.splitlines() if len(line) > 80]
    assert [line for line in long if not line.startswith("  assay ")] == []


def test_what_an_example_does_stands_below_it_where_there_is_no_room(project: Project) -> None:
    ran = project.run("init", "--help", environ={"COLUMNS": "80"})
    assert "  assay init apps/web\n      for the project in another folder\n" in ran.out
    assert "--output specs/tables.yaml\n      only the tables, next to" in ran.out
    assert "the tables of a SQLite file\n\nNames come from" in ran.out
