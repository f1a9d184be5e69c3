"""Makes a spec of what was found: what each variable's declaration says, and why."""

from __future__ import annotations

import operator
import re
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from assay.discovery.inference import Guess, guess
from assay.discovery.library import Imported, recognised
from assay.discovery.platform import set_by_platform
from assay.discovery.prose import exemplary
from assay.discovery.reference import Need, demanding, spared
from assay.hygiene.harmless import harmless
from assay.hygiene.sounds import sounds_secret
from assay.hygiene.standins import stand_in
from assay.redaction import Masker
from assay.words import listed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from assay.discovery.survey import Survey
    from assay.discovery.table_writing import DatabaseDraft
    from assay.kinds.variable.spec import Declared

_NO_CIPHER = frozenset(
    ("ACCESS", "API", "AUTH", "COOKIE", "HMAC", "JWT", "PUBLIC", "SESSION", "SIGNING", "WEBHOOK")
)
"""Words in the names of keys that sign or let in, and encrypt nothing."""


class Declaration(NamedTuple):
    """One variable of the spec."""

    name: str
    fields: dict[str, Any]
    remark: str = ""
    """A comment beside it: why it says what it says."""


class Draft(NamedTuple):
    """A spec that is not yet written."""

    survey: Survey
    imported: Mapping[str, Declared]
    """What the imported specs declare."""
    frameworks: frozenset[str]
    """The names among those that frameworks read."""
    imports: tuple[str, ...]
    narrowed: tuple[Declaration, ...]
    """What lies over imported declarations."""
    groups: Mapping[str, tuple[Declaration, ...]]
    """Heading to variables; those without one last."""
    key: str
    """A variable that looks like the key of a cipher; empty if none does."""
    secrets: int
    """How many of the declared variables are secret."""
    databases: tuple[DatabaseDraft, ...] = ()

    @property
    def declared(self) -> int:
        """How many variables it declares itself."""
        return sum(map(len, self.groups.values()))


def drafted(found: Survey) -> Draft:
    """The spec of what was found."""
    names = named(found)
    seen = {name: _seen(name, found) for name in names}
    imported = recognised(names, seen, found.framework.needed)
    guesses = {name: _guessed(name, found) for name in names if name not in imported.declared}
    masker = _masker(found, guesses)
    groups: dict[str, list[Declaration]] = {}
    for name, guessed in guesses.items():
        one = _declared(name, guessed, found, masker)
        groups.setdefault(one.fields.get("group", ""), []).append(one)
    return Draft(
        survey=found,
        imported=imported.declared,
        frameworks=imported.frameworks,
        imports=tuple(f"builtin:{name}" for name in imported.specs),
        narrowed=_over(imported, names, {d.name: d for d in _narrowed(found, imported, names)}),
        groups={heading: tuple(groups[heading]) for heading in sorted(groups, key=operator.not_)},
        key=next((name for name, guessed in guesses.items() if _is_cipher_key(name, guessed)), ""),
        secrets=sum(one.secret and one.stated is not False for one in guesses.values()),
    )


def named(found: Survey) -> list[str]:
    """Every name to declare: those of the files in their order, then those of the code."""
    read = (name for name in found.uses if not set_by_platform(name))
    return list(
        dict.fromkeys(chain(*found.settings.values(), found.written, found.mentioned, read))
    )


def _seen(name: str, found: Survey) -> list[str]:
    """The values of a name in all environments; those of templates if none sets it."""
    notes = found.written.get(name, ())
    return found.values(name) or [note.value for note in notes if note.value]


def _guessed(name: str, found: Survey) -> Guess:
    uses = found.uses.get(name, ())
    values = _seen(name, found)
    if not found.values(name):
        values += [use.reference.default for use in uses if use.reference.default]
    return guess(name, values, hint=_first(use.reference.hint for use in uses))


def _masker(found: Survey, guesses: Mapping[str, Guess]) -> Masker:
    """Knows every value that no text of the spec may hold."""
    masker = Masker()
    for settings in found.settings.values():
        for name, setting in settings.items():
            value = setting.text or ""
            guessed = guesses.get(name)
            if value and (guessed is None or not guessed.format.never_secret):
                masker.learn(value)
    return masker


def _declared(name: str, guessed: Guess, found: Survey, masker: Masker) -> Declaration:
    notes = found.written.get(name, ())
    description = _first(note.description for note in notes)
    group = _first(note.group for note in notes)
    required, remark = _required(name, guessed, found)
    fields: dict[str, Any] = {
        "description": description if masker.mask(description) == description else "",
        **guessed.fields,
        **required,
        "group": group if masker.mask(group) == group else "",
        "example": _example(name, guessed, found, masker),
    }
    return Declaration(name, {k: v for k, v in fields.items() if v not in ("", None)}, remark)


def _first(texts: Iterable[str]) -> str:
    return next(filter(None, texts), "")


def _required(name: str, guessed: Guess, found: Survey) -> tuple[dict[str, Any], str]:
    """Whether it must be set: as comments and code say; else where all environments set it."""
    uses = found.uses.get(name, ())
    told = next((n.demanded for n in found.written.get(name, ()) if n.demanded is not None), None)
    needs = {use.reference.need for use in uses}
    place = f"{uses[0].file}:{uses[0].reference.line}" if uses else ""
    if needs and needs <= {Need.OPTIONAL} and not told:
        default = _default(guessed, [use.reference.default for use in uses])
        return ({"default": default} if default is not None else {"required": False}), ""
    if told is not None:
        return ({} if told else {"required": False}), ""
    if (asking := demanding(uses)) and not found.programs:
        unset = len(found.will_be_set_in(name)) < len(found.outlook)
        return {}, f"required at {asking.file}:{asking.reference.line}" if unset else ""
    if where_live := demanding(uses, live=True):
        at = f"required at {where_live.file}:{where_live.reference.line}"
        return {"required": "live"}, at
    environments = list(found.outlook)
    if not environments:
        return {"required": False}, f"read at {place}" if place else ""
    present = found.will_be_set_in(name)
    if len(present) == len(environments):
        return {}, ""
    if asking and not set(found.programs) & set(present):
        return {"required": _within(found.programs)}, f"required at {place}"
    if not present:
        empty = any(name in settings for settings in found.outlook.values())
        nowhere = "currently empty" if empty else "set nowhere"
        return {"required": False}, f"read at {place}, {nowhere}" if place else nowhere
    if found.programs or (found.live and set(found.live) <= set(present)):
        return {"required": _within(present)}, ""
    absent = [environment for environment in environments if environment not in present]
    return {"required": False}, f"not set in {listed(absent)}"


def _within(environments: list[str]) -> str:
    """The condition that it is one of these environments."""
    quoted = [f"'{environment}'" for environment in environments]
    if len(quoted) == 1:
        return f"environment == {quoted[0]}"
    return f"environment in [{', '.join(quoted)}]"


def _default(guessed: Guess, written: list[str | None]) -> object:
    """The default that all readings share, where its type is one that may be shown."""
    text, form = written[0], guessed.format
    if text is None or set(written) != {text} or guessed.secret or not form.never_secret:
        return None
    if any(form.violations(text)) or not (form.spellings() or harmless(text)):
        return None
    return _typed(text, guessed)


def _typed(text: str, guessed: Guess) -> object:
    """A value as YAML would have it: an integer as a number, a boolean as one."""
    if guessed.format.read_as == "integer" and str(int(text)) == text:
        return int(text)
    if guessed.format.read_as == "boolean" and text in ("true", "false"):
        return text == "true"
    return text


def _example(name: str, guessed: Guess, found: Survey, masker: Masker) -> object:
    """The example of a template, if it is one and may be shown."""
    if guessed.secret or sounds_secret(name):
        return None
    actual = found.values(name)
    for note in found.written.get(name, ()):
        text = note.value
        if not text or any(guessed.format.violations(text)):
            continue
        if any(stand_in(text, secret=False)):
            continue
        if guessed.format.never_secret and harmless(text):
            return _typed(text, guessed)
        plain = harmless(text) or (guessed.format.standard and exemplary(text))
        if plain and text not in actual and masker.mask(text) == text:
            return text
    return None


def _narrowed(found: Survey, imported: Imported, names: Iterable[str]) -> Iterable[Declaration]:
    """Demand what the code does, or every environment sets, and an import leaves open."""
    for name in names:
        declared = imported.declared.get(name)
        if declared is None or declared.default is not None or not found.outlook:
            continue
        uses = found.uses.get(name, ())
        everywhere = len(found.will_be_set_in(name)) == len(found.outlook)
        everywhere = everywhere and name not in imported.frameworks
        wanted = demanding(uses) or (everywhere and not spared(uses))
        if wanted and declared.variable.required is not True and not _told_optional(name, found):
            yield Declaration(name, {"required": True})


def _instead(declared: Declared, found: Survey) -> str:
    """The one name of a template that makes a demand of an import needless, if there is one."""
    spare = re.findall(r"!isSet\('(\w+)'\)", str(declared.variable.required))
    offered = [
        name
        for name in dict.fromkeys(spare)
        if name in found.offered
        and not _told_optional(name, found)
        and not spared(found.uses.get(name, ()))
    ]
    return offered[0] if len(offered) == 1 else ""


def _told_optional(name: str, found: Survey) -> bool:
    return any(note.demanded is False for note in found.written.get(name, ()))


def _over(
    imported: Imported, names: Iterable[str], narrowed: Mapping[str, Declaration]
) -> tuple[Declaration, ...]:
    """What lies over imported declarations; what is merely used is named, so that documents know.

    An import demands its required variables itself, and has defaults for others.
    """
    known = [name for name in names if name in imported.declared]
    told = {name: imported.declared[name] for name in known}
    plain = [n for n, d in told.items() if d.variable.required is not True and d.default is None]
    return tuple(
        narrowed.get(name, Declaration(name, {}))
        for name in known
        if name in narrowed or name in plain
    )


def _is_cipher_key(name: str, guessed: Guess) -> bool:
    words = set(name.upper().split("_"))
    size = guessed.parameters.get("bytes")
    return (
        guessed.format.encoding != ""
        and size in (16, 24, 32)
        and not words.isdisjoint(("ENCRYPTION", "ENCRYPT", "KMS", "CIPHER", "KEY", "AES"))
        and words.isdisjoint(_NO_CIPHER)
    )


def as_copied(draft: Draft) -> Draft:
    """The same spec, reading the template where a file is still to be copied from it."""
    found = draft.survey
    if found.shared in found.settings or not found.templates:
        return draft
    source = {"path": found.templates[0].path, "dialect": found.framework.dialect}
    data = {**found.data, found.shared: {"values": [{"dotenv": source}]}}
    return draft._replace(survey=found._replace(data=data))


def loosened(draft: Draft, missing: Mapping[str, Collection[str]]) -> Draft:
    """The same spec, not demanding what an import demands and this project does not need.

    `missing` lists for each name the environments that lack it or leave it empty. Where a condition
    of the import demands it in some environments only, the import knows better, and it stays a
    finding; not if the template lacks it too, which is what its maintainers start with.
    """
    found = draft.survey
    start = found.shared if found.templates else None
    over = {one.name: one for one in draft.narrowed}
    for name, lacking in missing.items():
        declared = draft.imported[name]
        everywhere = len(lacking) >= len(found.outlook) or (
            start in lacking and name not in found.offered
        )
        everywhere |= name in draft.frameworks and set(lacking).isdisjoint(found.live)
        if declared.variable.required is not True and not everywhere:
            continue
        required, _ = _required(name, Guess(), found)
        if required == {"required": False} and name in draft.frameworks and name in found.written:
            required = {"required": "live"}  # whoever starts it there needs it
        if required:
            over[name] = Declaration(name, {**required, "loosens": ["required"]})
            instead = _instead(declared, found)
            if instead and not over.get(instead, Declaration(instead, {})).fields:
                over[instead] = Declaration(instead, {"required": True})
    return draft._replace(narrowed=tuple(over.values()))
