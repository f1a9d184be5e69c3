"""The names that code reads, in every language: found where they are read, and nowhere else.

Each sample below `samples` marks its own readings: a line that reads names says so in a comment,
`reads: NAME NAME?` (`?` where it does without, `!` where it stops without, `=x` for a default).
"""

from __future__ import annotations

import os
import re
import subprocess
import time
from pathlib import Path

import pytest

from assay.discovery.code import of_tests, references, search
from assay.discovery.languages import language_of
from assay.discovery.platform import set_by_platform
from assay.discovery.reference import Need
from assay.discovery.tree import code_files

SAMPLES = Path(__file__).parent / "samples"
MARK = re.compile(r"reads: ?(.*?)\s*(?:\*/|-->|%>)?$")


def sample_files() -> list[str]:
    return sorted(str(p.relative_to(SAMPLES)) for p in SAMPLES.rglob("*") if p.is_file())


def expected(text: str) -> dict[tuple[int, str], tuple[str, str | None]]:
    found = {}
    for number, line in enumerate(text.splitlines(), 1):
        mark = MARK.search(line)
        for word in mark[1].split() if mark else ():
            name, equals, default = word.partition("=")
            need = {"?": "optional", "!": "demanded"}.get(name[-1], "unknown")
            need = "optional" if equals else need
            found[number, name.rstrip("?!")] = (need, default or None)
    return found


@pytest.mark.parametrize("file", sample_files())
def test_a_sample_reads_what_it_says_that_it_reads(file):
    text = (SAMPLES / file).read_text(encoding="utf-8")
    language = language_of(file)
    assert language is not None
    found = {
        (one.line, one.name): (str(one.need), one.default) for one in references(text, language)
    }
    assert found == expected(text)


def test_every_language_has_a_sample():
    from assay.discovery import languages

    spoken = {language_of(file) for file in sample_files()}
    known = {value for value in vars(languages).values() if isinstance(value, languages.Language)}
    assert known <= spoken


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("src/a.tsx", "javascript"),
        ("a.min.js", None),
        ("docker-compose.prod.yml", "compose"),
        ("compose.yaml", "compose"),
        ("config.yaml", None),
        ("src/main/resources/application-prod.yml", "spring"),
        (".github/workflows/ci.yml", "workflow"),
        ("other/workflows/ci.yml", None),
        ("Dockerfile.dev", "dockerfile"),
        ("Rakefile", "ruby"),
        ("README.md", None),
        (".py", None),
    ],
)
def test_a_language_is_known_by_the_path(path, name):
    found = language_of(path)
    assert (found and found.name) == name


@pytest.mark.parametrize(
    ("path", "is_test"),
    [
        ("src/a.test.ts", True),
        ("pkg/a_test.go", True),
        ("tests/unit/a.py", True),
        ("test_a.py", True),
        ("src/AppTests.cs", True),
        ("src/contest.py", False),
        ("src/latest.ts", False),
    ],
)
def test_what_only_tests_read_is_told_apart(path, is_test):
    assert of_tests(path) is is_test


def test_platforms_set_their_own_names():
    assert set_by_platform("PATH")
    assert set_by_platform("VERCEL_ENV")
    assert set_by_platform("npm_package_version")
    assert not set_by_platform("VERCEL_TOKEN")
    assert not set_by_platform("DATABASE_URL")


def test_files_that_can_t_be_read_are_passed_over(project):
    reading = "process.env.FOUND;\n"
    project.write("good.js", reading)
    project.write("latin.js", b"// \xe9\xff\nprocess.env.LATIN;\n")
    project.write("binary.js", b"\0\0\0 process.env.BINARY")
    project.write("large.js", reading.encode() + b" " * 1_100_000)
    project.write("empty.js", "")
    project.write("odd.py", "def broken(:\n    os.environ['ODD']\n")
    project.write("null.py", b"import os\nos.environ['NULL']\n")
    project.write("node_modules/x/a.js", "process.env.FOREIGN;\n")
    project.write("venv/pyvenv.cfg", "")
    project.write("venv/lib/a.py", "import os; os.environ['VENV']\n")
    (project.folder / "loop").symlink_to(project.folder, target_is_directory=True)
    (project.folder / "dangling.js").symlink_to("nowhere.js")
    (project.folder / "round.js").symlink_to("round.js")
    (project.folder / "denied.js").write_text(reading)
    (project.folder / "denied.js").chmod(0)
    root = str(project.folder)
    found = search(root, code_files(root))
    names = {use.reference.name for use in found.uses}
    assert names == {"FOUND", "LATIN", "ODD", "NULL"}


def test_nested_beyond_measure_is_passed_over_or_read_but_never_fails(project):
    project.write("deep.py", "import os\nx = " + "(" * 5000 + "os.environ['DEEP']" + ")" * 5000)
    project.write("deep.js", "`${" * 5000 + "process.env.DEEP_JS" + "}`" * 5000)
    root = str(project.folder)
    names = {use.reference.name for use in search(root, code_files(root)).uses}
    assert names == {"DEEP", "DEEP_JS"}


def git(project, *words):
    environ = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(
        ["git", *words], cwd=project.folder, check=True, capture_output=True, env=environ
    )


def test_in_a_repository_what_git_ignores_is_left_out(project):
    project.write("kept.js", "process.env.KEPT;\n")
    project.write("generated/a.js", "process.env.GENERATED;\n")
    project.write(".gitignore", "generated/\n")
    git(project, "init")
    root = str(project.folder)
    assert code_files(root) == [".gitignore", "kept.js"]
    assert code_files(str(project.folder / "generated")) == []


def test_folders_of_others_are_left_out(project):
    project.write("apps/web/a.js", "")
    project.write("apps/api/a.js", "")
    assert code_files(str(project.folder), without={"apps/web"}) == ["apps/api/a.js"]


def test_ten_thousand_files_take_seconds(project):
    text = (SAMPLES / "web.ts").read_text(encoding="utf-8")
    filler = "export const x = { a: 'b', c: `d` } // nothing\n" * 60
    for folder in range(100):
        below = project.folder / f"src/d{folder}"
        below.mkdir(parents=True)
        for number in range(100):
            (below / f"f{number}.ts").write_text(text if number % 10 == 0 else filler)
    root = str(project.folder)
    before = time.process_time()
    found = search(root, code_files(root))
    assert time.process_time() - before < 10
    assert found.files == 10_000
    assert len(found.uses) == 1000 * len(expected(text))


def test_a_demand_is_told_from_a_default():
    language = language_of("a.rb")
    assert language is not None
    found = references('ENV.fetch("A"); ENV.fetch("B", 1); ENV["C"]', language)
    assert [one.need for one in found] == [Need.DEMANDED, Need.OPTIONAL, Need.UNKNOWN]
