"""The script for other hook managers judges the files that the hook of pre-commit judges."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
FILES = (
    *(".env", "web/.env.production", "web/api.env", ".env-x", ".env_x", "web/.envrc", "env"),
    *(".env.example", "web/.env.sample.local", "template.env", ".env.dist", ".env.ts", ".env.yaml"),
)


def test_the_script_passes_on_what_the_hook_judges(tmp_path: Path) -> None:
    for name in FILES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    page = (ROOT / "docs" / "pre-commit.md").read_text(encoding="utf-8")
    script = re.findall(r"^```sh\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)[-1]
    script = script.replace("assay hook", "printf '%s\\n'").replace("assay lint", ": ")
    own = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, env=own, check=True)
    subprocess.run(["git", "add", "-f", "."], cwd=tmp_path, env=own, check=True)
    done = subprocess.run(
        ["sh", "-c", script],
        cwd=tmp_path / "web",
        env=own,
        capture_output=True,
        text=True,
        check=True,
    )
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    pattern = re.compile(hooks[0]["files"])
    assert sorted(done.stdout.split()) == sorted(name for name in FILES if pattern.search(name))
