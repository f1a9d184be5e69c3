"""The .env files that `assay fix` changes: which those are, reading, judging and writing them."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import msgspec

from assay.cli.hook import GivenText
from assay.errors import OutputError, UsageError
from assay.facts import Listing
from assay.files import FileTrouble, read_bytes, sole_writer, write_atomically
from assay.fixing.edits import FixedFile
from assay.fixing.making import ordered
from assay.fixing.planning import Fixing, JudgedTexts
from assay.gate import top_of, within
from assay.gitignore import committable
from assay.redacted import redacted
from assay.runs import Run
from assay.screen.places import readers
from assay.sources.dotenv_file import LARGEST, DotenvFile
from assay.spec.discovery import nearest
from assay.suggest import hint
from assay.words import either, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assay.cli.streams import Streams
    from assay.fixing.planning import Texts
    from assay.sources.base import Source
    from assay.spec.document import Spec

PRIVATE = 0o600
"""The mode of a new file, since it is for secrets."""


def project_of(target: str | None) -> str | None:
    """The spec's folder of the project that a file in another folder belongs to, if it has one."""
    folder, name = os.path.split(os.path.join(os.getcwd(), target or ""))
    root = nearest(folder) if name and os.path.isdir(folder) else None
    return None if root is None or root == nearest(os.getcwd()) else os.path.join(root, "specs")


def below(root: str) -> str:
    """The way from the working folder to a project in a folder below; empty for any other."""
    here, there = os.path.realpath(os.getcwd()), os.path.realpath(root)
    return os.path.relpath(there, here) if here != there and within(there, (here,)) else ""


def chosen(spec: Spec, target: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The environments that are to be fixed, and the paths of the files that may be changed.

    Raises:
        UsageError: there are none, or real users depend on them.

    """
    declared = spec.environments.get(target)
    if declared is not None:
        _refuse_live(spec, (target,), target)
        files = tuple(dict.fromkeys(s.path for s in _files(declared.values)))
        if not files:
            raise UsageError(
                f"no .env file belongs to {target}: its values come from {declared.labels}",
                f"Change them there; `assay check {target}` reports what is wrong.",
            )
        return (target,), files
    paths = {
        name: [getattr(source, "path", None) for source in one.values if _is_file(source)]
        for name, one in spec.environments.items()
    }
    found = list(readers(os.path.join(os.getcwd(), target), spec.root, paths))
    known = dict.fromkeys(path for listing in paths.values() for path in listing if path)
    if not found:
        raise UsageError(
            f"{target} is neither an environment in the spec nor a .env file that one reads"
            f"{hint(target, [*spec.environments, *known])}",
            f"Name {either([*spec.environments, *known])}.",
        )
    names = tuple(dict.fromkeys(name for name, _ in found))
    _refuse_live(spec, names, target)
    kept = tuple(name for name in names if not spec.environments[name].live)
    files = tuple(dict.fromkeys(str(paths[name][index]) for name, index in found if name in kept))
    return kept, files[:1]


def _is_file(source: Source) -> bool:
    return isinstance(source, DotenvFile)


def _files(sources: Sequence[Source]) -> Iterator[DotenvFile]:
    return (source for source in sources if isinstance(source, DotenvFile))


def _refuse_live(spec: Spec, names: Sequence[str], target: str) -> None:
    if not all(spec.environments[name].live for name in names):
        return
    are = "are" if len(names) > 1 else "is"
    what = f"{listed(names)} {are} live"
    if target not in names:
        what = f"{target} belongs to {listed(names)}, which {are} live"
    raise UsageError(
        f"{what}: `assay fix` changes nothing that real users depend on",
        f"Run `assay check {names[0]}`, and make the changes that it names yourself.",
    )


def only_one(spec: Spec) -> str:
    """The only environment that has .env files and isn't live.

    Raises:
        UsageError: there are several, or none.

    """
    found = [
        name for name, one in spec.environments.items() if not one.live and any(_files(one.values))
    ]
    if len(found) != 1:
        many = "there are several environments to choose from"
        none = "the spec has no environment with a .env file that isn't live"
        step = f"Name {either(found)}." if found else "Declare one under `environments`."
        raise UsageError(many if found else none, step)
    return found[0]


@redacted("environments")
class EditedFiles:
    """Files as they were read, as they are judged, and as they are written."""

    def __init__(
        self, spec: Spec, environments: tuple[str, ...], paths: Sequence[str], streams: Streams
    ) -> None:
        self.environments = environments
        self._spec = spec
        self._process = streams.environ
        self._tell = streams.tell
        self.found: dict[str, str] = {}
        """The texts of the files that exist."""
        files = {path: self._readers(path) for path in paths}
        self.fixing: Fixing = Fixing(
            spec=spec,
            environments=environments,
            files=files,
            target=_target(spec, paths),
            orders={name: ordered(spec, name) for name in environments},
            judge=self._judge,
            process=streams.environ,
        )

    def _readers(self, path: str) -> FixedFile:
        """A file with the loaders that read it."""
        own: dict[str, None] = {}
        others: dict[str, None] = {}
        for name, environment in self._spec.environments.items():
            for source in _files(environment.values):
                if os.path.normpath(source.path) == os.path.normpath(path):
                    (own if name in self.environments else others)[source.dialect] = None
                    others.update(dict.fromkeys(source.also_read_by))
        return FixedFile(path=path, dialects=tuple(own), others=tuple(others))

    def read(self) -> Texts:
        """The texts of the files, and an empty one for each that is to be made.

        Raises:
            OutputError: a file may not be changed.

        """
        texts: dict[str, str] = {}
        for path in self.fixing.files:
            content = self._content(path)
            if content is not None:
                texts[path] = self.found[path] = content.decode()
            elif path == self.fixing.target or self._is_needed(path):
                texts[path] = ""
        return texts

    def named(self, path: str) -> str:
        """A path as seen from the working folder, if the project is somewhere below."""
        folder = below(self._spec.root)
        return os.path.normpath(os.path.join(folder, path)) if folder else path

    @property
    def missing(self) -> bool:
        """Whether a file is to be made."""
        return any(self._is_needed(path) for path in self.fixing.files.keys() - self.found.keys())

    def _is_needed(self, path: str) -> bool:
        declared = (self._spec.environments[name] for name in self.environments)
        return any(
            source.path == path and not source.optional
            for environment in declared
            for source in _files(environment.values)
        )

    def _content(self, path: str) -> bytes | None:
        """What a file holds that may be changed; None if there is no such file."""
        root = os.path.realpath(self._spec.root)
        named = os.path.normpath(os.path.join(root, path))
        path = self.named(path)
        inside = (top_of(root), *map(os.path.realpath, self._spec.allowed))
        if not within(named, inside):
            raise OutputError(
                f"{path} is outside the repository", "Name a file of the repository instead."
            )
        if os.path.realpath(named) != named:
            raise OutputError(
                f"{path} goes through a symbolic link, so it is not changed",
                "Write the file that the link leads to into the spec, or replace the link with it.",
            )
        content = read_bytes(named, limit=LARGEST, inside=inside)
        if isinstance(content, FileTrouble):
            if content.code == "missing":
                return None
            raise OutputError(f"{path} can't be read: {content.reason}", content.remedy)
        if not stat.S_IMODE(os.stat(named).st_mode) & 0o222 or not os.access(named, os.W_OK):
            raise OutputError(
                f"{path} is read-only", f"Run `chmod u+w {path}` if you want to change it."
            )
        try:
            content.decode()
        except UnicodeDecodeError:
            raise OutputError(
                f"{path} is not valid UTF-8", "Save it as UTF-8, then run this again."
            ) from None
        return content

    def write(self, texts: Texts) -> None:
        """Write each text that is new, all or nothing of it.

        Raises:
            OutputError: a file was changed in the meantime, or can't be written.

        """
        for path, text in texts.items():
            before = self.found.get(path)
            if before == text or (before is None and not text and not self._is_needed(path)):
                continue
            file = os.path.join(self._spec.root, path)
            with sole_writer(os.path.dirname(file)):
                content = self._content(path)
                if content != (None if before is None else before.encode()):
                    raise OutputError(
                        f"{self.named(path)} was changed while `assay fix` was running, so it is"
                        " left as it is",
                        "Run the command again.",
                    )
                mode = PRIVATE if before is None else None
                write_atomically(file, text.encode(), mode=mode)
            self.found[path] = text
            if before is None and committable(os.path.join(self._spec.root, path)):
                name = os.path.basename(path)
                advice = f"Add `{name}` to .gitignore, so that its secrets are never committed."
                self._tell(f"{path} is new, and git does not ignore it", advice)

    def _judge(self, texts: Texts) -> JudgedTexts:
        """What an offline check says if the files held these texts."""
        environments = {
            name: msgspec.structs.replace(
                self._spec.environments[name],
                values=tuple(
                    _given(source, texts) for source in self._spec.environments[name].values
                ),
            )
            for name in self.environments
        }
        alone = self._spec.with_environments(environments)
        with Run(alone, process=self._process, offline=True) as made:
            report = made.check()
            names = {name: _set(made.ask(Listing(name))) for name in self.environments}
        return JudgedTexts(report, names)


def _set(listing: object) -> frozenset[str]:
    """The names that have a value; none if a source can't be read."""
    found: Mapping[str, object] = listing if isinstance(listing, dict) else {}
    return frozenset(name for name, setting in found.items() if getattr(setting, "value", None))


def _given(source: Source, texts: Texts) -> Source:
    if not isinstance(source, DotenvFile) or source.path not in texts:
        return source
    fields = {name: getattr(source, name) for name in source.__struct_fields__}
    return GivenText(**fields, content=texts[source.path].encode())


def _target(spec: Spec, paths: Sequence[str]) -> str:
    """The file for new lines: the last, which wins, of those that nothing live reads."""
    live = {
        os.path.normpath(source.path)
        for environment in spec.environments.values()
        if environment.live
        for source in _files(environment.values)
    }
    return next((p for p in reversed(paths) if os.path.normpath(p) not in live), paths[-1])
