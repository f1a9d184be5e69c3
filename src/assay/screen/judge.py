"""Judges values against a plan: clean, or not known to be.

Each rule is one pass over all values that it concerns, mostly a single call into C. See
`assay.screen.plan` for the parts of a table, and `assay.formats.base` for the forms of values.
"""

import os

from assay.gate import inside_of, resolved
from assay.hygiene.lists import (
    CIPHERTEXTS,
    COMMANDS,
    INSTRUCTIONS,
    PLACEHOLDER_STARTS,
    PLACEHOLDERS,
    PUBLISHED,
    REDACTED_STARTS,
    REDACTIONS,
    REFERENCES,
    SECRET_FILES,
    SECRET_STARTS,
    SENSITIVE,
    SEQUENCES,
    UNFILLED,
    UNSET_LITERALS,
    other_vendor,
)
from assay.screen.places import arranged, readers
from assay.screen.reading import read_values

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

SHORT = 16
"""Characters; as `assay.hygiene.strength.SHORT`."""
DISTINCT = 12
"""Different characters that make a secret strong enough, however they are spread: each adds at
least log2(12) bits, which together exceed `assay.hygiene.strength.LEAST_BITS`."""

_SUSPECT = (*SECRET_STARTS, "eyJ")
_NO_SECRETS = (*REFERENCES, *SECRET_FILES, *REDACTED_STARTS, *COMMANDS, "export ")
_ENDS = (",", ";", "\\n", "\\r")
_STARTS = (*PLACEHOLDER_STARTS, *map(str.lower, (*CIPHERTEXTS, SENSITIVE)), "${", "{{", "$(", "%")
_HEADS = frozenset(start[:3] for start in (*PLACEHOLDERS, *_STARTS))
_PRINTABLE = bytes(range(32, 127))
_RUNS = frozenset(SEQUENCES)
_MARKS = ("<", "%", "$", "{", "[")
"""How those begin that are shorter than a head, or that normalising would change."""


def clean(
    plan: "Mapping[str, Any]",
    root: str,
    files: "Iterable[str]",
    environment: "str | None" = None,
    inside: "tuple[str, ...] | None" = None,
) -> bool:
    """Whether all files, given by absolute path, are certain to be clean.

    `inside` is where files may lie, as `gate.inside_of` says; the repository by default.
    """
    try:
        inside = inside_of(root) if inside is None else inside
        if environment is not None:
            return _clean_environment(plan, root, files, environment, inside)
        return all(_clean_file(plan, root, file, inside) for file in files)
    except Exception:  # noqa: BLE001 - whatever it is, the engine will meet it, and report it
        return False


def _clean_environment(
    plan: "Mapping[str, Any]",
    root: str,
    files: "Iterable[str]",
    environment: str,
    inside: "tuple[str, ...]",
) -> bool:
    """Whether the files, taken together as one environment, are clean."""
    found = plan["environments"].get(environment)
    if found is None:
        return False
    sources = found["sources"]
    values: dict[str, str] = {}
    for file, index in arranged(files, root, [path for path, _, _ in sources]):
        dialect = found["dialect"] if index is None else sources[index][1]
        read = read_values(file, dialect, inside)
        if read is None:
            return False
        values.update(read)
    return judge(found["table"], values, values)


def _clean_file(plan: "Mapping[str, Any]", root: str, file: str, inside: "tuple[str, ...]") -> bool:
    environments = plan["environments"]
    paths = {name: [path for path, _, _ in e["sources"]] for name, e in environments.items()}
    used = False
    for environment, index in readers(file, root, paths):
        used = True
        if not _clean_there(environments[environment], root, index, file, inside):
            return False
    if used:
        return True
    values = read_values(file, plan["dialect"], inside)
    return values is not None and judge(plan["loose"], values, None)


def _clean_there(
    environment: "Mapping[str, Any]", root: str, index: int, file: str, inside: "tuple[str, ...]"
) -> bool:
    """Whether a file is clean as the source of an environment that has this index.

    Its values are judged as if they came last, since another machine may lack the files that
    override them, and then with those that the environment's order gives.
    """
    table, sources = environment["table"], environment["sources"]
    values = read_values(file, sources[index][1], inside)
    if values is None:
        return False
    whole = environment["offline"]
    before = _read_all(root, sources[:index], inside) if whole else {}
    after = _read_all(root, sources[index + 1 :], inside)
    if before is None or after is None:
        return False
    if not judge(table, values, {**before, **after, **values} if whole else None):
        return False
    if after.keys().isdisjoint(values):
        return True
    return _agree(table, values, {**before, **values, **after}, whole=whole)


def _agree(
    table: "Mapping[str, Any]",
    values: "Mapping[str, str]",
    ordered: "Mapping[str, str]",
    *,
    whole: bool,
) -> bool:
    """Whether what depends on several values is good where other files override some of a file."""
    if whole and not _complete(table, ordered):
        return False
    seen, merged = (values, ordered) if whole else (ordered, None)
    return not table["rules"] or _rules_hold(table, seen, merged)


def _read_all(
    root: str, sources: "Sequence[tuple[str, str | None, bool]]", inside: "tuple[str, ...]"
) -> "dict[str, str] | None":
    """The values of an environment's files, later ones over earlier ones; None as for one."""
    merged: dict[str, str] = {}
    for path, dialect, optional in sources:
        file = os.path.join(root, path)
        if optional and not os.path.lexists(resolved(file, inside)):
            continue
        read = read_values(file, dialect, inside)
        if read is None:
            return None
        merged.update(read)
    return merged


def judge(
    table: "Mapping[str, Any]", values: "Mapping[str, str]", merged: "Mapping[str, str] | None"
) -> bool:
    """Whether values are certain to be clean.

    `merged` are those of the whole environment, by which it is known what is missing; None if that
    can't be known.
    """
    known = table["known"]
    foreign = not values.keys() <= known
    if foreign and not _ignorable(table, values, values if merged is None else merged):
        return False
    if merged is not None and not _complete(table, merged):
        return False
    if table["rules"] and not _rules_hold(table, values, merged):
        return False
    if "" in values.values():
        if not table["may-be-empty"].issuperset([n for n, v in values.items() if not v]):
            return False
        values = {name: value for name, value in values.items() if value}
    if foreign:
        values = {name: value for name, value in values.items() if name in known}
    every = list(values.values())
    return (
        _unhurt(every)
        and not (table["live"] and _of_elsewhere(every))
        and _secrets_strong(table, values)
        and _secrets_bare(table, values)
        and _formed(table["forms"], values, len(values) == len(known))
        and all(values.get(name) != example for name, example in table["examples"])
    )


def _ignorable(
    table: "Mapping[str, Any]", values: "Mapping[str, str]", merged: "Mapping[str, str]"
) -> bool:
    """Whether all undeclared names are of no interest: allowed, not public, not misspelt."""
    if not table["ignores-undeclared"] or not table["declared"] <= merged.keys():
        return False
    watched, prefixes = table["declared"], table["public-prefixes"]
    foreign = values.keys() - table["known"]
    return not any(name in watched or name.startswith(prefixes) for name in foreign)


def _complete(table: "Mapping[str, Any]", merged: "Mapping[str, str]") -> bool:
    """Whether all that must be set is."""
    if not table["required"] <= merged.keys():
        return False
    conditional = [item for item in table["conditional"] if item[1] not in merged]
    if not conditional:
        return True
    from assay.screen.truth import truth

    defaults = table["defaults"]
    return all(
        tree is not None and truth(tree, merged, defaults) is not True for tree, _ in conditional
    )


def _rules_hold(
    table: "Mapping[str, Any]", values: "Mapping[str, str]", merged: "Mapping[str, str] | None"
) -> bool:
    """Whether no rule is certain or likely to be broken by what a file sets."""
    from assay.screen.truth import rules_hold

    return rules_hold(table, values, merged)


def _unhurt(every: "Sequence[str]") -> bool:
    """No stand-in, no white space around, no quotes around, no output of a checksum command."""
    body = "".join(every)
    text = "\0" + "\0".join(every) + "\0"
    if not body.isascii() or body.encode().translate(None, _PRINTABLE):
        if text.count("\0") != len(every) + 1:
            return not every
        for value in every:
            if value != value.strip():
                return False
    if " " in body:
        first, *rest = text.split(" ")
        edges = first[-1:] + "".join([piece[:1] + piece[-1:] for piece in rest])
        if "" in rest or "\0" in edges[:-1] or "*" in edges:
            return False
    for quote in "\"'`":
        if quote in body and f"\0{quote}" in text:
            return False
    return UNSET_LITERALS.isdisjoint(every) and not _stands_in(every, body, text)


def _of_elsewhere(every: "Sequence[str]") -> bool:
    """Whether a value may work in no live environment: published, or with this machine as host."""
    text = "\0".join(every).lower()
    return not PUBLISHED.keys().isdisjoint(every) or any(host in text for host in _HERE)


_HERE = ("localhost", "127.", "[::1]")


def _stands_in(every: "Sequence[str]", body: str, text: str) -> bool:
    """Whether a value begins, or is, like a placeholder or a template."""
    lower = text.lower()
    if any(sign in lower for sign in _NOBODYS):
        from assay.hygiene.unfilled import names_nobody

        if any(map(names_nobody, every)):
            return True
    heads = list({value[:3] for value in every})
    normal = _normal("\0".join(heads)).split("\0")
    odd = tuple([mark for mark in _MARKS if mark in body])
    if not odd and _HEADS.isdisjoint(normal):
        return False
    for head, lowered in zip(heads, normal, strict=True):
        if lowered not in _HEADS and not (odd and head.startswith(odd)):
            continue
        at = text.find(f"\0{head}")
        while at >= 0:
            end = text.index("\0", at + 1)
            value = _normal(text[at + 1 : end])
            if value in PLACEHOLDERS or value.startswith(_STARTS):
                return True
            at = text.find(f"\0{head}", end)
    return False


_NOBODYS = ("your", "xxx", "...", "***", "<")
"""What addresses and keys have in them that are to be filled in."""


def _normal(text: str) -> str:
    return text.lower().replace("_", "-").replace(" ", "-")


def _secrets_strong(table: "Mapping[str, Any]", values: "Mapping[str, str]") -> bool:
    """Secrets are long and varied, follow no keyboard, and are not named after themselves."""
    chosen = [item for item in table["secrets"] if item[0] in values]
    if chosen:
        text = "\0".join([values[name] for name, _ in chosen]).lower()
        if any(word in text for word in UNFILLED):
            return False
        for value, (name, absent) in zip(text.split("\0"), chosen, strict=True):
            # the beginning of a value can only have fewer different characters than the whole
            distinct = set(value[:SHORT])
            if len(distinct) < DISTINCT and not _varied(value, len(distinct)):
                return False
            if value[:8] in _RUNS or len(value) > 4096 or value.startswith(INSTRUCTIONS):
                return False
            if len(value) <= SHORT and any(run in value for run in SEQUENCES):
                return False
            if distinct.isdisjoint(absent) and _letters(value) == _letters(name):
                return False
    for name in table["public"]:
        public = values.get(name)
        if public is not None and public.startswith(_SUSPECT):
            return False
    repeatable = [values[name] for name in table["repeatable"] if name in values]
    return all(len(set(value[:4])) > 1 for value in repeatable)


def _secrets_bare(table: "Mapping[str, Any]", values: "Mapping[str, str]") -> bool:
    """No secret is a reference or a mark of redaction, and nothing but the secret is there."""
    for name in [*[name for name, _ in table["secrets"]], *table["repeatable"]]:
        value = values.get(name)
        if value is None:
            continue
        if value.startswith(_NO_SECRETS) or value.endswith(_ENDS) or not value.isascii():
            return False
        if "$(" in value or "`" in value or other_vendor(name, value)[0]:
            return False
        if value[0] == "$" and value[1:].replace("_", "a").isalnum():
            return False
        if value.startswith(name) or (len(value) < 20 and _normal(value) in REDACTIONS):
            return False
        pieces = value.split()
        if len(pieces) > 1 and name not in table["repeatable"] and max(map(len, pieces)) >= SHORT:
            return False
    return True


def _letters(text: str) -> str:
    """As `assay.hygiene.strength.letters`, which recognises values made from their names."""
    return "".join([char for char in text.lower() if char.isalpha()])


def _varied(value: str, distinct: int) -> bool:
    """Whether the whole of a value is varied enough, or makes up for it by its length."""
    # eight different ones among 32 or more that don't repeat as a whole: 7 * log2(32) + 8 bits
    if distinct >= 8 and len(value) >= 32 and (value + value).find(value, 1) == len(value):
        return True
    return len(set(value)) >= DISTINCT


def _formed(
    forms: "Sequence[tuple[Any, Sequence[str]]]", values: "Mapping[str, str]", whole: bool
) -> bool:
    """Each value has the form that its type demands; `whole` if none of them is unset."""
    from assay.screen.forms import FORMS

    for form, names in forms:
        if form[0] == "any":
            continue
        chosen: list[Any] = list(map(values.get, names))
        if not whole and None in chosen:
            chosen = [value for value in chosen if value is not None]
        if not chosen:
            continue
        if not FORMS[form[0]](chosen, *form[1:]):
            return False
    return True
