"""A project with secrets in it, and all that assay says and writes about it, by every command."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.properties import canaries

from assay import credentials, dotenv
from assay.documents import DOCUMENTS
from assay.errors import AssayError
from assay.reporters import REPORTERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.project import Project, Ran

NARROW = {"COLUMNS": "40"}


@dataclass(frozen=True, kw_only=True)
class Planted:
    """What stands in a project, and what may not come out of it."""

    spec: bytes | None
    files: dict[str, bytes]
    secrets: list[str] = field(default_factory=list)
    """Of which no piece may show, in any encoding."""
    words: list[str] = field(default_factory=list)
    """Which may not show as they stand: they are short, or made of words."""
    arguments: list[str] = field(default_factory=list)
    """What a person may give to commands by mistake."""
    make: Callable[[Project], None] | None = None
    """Writes the database."""
    cells: list[Any] = field(default_factory=list)
    column: str = ""
    dialect: str = "node"

    def leaks(self, project: Project) -> list[str]:
        """What comes out that may not."""
        said = self.said(project)
        assert "Traceback" not in said
        assert "a bug in assay" not in said
        return [*canaries.found(self.secrets, said), *(w for w in self.words if w in said)]

    def lay(self, project: Project) -> None:
        """Write the files, the database and the spec."""
        for path, content in self.files.items():
            project.env(content, path)
        if self.make is not None:
            self.make(project)
        if self.spec is not None:
            project.spec(self.spec)

    def said(self, project: Project) -> str:
        """All that assay says and writes about the project, in every format."""
        self.lay(project)
        if self.spec is None:
            return self._drafted(project)
        written = project.folder / "out"
        written.mkdir(exist_ok=True)
        outputs = [f"--output={name}={written / name}" for name in REPORTERS]
        runs = [
            *self._checked(project, written, outputs),
            *self._told(project),
            *self._played(project, outputs),
            *_compared(project, written),
            *self._stored(project, outputs),
            project.run("fix", "dev", "--apply"),
        ]
        cache = Path(os.environ["XDG_CACHE_HOME"])
        files = [*written.iterdir(), *(file for file in cache.rglob("*") if file.is_file())]
        texts = [file.read_bytes().decode("utf-8", "backslashreplace") for file in files]
        opened = [self._opened(project, cell) for cell in self.cells]
        return "\n".join([*(ran.said for ran in runs), *texts, *opened])

    def _drafted(self, project: Project) -> str:
        """What `assay init` says and writes; only it can't know that public names hold secrets."""
        ran = project.run("init", "--dialect", self.dialect)
        assert ran.code in (0, 2)
        specs = (project.folder / "specs").glob("*.yaml")
        return "\n".join([ran.said, *(file.read_text(encoding="utf-8") for file in specs)])

    def _checked(self, project: Project, written: Path, outputs: list[str]) -> Iterator[Ran]:
        run, content = project.run, next(iter(self.files.values()))
        summary = {"GITHUB_STEP_SUMMARY": str(written / "summary.md")}
        yield run("init", "--stdout", "--dialect", self.dialect)
        yield run("check", *outputs, "-v")
        yield run("check", "--format", "github", environ=summary)
        yield run("check", "--color", "always", environ=NARROW)
        yield run("check", "dev", "--format", "json")
        yield run("check", "--all")
        yield run("hook", ".env")
        yield run("hook", ".env", "--format", "sarif")
        yield run("hook", "--env", "prod", ".env", "-v")
        yield run("hook", "-", stdin=content)
        yield run("fix", "dev")
        yield run("fix", ".env", "--defaults", "--color", "always", environ=NARROW)
        yield run("lint")
        yield run("lint", "--all")
        yield run("lint", *(o.replace("out/", "out/lint-") for o in outputs))

    def _told(self, project: Project) -> Iterator[Ran]:
        run = project.run
        yield run("run", "dev", "-v", "--", "./no-such-program")
        yield run("run", "prod", "--no-check", "--clean", "--", "./no-such-program")
        yield run("docs")
        yield run("docs", "--check")
        for kind in DOCUMENTS:
            yield run("docs", "--as", kind)
        for given in self.arguments:
            yield run("explain", given)
            yield run("check", "--only", given)

    def _played(self, project: Project, outputs: list[str]) -> Iterator[Ran]:
        """Fixture tests that hold the values of a .env file, or the file itself."""
        content = next(iter(self.files.values()))
        parsed = dotenv.parse(content, "node").values
        values = {name: value for name, value in parsed.items() if value}
        test = {"name": "a", "environment": "prod", "values": values, "findings": []}
        several = {"name": "b", "environments": {"dev": values, "prod": values}, "findings": []}
        text = json.dumps({"assay": 1, "tests": [test, several]}, ensure_ascii=False)
        wrong = text.replace('"values"', '"valeus"')
        project.write("specs/tests/good.yaml", text.encode("utf-8", "backslashreplace"))
        project.write("broken/raw.yaml", content)
        project.write("broken/inside.yaml", b"assay: 1\ntests:\n- name: a\n  values:\n" + content)
        project.write("broken/field.yaml", wrong.encode(errors="ignore"))
        yield project.run("test", *outputs, "-v")
        yield project.run("test", "--format", "github")
        for name in ("raw", "inside", "field"):
            yield project.run("test", f"broken/{name}.yaml")

    def _stored(self, project: Project, outputs: list[str]) -> Iterator[Ran]:
        """What the commands say that look into databases and ciphertexts."""
        if self.make is None:
            return
        run = project.run
        explain = ("credentials", "explain", "-", "--env", "dev")
        yield run("credentials", "check", "-v", *outputs)
        yield run("credentials", "check", "--color", "always", environ=NARROW)
        for number, cell in enumerate(self.cells):
            data = cell.encode("utf-8", "surrogatepass") if isinstance(cell, str) else cell or b""
            yield run(*explain, "--column", self.column, stdin=data)
            if number == 0:
                yield run(*explain, "--column", self.column, "--format", "json", stdin=data.hex())
                yield run(*explain, "--variable", "DATABASE_URL", stdin=data)
        for file in project.folder.glob("*.db"):
            yield run("init", "--stdout", "--database", file.name)
        yield run("init", "--stdout", "--database", "DATABASE_URL")
        yield run("diff", "dev", "prod", "--only", "tables", "--expect", "identical", "--matching")

    def _opened(self, project: Project, cell: Any) -> str:
        """What an application is told that opens a row."""
        credential, _, column = self.column.partition(".")
        try:
            credentials.open(
                cell,
                spec=str(project.folder / "specs"),
                environment="dev",
                credential=credential,
                column=column,
            )
        except AssayError as error:
            evidence = getattr(error, "evidence", ())
            return "\n".join([str(error), repr(error), error.remedy, *evidence])
        return ""


def _compared(project: Project, written: Path) -> Iterator[Ran]:
    """What comparing environments says, live and with a snapshot, and the snapshot itself."""
    snapshot = str(written / "snapshot.json")
    yield project.run("snapshot", "-o", snapshot)
    yield project.run("snapshot")
    for form in ("text", "json", "markdown"):
        for other in ("prod", f"{snapshot}:dev"):
            yield project.run("diff", "dev", other, "--matching", "--format", form)
    yield project.run("diff", "dev", "prod", "--color", "always", environ=NARROW)
