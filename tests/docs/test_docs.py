"""Every example in the documents is true, every link leads somewhere, no page is stale."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from itertools import takewhile
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
import pytest
import yaml
from pre_commit.clientlib import load_config  # type: ignore[import-untyped]
from tests.project import Project, Ran

from assay.cli.parsing import parser
from assay.crypto.envelopes import ENVELOPES
from assay.fixtures.document import fixtures_schema
from assay.kinds.envelopes import envelope_shape

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md"))
    if path.is_file() and path.name != "plugins.md"  # tests/plugin installs what it describes
)
FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LANGUAGES = {"console", "dotenv", "ini", "js", "json", "make", "markdown", "python", "sh", "sql"}
LANGUAGES |= {"text", "ts", "yaml"}
TAUGHT = sorted((ROOT / "docs" / "tutorial.md", *ROOT.glob("docs/how-to/*.md")))
"""Pages whose files the reader types; a code host doesn't show the names of blocks."""
READER = {
    "COLUMNS": "100",
    "ASSAY_PEPPER": "e86f6d1f0b0e3f3f2a0b6f8f5f4f6d0c9c1f7a52f2e94b7d8a3c5e1b60d947a2",
}
"""What the reader of a page has set."""


class Block(NamedTuple):
    """A fenced block: its language, the file that it is the content of, its line, its text."""

    language: str
    file: str
    line: int
    text: str


def blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    return [
        Block(m[1], m[2] or "", text.count("\n", 0, m.start()) + 1, m[3])
        for m in FENCE.finditer(text)
    ]


def ids(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_example_is_true(page: Path, project: Project) -> None:
    if ROOT / "examples" in page.parents:
        project = Project(ROOT / "examples" / page.relative_to(ROOT).parts[1])
    last = 0
    for block in blocks(page):
        where = f"{ids(page)}:{block.line}"
        assert block.language in LANGUAGES, where
        if block.file:
            lay(block, project)
        match block.language:
            case "yaml":
                judge_yaml(block, project, where)
            case "json":
                json.loads(block.text)
            case "sh":
                for line in block.text.splitlines():
                    understood(line, where)
            case "python":
                compile(block.text, where, "exec")
            case "console":
                last = play(block, project, where, last)
            case _:
                pass  # text and the like say no more than they say


def lay(block: Block, project: Project) -> None:
    """Write the file that a block is, and make the database that a script creates."""
    project.write(block.file, block.text)
    if block.file.endswith(".sql"):
        project.database(block.file.replace(".sql", ".db"), block.text)


def judge_yaml(block: Block, project: Project, where: str) -> None:
    data: Any = yaml.safe_load(block.text)
    if isinstance(data, dict) and "assay" in data:
        if "wrong" in block.file:
            return  # what is wrong with it is shown by the console below it
        if "tests" in data:
            jsonschema.validate(data, fixtures_schema())
            return
        given = block.file or "example.yaml"
        project.write(given, block.text)
        done = project.run("lint", "--spec", given, "--allow-path", ".")
        if not block.file:
            (project.folder / given).unlink()
        assert done.code == 0, f"{where}\n{done.said}"
    elif isinstance(data, dict) and "repos" in data:
        load_config(project.write("config.yaml", block.text))
        offered = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
        used = {hook["id"] for repo in data["repos"] for hook in repo["hooks"]}
        assert used <= {hook["id"] for hook in offered}, where
    elif isinstance(data, dict) and list(data) == ["envelope"]:
        jsonschema.validate(data["envelope"], envelope_shape())
        assert list(ENVELOPES.parse(data["envelope"]).problems()) == [], where
    else:
        for line in commands_of(data):
            understood(line, where)


def commands_of(data: Any) -> list[str]:
    """What the steps of a workflow run, on GitHub and on GitLab."""
    if isinstance(data, list):
        return [line for item in data for line in commands_of(item)]
    if not isinstance(data, dict):
        return []
    own = data.get("run", "").splitlines() if isinstance(data.get("run", ""), str) else []
    script = data.get("script", ())
    own += [line for line in script if isinstance(line, str)] if isinstance(script, list) else []
    return own + [line for value in data.values() for line in commands_of(value)]


def understood(line: str, where: str) -> None:
    """A command line of assay's has arguments that assay takes."""
    words = shlex.split(line, comments=True)
    if words[:1] == ["assay"]:
        parser().parse_args([*takewhile(lambda word: word not in ("|", "&&", ">"), words[1:])])


def play(block: Block, project: Project, where: str, last: int) -> int:
    """Run the commands of a terminal session and compare what they print."""
    session = re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]
    for step in session:
        line, _, expected = step.partition("\n")
        if line == "echo $?":
            assert expected.strip() == str(last), where
            continue
        program, *words = shlex.split(line)
        assert program in ("assay", "python"), f"{where}: nothing else is run: {line}"
        if program == "assay":
            done = project.run(*words, environ=READER)
        else:
            done = python(project, *words)
        assert done.said == expected, where
        last = done.code
    return last


def python(project: Project, *words: str) -> Ran:
    """Run a program that the reader of the page has written."""
    command = [sys.executable, *words]
    done = subprocess.run(command, cwd=project.folder, capture_output=True, text=True, check=False)
    return Ran(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("page", TAUGHT, ids=ids)
def test_each_file_is_named_in_the_text_above_it(page: Path) -> None:
    parts = FENCE.split(page.read_text(encoding="utf-8"))
    files = zip(parts[::4], parts[2::4], strict=False)
    assert [file for prose, file in files if file and f"`{file}`" not in prose] == []


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_link_leads_somewhere(page: Path) -> None:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    targets = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'src="([^"]+)"', text)
    for target in targets:
        if target.startswith(("http://", "https://")):
            continue
        file, _, anchor = target.partition("#")
        other = (page.parent / file).resolve() if file else page
        assert other.exists(), f"{ids(page)}: {target}"
        if anchor:
            assert anchor in anchors(other), f"{ids(page)}: {target}"


def anchors(page: Path) -> set[str]:
    """The anchors that a code host makes of headings."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    kept = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in kept}


@pytest.mark.parametrize("page", sorted(ROOT.glob("docs/**/*.md")), ids=ids)
def test_the_map_in_the_readme_has_every_page(page: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = readme[readme.index("## Read more") :]
    assert f"]({page.relative_to(ROOT).as_posix()}" in listed


def test_no_generated_file_is_stale() -> None:
    command = [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_readme_fits_on_two_screens_besides_its_examples() -> None:
    prose = FENCE.sub("", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert len(prose.splitlines()) < 96
