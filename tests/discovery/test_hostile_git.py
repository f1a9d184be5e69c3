"""A repository's own configuration can name programs: listing its files starts none of them."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.project import Project


def git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


def monitored(folder: Path, command: str) -> None:
    git(folder, "config", "core.fsmonitor", f"{command};false")


def embedded(folder: Path, command: str) -> None:
    """A repository without a `.git` folder, which a clone brings along as plain files."""
    (folder / ".git").rename(folder / "moved")
    for path in (folder / "moved").iterdir():
        path.rename(folder / path.name)
    words = ["repositoryformatversion = 0", "bare = false", "worktree = ."]
    words.append(f'fsmonitor = "{command};false"')
    (folder / "config").write_text("[core]\n" + "\n".join(words) + "\n")


def fetching(folder: Path, command: str) -> None:
    """A `.gitignore` that git has to fetch before it can list anything."""
    (folder / ".gitignore").write_text("ignored\n")
    git(folder, "add", ".gitignore")
    git(folder, "commit", "-m", "a")
    git(folder, "update-index", "--skip-worktree", ".gitignore")
    (folder / ".gitignore").unlink()
    for path in (folder / ".git/objects").glob("??/*"):
        path.unlink()
    settings = {
        "core.repositoryformatversion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": "ssh://example.com/a",
        "core.sshCommand": f"{command};false",
    }
    for name, value in settings.items():
        git(folder, "config", name, value)


@pytest.mark.parametrize("attack", [monitored, embedded, fetching])
def test_init_starts_no_program_that_a_repository_names(project: Project, tmp_path, attack):
    git(project.folder, "init")
    project.write(".env", "PORT=80\n")
    ran = tmp_path / "ran"
    attack(project.folder, f"touch {ran}")
    words = ["git", "ls-files", "-co", "--exclude-standard"]
    subprocess.run(words, cwd=project.folder, capture_output=True, check=False, timeout=50)
    assert ran.exists(), "git itself would start it"
    ran.unlink()
    made = project.run("init")
    assert made.code == 0, made.said
    assert not ran.exists()
