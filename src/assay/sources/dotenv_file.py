"""A .env file, read as the application's own loader reads it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from assay import dotenv
from assay.dotenv.misreading import misreading
from assay.facts import Secret, Setting, SourceProblem, State, Unobservable
from assay.files import FileTrouble, read_bytes
from assay.gate import inside_of
from assay.model import Location
from assay.sources.base import Source, SourceContent, World
from assay.sources.blurring import blurred
from assay.words import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from assay.spec.environments import Environment

LARGEST = 32 * 1024 * 1024
"""Bytes. No configuration is larger; what is, was named by mistake."""

DIALECTS = {
    "node": "npm dotenv.",
    "node20": "Node's built-in parser: `node --env-file`, `process.loadEnvFile`.",
    "dotenv-expand": "npm dotenv with dotenv-expand, as dotenv-cli has it.",
    "dotenvx": "dotenvx.",
    "next": "@next/env, as Next.js reads its files.",
    "react-scripts": "react-scripts 5 and Vue CLI 5, with npm dotenv 10.",
    "vite": "Vite, and what is built on it: SvelteKit, Astro, Remix.",
    "nuxt": "Nuxt.",
    "bun": "Bun's built-in reader.",
    "python": "python-dotenv.",
    "ruby": "The dotenv gem of Ruby.",
    "php": "phpdotenv, as Laravel uses it; `null` and `empty` are nothing.",
    "symfony": "symfony/dotenv.",
    "compose": "Docker Compose.",
    "docker": "`docker run --env-file`.",
    "shell": "A shell that sources the file.",
}
Dialect = Annotated[
    Literal[
        "node",
        "node20",
        "dotenv-expand",
        "dotenvx",
        "next",
        "react-scripts",
        "vite",
        "nuxt",
        "bun",
        "python",
        "ruby",
        "php",
        "symfony",
        "compose",
        "docker",
        "shell",
    ],
    Meta(extra_json_schema={"meanings": DIALECTS}),
]


class DotenvFile(Source, frozen=True, kw_only=True):
    """A .env file."""

    offline: ClassVar[bool] = True
    short: ClassVar[str] = "path"

    path: Annotated[
        str,
        Meta(
            description="The file, relative to the project's root.",
            examples=[".env", ".env.local"],
            min_length=1,
        ),
    ]
    dialect: Annotated[
        Dialect,
        Meta(description="The loader that the application uses."),
    ] = "node"
    optional: Annotated[bool, Meta(description="Whether the file may be missing.")] = False
    also_read_by: Annotated[
        tuple[Dialect, ...],
        Meta(
            description="Other loaders that read the same file. Values that they read differently "
            "are reported.",
            examples=[["compose"]],
        ),
    ] = ()

    def beside(self, others: Sequence[Source]) -> DotenvFile:
        """Told by which other dialects the project reads the same file."""
        read_by = (o.dialect for o in others if isinstance(o, DotenvFile) and o.path == self.path)
        dialects = dict.fromkeys((*self.also_read_by, *read_by))
        if set(dialects) <= {self.dialect, *self.also_read_by}:
            return self
        dialects.pop(self.dialect, None)
        return msgspec.structs.replace(self, also_read_by=tuple(dialects))

    @property
    def label(self) -> str:
        """The path, as the spec gives it."""
        return self.path

    def read(self, world: World) -> SourceContent | Unobservable:
        """Read the file; what is wrong with it comes back as problems."""
        return self.read_among((), (), world)

    def read_among(
        self,
        weaker: Sequence[DotenvFile],
        stronger: Sequence[DotenvFile],
        world: World,
        *,
        foremost: bool = False,
    ) -> SourceContent | Unobservable:
        """Read the file as one of several that the application's loader reads together.

        `foremost` has its values win over those of stronger files.
        """
        content = self.text(world)
        if not isinstance(content, bytes):
            return content
        utf16 = _UTF16.get(content[:2])
        if utf16:
            problem = self._not_utf8((1, 1), "UTF-16", cause="utf-16", found=utf16)
            return SourceContent(problems=(problem,))
        below, above = ([*_texts(files, world)] for files in (weaker, stronger))

        def parsed(process: Mapping[str, str]) -> dotenv.Document:
            if foremost:
                return dotenv.parse_foremost(content, below, above, self.dialect, environ=process)
            texts = (*below, content, *above)
            return dotenv.parse_layers(texts, self.dialect, environ=process)[len(below)]

        return self._judge(content, parsed, world.process)

    def text(self, world: World) -> bytes | SourceContent:
        """The bytes of the file, or why there are none."""
        inside = inside_of(world.root, world.allowed)
        path = os.path.join(world.root, self.path)
        content = read_bytes(path, limit=LARGEST, inside=inside)
        if isinstance(content, FileTrouble):
            return self._troubled(content, world.root)
        return content

    def _judge(
        self,
        content: bytes,
        parsed: Callable[[Mapping[str, str]], dotenv.Document],
        process: Mapping[str, str],
    ) -> SourceContent:
        """What the application sees in `content`, and what is wrong with the text."""
        document = parsed(process)
        borrowed = _borrowed(document, parsed, process)
        problems = [
            blurred(problem, document.source) for problem in self._problems(document, content)
        ]
        return SourceContent(
            settings=_settings(document, self.path, borrowed), problems=tuple(problems)
        )

    def _troubled(self, trouble: FileTrouble, root: str) -> SourceContent:
        if trouble.code == "missing":
            if self.optional:
                return SourceContent(absent=True)
            if os.path.islink(os.path.join(root, self.path)):
                trouble = FileTrouble(
                    "missing",
                    "it is a broken link",
                    "Point the link at an existing file, or replace it with a file.",
                )
                return self._unreadable(trouble)
            missing = SourceProblem(code="source-missing", values={"source": self.path}, fatal=True)
            return SourceContent(problems=(missing,))
        return self._unreadable(trouble)

    def _unreadable(self, trouble: FileTrouble) -> SourceContent:
        values = {"source": self.path, "reason": trouble.reason}
        values |= {"cause": trouble.code, "step": trouble.remedy}
        problem = SourceProblem(code="source-unreadable", values=values, fatal=True)
        return SourceContent(problems=(problem,))

    def _problems(self, document: dotenv.Document, content: bytes) -> Iterator[SourceProblem]:
        yield from self._read_badly(document)
        yield from self._written_badly(document)
        others = [other for other in self.also_read_by if other != self.dialect]
        if others and not document.errors:
            yield from self._read_otherwise(content, others)

    def _read_badly(self, document: dotenv.Document) -> Iterator[SourceProblem]:
        """What the loader refuses, drops or runs; one of a sort is enough to act on."""
        for error in document.errors[:1]:
            yield self._problem(
                "source-refused",
                (error.line, error.column),
                reason=error.reason,
                expected=error.expected,
            )
        first = {problem.kind: problem for problem in reversed(document.problems)}
        for kind, problem in first.items():
            place = (problem.line, problem.column)
            if kind == "invalid-utf8":
                yield self._not_utf8(place, "WINDOWS-1252")
            else:
                yield self._problem(_CODES[kind], place, name="this line", cause=kind)
        if document.has_bom and self.dialect in ("node20", "shell", "vite"):
            yield self._problem("source-byte-order-mark", (1, 1))
        elif document.has_bom and self.dialect == "python":
            mark = self._problem("source-byte-order-mark", (1, 1), cause="once")
            yield msgspec.structs.replace(mark, fatal=False)  # a warning, as current versions cope

    def _written_badly(self, document: dotenv.Document) -> Iterator[SourceProblem]:
        """What the loader reads, and hardly anybody meant."""
        winners = {entry.key: entry for entry in document.entries}
        for entry in document.duplicates:
            line = str(winners[entry.key].line)
            yield self._problem("source-duplicate", entry.key_position, name=entry.key, line=line)
        for entry in document.entries:
            if entry.executes:
                yield self._problem("source-executes", entry.value_position, name=entry.key)

    def _read_otherwise(self, content: bytes, others: list[Dialect]) -> Iterator[SourceProblem]:
        """What another loader of the project reads differently."""
        told: dict[tuple[str, int, int], list[tuple[str, str]]] = {}
        for found in dotenv.differences(content, self.dialect, others):
            told.setdefault((found.name, found.line, found.column), []).append(
                (found.other, found.cause)
            )
        docker = "docker" in (self.dialect, *others)
        for (name, line, column), pairs in told.items():
            yield self._problem(
                "source-portability",
                (line, column),
                name=name or "the file",
                other=listed(other for other, _ in pairs),
                reason="; ".join(dict.fromkeys(cause for _, cause in pairs)),
                cause="docker" if docker else "",
            )

    def _not_utf8(self, place: tuple[int, int], encoding: str, **more: str) -> SourceProblem:
        import shlex

        file = shlex.quote(self.path)
        more["advice"] = "stdin" if self.path == STANDARD_INPUT else ""
        return self._problem("source-not-utf8", place, encoding=encoding, file=file, **more)

    def _problem(self, code: str, place: tuple[int, int], **values: str) -> SourceProblem:
        line, column = place
        at = Location(file=self.path, line=line, column=column)
        values = {"source": self.path, "dialect": self.dialect, **values}
        return SourceProblem(code=code, values=values, location=at, fatal=code in _FATAL)


def usual_dialect(*environments: Environment) -> Dialect:
    """How a file is read that none of these environments names: as their first .env file is."""
    sources = (source for environment in environments for source in environment.values)
    return next((s.dialect for s in sources if isinstance(s, DotenvFile)), "node")


STANDARD_INPUT = "<stdin>"
"""The path that stands for standard input."""
_UTF16 = {b"\xff\xfe": "UTF-16 (LE)", b"\xfe\xff": "UTF-16 (BE)"}
"""Byte order marks that no UTF-8 begins with, and what they tell."""
_CODES = {
    "dropped-line": "source-dropped-line",
    "dropped-rest": "source-dropped-line",
    "joined-line": "source-dropped-line",
    "runs-command": "source-executes",
    "unclosed-quote": "source-unclosed-quote",
}
"""The reader's kinds of problem, and the rules that they break."""
_FATAL = frozenset(
    (
        *("source-byte-order-mark", "source-not-utf8", "source-refused"),
        "source-unclosed-quote",
    )
)
"""Problems after which values are lost, or are not what somebody wrote."""


def _texts(files: Iterable[DotenvFile], world: World) -> Iterator[bytes]:
    """Those that can be read; what is wrong with the others is reported for them."""
    for file in files:
        text = file.text(world)
        if isinstance(text, bytes) and text[:2] not in _UTF16:
            yield text


def _borrowed(
    document: dotenv.Document,
    parsed: Callable[[Mapping[str, str]], dotenv.Document],
    process: Mapping[str, str],
) -> dict[str, tuple[str, ...]]:
    """The values that the process had a part in, and the names by which it had."""
    asked = {entry.key: entry.references for entry in document.entries if entry.references}
    of_process = [n for names in asked.values() for n in names if n in process]
    if not of_process:
        return {}
    alone = parsed({}).values
    return {
        name: tuple(dict.fromkeys(n for n in asked.get(name, ()) if n in process))
        or tuple(dict.fromkeys(of_process))
        for name, value in document.values.items()
        if alone.get(name) != value
    }


def _settings(
    document: dotenv.Document,
    path: str,
    borrowed: Mapping[str, tuple[str, ...]],
) -> dict[str, Setting]:
    values = document.values
    entries = {entry.key: entry for entry in document.entries}
    settings: dict[str, Setting] = {}
    for name, value in values.items():
        entry = entries.get(name)
        setting = Setting(
            state=State.READABLE if value else State.MISSING if value is None else State.EMPTY,
            value=None if value is None else Secret(value),
            source=path,
            location=Location(file=path),
            in_project=True,
            borrowed=borrowed.get(name, ()),
            dialect=document.dialect,
        )
        if entry is not None:
            (line, column), (end_line, end) = entry.value_position, entry.value_end_position
            expanded = filter(None, map(_plain_name, entry.expands))
            setting = msgspec.structs.replace(
                setting,
                location=_on_line(path, line, column, end if end_line == line else column + 1),
                name_location=_on_line(
                    path, *entry.key_position, entry.key_position[1] + len(name)
                ),
                expanded=bool(entry.expands),
                lost=tuple(n for n in expanded if n not in document.visible),
                misread=misreading(entry),
            )
            detail = _computed(entry, document.dialect)
            if detail and value is not None:
                setting = msgspec.structs.replace(
                    setting,
                    state=State.UNREADABLE,
                    value=None,
                    borrowed=(),
                    expanded=False,
                    lost=(),
                    detail=detail,
                )
        settings[name] = setting
    return settings


def _computed(entry: dotenv.DotenvEntry, dialect: str) -> str:
    """Why nobody but the loader knows the value of an entry; empty if the text has it."""
    if entry.executes:
        return ": a command computes it when the file is read"
    if dialect == "dotenvx" and (entry.value or "").startswith("encrypted:"):
        return ": dotenvx decrypts it, which it does for `dotenvx run -- assay check` too"
    return ""


def _on_line(path: str, line: int, column: int, end: int) -> Location:
    return Location(file=path, line=line, column=column, end_line=line, end_column=end)


def _plain_name(construct: str) -> str:
    """The name in `$NAME` or `${NAME}`; empty if the construct brings its own default."""
    name = construct.removeprefix("$")
    if name.startswith("{"):
        name = name[1:].removesuffix("}")
    return name if name.replace("_", "a").isalnum() else ""
