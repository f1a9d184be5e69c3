"""Reads spec files and what they import, and merges them into one body of data."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from assay.files import OPTION
from assay.kinds import KINDS
from assay.model import Finding, Location, Related, Rule
from assay.package_data import folder
from assay.registry import using
from assay.spec import foreign, rules
from assay.spec.assembly import OWN_FIELDS
from assay.spec.bodies import Body, SpecFile
from assay.spec.document import VARIABLES
from assay.spec.environments import Environment, as_strict, policy_data
from assay.spec.files import ENDINGS, decode, library, not_in_library, read_spec_file
from assay.spec.narrowing import laid, loosened
from assay.spec.places import Path, place_of
from assay.spec.plugged import Plugged, plugged
from assay.spec.shape_words import in_words
from assay.spec.unused import fitting_in, listed_in
from assay.spec.yaml_text import Tree, read_yaml
from assay.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

UNDECLARED = "undeclared"
"""The field of the whole project that an import may demand more in."""
PER_FILE = frozenset(("imports", "loosens", "unused"))
"""Fields that speak of one file only."""
OF_THE_PROJECT = frozenset(("description", "documents", "project"))
"""Fields that an import does not bring along."""
LISTS = frozenset(("plugins", "waivers"))
"""Fields whose lists are joined."""
LONGEST_CHAIN = 100
"""Files that import each other one after the other; people write a handful."""


class _Origin(NamedTuple):
    """Where a name was declared last."""

    path: str
    location: Location
    imported: bool


class Merger:
    """Reads each file once and merges it into one body, imports first."""

    def __init__(self, root: str, inside: tuple[str, ...]) -> None:
        """`inside` is where files may lie, as `gate.inside_of` says."""
        self.root = root
        self.inside = inside
        self.body: Body = Body()
        self.problems: list[Finding] = []
        self.contents: dict[str, bytes] = {}
        """Every file that was read: its path, absolute, and what it held."""
        self._sources: dict[str, SpecFile | None] = {}
        self._merged: set[str] = set()
        self._waiting: list[tuple[str, bool]] = []
        """The files to be laid one over the other, and whether each is an import."""
        self.plugged: Plugged = Plugged()
        self._origin: dict[tuple[str, str], _Origin] = {}
        self._policy: tuple[_Origin, Any] | None = None
        """What imports say of undeclared names."""

    def merge(self, files: Iterable[str]) -> None:
        """Merge the project's files: first what they import, then their own declarations."""
        paths = [os.path.normpath(os.path.join(self.root, file)) for file in files]
        own = [path for path in paths if self._read(path, self._shown(path)) is not None]
        for path in own:
            self._follow(path, (path,))
        self._lay_all(own)

    def merge_one(self, content: bytes | dict[str, Any], name: str) -> None:
        """Merge the text or the data of one file, whose imports are relative to the root."""
        path = os.path.join(self.root, name)
        self._sources[path] = None
        if isinstance(content, bytes):
            source = self._parse(path, name, content)
        else:
            source = self._taken(path, name, Tree(content, {}, []))
        if source is not None:
            self._follow(path, (path,))
            self._lay_all([path])

    def _lay_all(self, own: list[str]) -> None:
        """Merge the project's own declarations, once all that they import has been."""
        imported = {target for path in own for target in self._targets(path)}
        for path in own:
            if path not in imported and path not in self._merged:
                self._lay(path, imports=False)
        self.plugged = plugged(self.sources, self.root)
        self.problems += self.plugged.problems
        with using(self.plugged.plugins):
            for path, imports in self._waiting:
                self._lay_down(path, imports=imports)
            self._leave_out()
        heads = [source.data for path in own if (source := self._sources[path])]
        if own and not any(foreign.versioned(name) for head in heads for name in head):
            at = Location(file=self._shown(own[0]), line=1, column=1)
            purpose = "`assay: 1`, the version of the language"
            self._complain(
                rules.MISSING_FIELD, at, owner="the spec", field="assay", purpose=purpose
            )

    def _complain(self, rule: Rule, at: Location, **values: Any) -> None:
        self.problems.append(rules.problem(rule, at, **values))

    def _shown(self, path: str) -> str:
        shipped = folder("specs")
        if path.startswith(shipped + os.sep) and not path.startswith(self.root + os.sep + "specs"):
            return "builtin:" + os.path.relpath(path, shipped).removesuffix(".yaml")
        if self.root == os.path.dirname(self.root):
            return path.replace(os.sep, "/")  # relative to the root of all it looks like another
        return os.path.relpath(path, self.root).replace(os.sep, "/")

    def _read(self, path: str, shown: str) -> SpecFile | None:
        if path in self._sources:
            return self._sources[path]
        self._sources[path] = None
        content = read_spec_file(path, shown, self.inside)
        if isinstance(content, Finding):
            self.problems.append(content)
            return None
        if not path.endswith(ENDINGS):
            self._complain(rules.NOT_A_SPEC, Location(file=shown), file=shown)
            return None
        return self._parse(path, shown, content)

    def _parse(self, path: str, shown: str, content: bytes) -> SpecFile | None:
        self.contents[path] = content
        text = decode(content, shown)
        if isinstance(text, Finding):
            self.problems.append(text)
            return None
        return self._taken(path, shown, read_yaml(text, shown))

    def _taken(self, path: str, shown: str, tree: Tree) -> SpecFile | None:
        self.problems += tree.problems
        if tree.data is None:
            if not tree.problems:
                self._complain(rules.EMPTY, Location(file=shown), file=shown)
        elif not isinstance(tree.data, dict):
            if any(found.rule == rules.NOT_YAML.code for found in tree.problems):
                return None  # what was read until then says nothing
            actual = in_words(tree.data)
            values = {"field": "the spec", "expected": "a mapping", "actual": actual}
            step = "Begin the file with `assay: 1`, then `variables:`."
            self._complain(rules.WRONG_TYPE, tree.places[()].of_value, step=step, **values)
        elif tree.data and not any(field in OWN_FIELDS or field in KINDS for field in tree.data):
            # whatever it is, it is not ours, and may well hold what nobody should see
            self._complain(rules.NOT_A_SPEC, Location(file=shown), file=shown)
        else:
            self._sources[path] = SpecFile(shown, tree.data, tree.places)
        return self._sources[path]

    def _targets(self, path: str) -> Iterator[str]:
        """The paths that a file imports, as far as they are known."""
        source = self._sources.get(path)
        names = source.data.get("imports") if source else None
        for name in names if isinstance(names, list) else ():
            if isinstance(name, str):
                yield self._resolved(name, path)

    def _imported_by(self, path: str) -> set[str]:
        """The paths that a file imports, directly or through others."""
        found: set[str] = set()
        waiting = [path]
        while waiting:
            new = set(self._targets(waiting.pop())) - found
            found |= new
            waiting += new
        return found

    def _resolved(self, name: str, importer: str) -> str:
        if name.startswith("builtin:"):
            return os.path.join(folder("specs"), name.removeprefix("builtin:") + ".yaml")
        return os.path.normpath(os.path.join(os.path.dirname(importer), name))

    def _follow(self, path: str, chain: tuple[str, ...]) -> None:
        """Merge what `path` imports, deepest first."""
        source = self._sources[path]
        names = source.data.get("imports") if source else None
        if source is None or not isinstance(names, list):
            return
        for index, name in enumerate(names):
            if not isinstance(name, str):
                continue
            at = place_of(source.places, ("imports", index), source.name).of_value
            target = self._resolved(name, path)
            if target in chain:
                self._circle(chain[chain.index(target) :], at)
                continue
            if not self._importable(name, target, at):
                continue
            if target in self._merged:
                continue
            if len(chain) >= LONGEST_CHAIN:
                self._too_far(name, at)
                return
            self._follow(target, (*chain, target))
            if target not in self._merged:
                self._lay(target, imports=True)

    def _too_far(self, name: str, at: Location) -> None:
        reason = f"more than {LONGEST_CHAIN} files import each other in a chain"
        if not any(reason in known.message for known in self.problems):  # once says it all
            advice = "too-long"
            self._complain(rules.IMPORT_MISSING, at, name=name, reason=reason, advice=advice)

    def _circle(self, chain: tuple[str, ...], at: Location) -> None:
        names = [self._shown(path) for path in chain]
        circle = " -> ".join([*names, names[0]])
        related = tuple(
            Related(label=f"{self._shown(path)} imports here", location=self._import_place(path))
            for path in chain[:-1]
        )
        self._complain(rules.IMPORT_CYCLE, at, circle=circle, related=related)

    def _import_place(self, path: str) -> Location:
        source = self._sources[path]
        return source.location("imports") if source else Location(file=self._shown(path))

    def _importable(self, name: str, target: str, at: Location) -> bool:
        if name.startswith("builtin:"):
            wanted = name.removeprefix("builtin:")
            if wanted not in library():
                self.problems.append(not_in_library(wanted, at))
                return False
        elif "://" in name:
            advice = "address"
            reason = "it is a URL, and only files can be imported"
            self._complain(rules.IMPORT_MISSING, at, name=name, reason=reason, advice=advice)
            return False
        before = len(self.problems)
        if self._read(target, self._shown(target)) is not None:
            return True
        refused = (rules.NOT_A_SPEC.code, rules.UNREADABLE.code)
        if len(self.problems) > before and self.problems[-1].rule in refused:
            found = self.problems.pop()
            reason = found.message.partition(": ")[2] or "it is not a spec"
            step = found.remedy if OPTION in found.remedy else ""
            if "directory" in reason:
                step = f"Name a file in it, as in `{name.rstrip('/')}/app.yaml`."
            if name in library():
                step = f"Write `builtin:{name}` for the spec of assay's library."
            self._complain(rules.IMPORT_MISSING, at, name=name, reason=reason, step=step)
        return False

    def _lay(self, path: str, *, imports: bool) -> None:
        """Put a file in line to be laid over those before it."""
        self._merged.add(path)
        self._waiting.append((path, imports))

    def _lay_down(self, path: str, *, imports: bool) -> None:
        """Merge one file's own declarations over what has been merged."""
        source = self._sources[path]
        if source is None:
            return
        for section, content in source.data.items():
            if section in PER_FILE or (imports and section in OF_THE_PROJECT):
                continue
            if section in KINDS or section == "documents":
                self.body.data.setdefault(section, {})
                for name, entry in content.items() if isinstance(content, dict) else ():
                    self._entry(section, name, entry, path, imports=imports)
            elif section in LISTS:
                if isinstance(content, list):  # the types refuse anything else
                    self._list(section, content, source)
            elif self._declared_already(section, imports=imports):
                self._clash((section,), section, source)
            elif section != UNDECLARED or self._lay_policy(content, source, path, imports=imports):
                self._origin[(section, "")] = _Origin(path, source.location(section), imports)
                self.body.take((section,), content, source)

    def _declared_already(self, section: str, *, imports: bool) -> bool:
        """Whether a field of the whole project stands in another of the project's own files."""
        known = self._origin.get((section, ""))
        return known is not None and section != "assay" and not (known.imported or imports)

    def _lay_policy(self, policy: Any, source: SpecFile, path: str, *, imports: bool) -> bool:
        """Whether a file's policy for undeclared names holds from now on; reports a laxer one."""
        if self._policy is not None and not as_strict(self._policy[1], policy):
            known = self._policy[0]
            if imports and known.path not in self._imported_by(path):
                return False  # of two imports that don't know each other, the stricter holds
            admitted = source.data.get("loosens")
            if not (isinstance(admitted, list) and UNDECLARED in admitted):
                self._tell_weaker("the spec", (UNDECLARED,), source, known.location, "project")
        if imports:
            self._policy = (_Origin(path, source.location(UNDECLARED), imports), policy)
        return True

    def _tell_weaker(
        self, name: str, path: Path, source: SpecFile, imported: Location, advice: str = ""
    ) -> None:
        related = (Related(label="imported from here", location=imported),)
        field = ".".join(map(str, path if advice else path[2:]))
        values = {"name": name, "field": field, "advice": advice, "related": related}
        self._complain(rules.LOOSENED, source.location(*path), subject=name, **values)

    def _leave_out(self) -> None:
        """Replace what files call unused with the names of the imported variables that are."""
        imports = {path for path, is_import in self._waiting if is_import}
        origins = {n: o.path for (section, n), o in self._origin.items() if section == VARIABLES}
        whole = not self.problems  # a failed import may declare what is missing
        found: dict[str, None] = {}
        for path, is_import in self._waiting:
            source = self._sources[path]
            below = self._imported_by(path) if is_import else imports
            for index, pattern in listed_in(source.data if source else {}):
                fitting, values = fitting_in(pattern, origins, below)
                found.update(dict.fromkeys(fitting))
                if not fitting and whole and source is not None:
                    at = place_of(source.places, ("unused", index), source.name).of_value
                    self._complain(rules.UNKNOWN_NAME, at, **values)
        if found:
            self.body.data["unused"] = list(found)

    def _list(self, section: str, content: list[Any], source: SpecFile) -> None:
        """The items of all files are one list; each keeps its own place."""
        merged = self.body.data.setdefault(section, [])
        for index, item in enumerate(content):
            for path, place in source.below((section, index)):
                self.body.places[(section, len(merged), *path[2:])] = place
            merged.append(item)

    def _entry(self, section: str, name: str, entry: Any, path: str, *, imports: bool) -> None:
        source = self._sources[path]
        if source is None:  # pragma: no cover - it is being laid
            return
        here = _Origin(path, source.location(section, name), imports)
        known = self._origin.get((section, name))
        above = entry if isinstance(entry, dict) else {}
        policy = self._policy if section == Environment.section else None
        if policy and imports and policy[0].path not in self._imported_by(path):
            policy = None  # of a spec that it does not import
        if known is None:
            if "loosens" in above and not (self._lacks_import or policy):
                own = source.location(section, name, "loosens")
                self._complain(rules.LOOSENS_NOTHING, own, subject=name, name=name)
        # a file that is imported may narrow only what it imports itself
        elif known.path not in self._imported_by(path) if imports else not known.imported:
            self._clash((section, name), name, source)
            return
        before = self.body.data[section].get(name)
        below = before if isinstance(before, dict) else {}
        if known and isinstance(entry, dict):
            source.below_entries[(section, name)] = below
        self._origin[(section, name)] = here
        lower, upper = below, above
        if policy and UNDECLARED in above:
            lower, upper = (
                {**one, UNDECLARED: policy_data(policy[1], one.get(UNDECLARED))}
                for one in (below, above)
            )
        for path_in in loosened(section, lower, upper) if known or policy else ():
            at = (section, name, *path_in)
            imported = place_of(self.body.places, at, known.location.file if known else "").of_key
            if policy and path_in == (UNDECLARED,) and UNDECLARED not in below:
                imported = policy[0].location
            self._tell_weaker(name, at, source, imported)
        self.body.take((section, name), laid(section, below, above) if known else entry, source)

    @property
    def _lacks_import(self) -> bool:
        """Whether an import failed, which might have declared more."""
        return any(problem.rule == rules.IMPORT_MISSING.code for problem in self.problems)

    def _clash(self, path: Path, name: str, source: SpecFile) -> None:
        first = self._origin[(str(path[0]), str(path[1]) if len(path) > 1 else "")].location
        related = (Related(label="first declared here", location=first),)
        at = source.location(*path)
        found = rules.problem(rules.CLASH, at, subject=name, name=name, related=related)
        library = [first.file, source.name]
        if all(file.startswith("builtin:") for file in library):
            remedy = f"Import only one of {listed(library)}."
            found = msgspec.structs.replace(found, remedy=remedy)
        self.problems.append(found)

    @property
    def names(self) -> list[str]:
        """The files as messages call them, the project's own first."""
        return sorted((s.name for s in self.sources), key=lambda name: name.startswith("builtin:"))

    @property
    def shown_contents(self) -> dict[str, bytes]:
        """What every file held that was read, by the name that messages give it."""
        return {self._shown(path): content for path, content in self.contents.items()}

    @property
    def sources(self) -> list[SpecFile]:
        """Every file that could be read."""
        return [source for source in self._sources.values() if source is not None]
