"""Judges values against a plan: clean, or not known to be.

Each rule is one pass over all values that it concerns, mostly a single call into C. See
`assay.screen.plan` for the parts of a table, and `assay.formats.base` for the forms of values.
"""

import os

from assay.hygiene.lists import (
    PLACEHOLDER_STARTS,
    PLACEHOLDERS,
    PUBLISHED,
    REDACTED_STARTS,
    REDACTIONS,
    REFERENCES,
    SECRET_FILES,
    SECRET_STARTS,
    SEQUENCES,
    UNSET_LITERALS,
)
from assay.screen.plain import read_plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

LARGEST = 32 * 1024 * 1024
"""Bytes; as for the source `dotenv`."""
SHORT = 16
"""Characters; as `assay.hygiene.strength.SHORT`."""
DISTINCT = 12
"""Different characters that make a secret strong enough, however they are spread: each adds at
least log2(12) bits, which together exceed `assay.hygiene.strength.LEAST_BITS`."""

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_SUSPECT = (*SECRET_STARTS, "eyJ")
_NO_SECRETS = (*REFERENCES, *SECRET_FILES, *REDACTED_STARTS, "export ")
_ENDS = (",", ";", "\\n", "\\r")
_STARTS = (*PLACEHOLDER_STARTS, "${", "{{", "$(", "%")
_HEADS = frozenset(start[:3] for start in (*PLACEHOLDERS, *_STARTS))
_PRINTABLE = bytes(range(32, 127))
_RUNS = frozenset(SEQUENCES)
_MARKS = ("<", "%", "$", "{", "[")
"""How those begin that are shorter than a head, or that normalising would change."""


def clean(
    plan: "Mapping[str, Any]", root: str, files: "Iterable[str]", environment: "str | None" = None
) -> bool:
    """Whether all files, given by absolute path, are certain to be clean."""
    try:
        if environment is not None:
            return _clean_environment(plan, files, environment)
        prefix = root + os.sep
        return all(_clean_file(plan, root, prefix, os.path.normpath(file)) for file in files)
    except Exception:  # noqa: BLE001 - whatever it is, the engine will meet it, and tell of it
        return False


def _clean_environment(plan: "Mapping[str, Any]", files: "Iterable[str]", environment: str) -> bool:
    """Whether the files, taken together as one environment, are clean."""
    found = plan["environments"].get(environment)
    if found is None:
        return False
    values: dict[str, str] = {}
    for file in files:
        read = read_values(file, found["dialect"])
        if read is None:
            return False
        values.update(read)
    return judge(found["table"], values, values)


def _clean_file(plan: "Mapping[str, Any]", root: str, prefix: str, file: str) -> bool:
    name = file[len(prefix) :] if file.startswith(prefix) else None
    uses = plan["files"].get(name)
    if uses is None:
        values = read_values(file, plan["dialect"])
        return values is not None and judge(plan["loose"], values, None)
    for environment, dialect, others in uses:
        values = read_values(file, dialect)
        if values is None:
            return False
        table = plan["environments"][environment]["table"]
        merged: dict[str, str] | None = values
        if others is None:
            merged = None
        elif others:
            merged = _with_others(root, others, values)
            if merged is None:
                return False
        if not judge(table, values, merged):
            return False
    return True


def _with_others(
    root: str, others: "Sequence[tuple[str, str, bool]]", values: "Mapping[str, str]"
) -> "dict[str, str] | None":
    """The values of an environment's other files, with those of the given file over them."""
    merged: dict[str, str] = {}
    for path, dialect, optional in others:
        file = os.path.join(root, path)
        if optional and not os.path.exists(file):
            continue
        read = read_values(file, dialect)
        if read is None:
            return None
        merged.update(read)
    merged.update(values)
    return merged


def read_values(file: str, dialect: "str | None") -> "dict[str, str] | None":
    """What the application sees in a file, None where the engine has to look.

    Raises:
        OSError: the file can't be read.

    """
    data = None if dialect is None else _content(file)
    if data is None or dialect is None:
        return None
    values = read_plain(data, dialect)
    return _read_odd(data, dialect) if values is None else values


def _content(file: str) -> "bytes | None":
    """What a regular file of a sensible size holds; the engine sees to all others.

    A pipe or a device has no size, so what has none is left to the engine too.
    """
    descriptor = os.open(file, _FLAGS)
    try:
        size = os.fstat(descriptor).st_size
        data = os.read(descriptor, size + 1) if size <= LARGEST else b""
    finally:
        os.close(descriptor)
    return data if len(data) == size > 0 else None


def _read_odd(data: bytes, dialect: str) -> "dict[str, str] | None":
    """The full reader's values, unless there is anything about the text to be told."""
    from assay.dotenv import parse

    document = parse(data, dialect)
    if document.errors or document.problems or document.duplicates or document.has_bom:
        return None
    for entry in document.entries:
        if entry.executes or entry.expands:
            return None
    values = document.values
    if None in values.values():
        return None
    return values  # type: ignore[return-value]  # no None is left


def judge(
    table: "Mapping[str, Any]", values: "Mapping[str, str]", merged: "Mapping[str, str] | None"
) -> bool:
    """Whether values are certain to be clean.

    `merged` are those of the whole environment, by which it is known what is missing; None where
    that can't be known.
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
        and (not table["live"] or PUBLISHED.keys().isdisjoint(every))
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


def _stands_in(every: "Sequence[str]", body: str, text: str) -> bool:
    """Whether a value begins, or is, like a placeholder or a template."""
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


def _normal(text: str) -> str:
    return text.lower().replace("_", "-").replace(" ", "-")


def _secrets_strong(table: "Mapping[str, Any]", values: "Mapping[str, str]") -> bool:
    """Secrets are long and varied, follow no keyboard, and are not named after themselves."""
    chosen = [item for item in table["secrets"] if item[0] in values]
    if chosen:
        text = "\0".join([values[name] for name, _ in chosen]).lower()
        for value, (name, absent) in zip(text.split("\0"), chosen, strict=True):
            # the beginning of a value can only have fewer different characters than the whole
            distinct = set(value[:SHORT])
            if len(distinct) < DISTINCT and not _varied(value, len(distinct)):
                return False
            if value[:8] in _RUNS or len(value) > 4096:
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
        if value[0] == "$" and value[1:].replace("_", "a").isalnum():
            return False
        if value.startswith(name) or (len(value) < 20 and _normal(value) in REDACTIONS):
            return False
        pieces = value.split()
        if len(pieces) > 1 and name not in table["repeatable"] and max(map(len, pieces)) >= SHORT:
            return False
    return True


def _letters(text: str) -> str:
    """As `assay.hygiene.strength.letters`, which tells values made from their names."""
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
    """Each value has the form that its type demands; `whole` where none of them is unset."""
    from assay.screen.forms import BESIDE_OTHERS, FORMS, beside_others

    for form, names in forms:
        if form[0] == "any":
            continue
        chosen: list[Any] = list(map(values.get, names))
        if not whole and None in chosen:
            chosen = [value for value in chosen if value is not None]
        if not chosen:
            continue
        if form[0] == "key":
            from assay.screen.keys import good_keys

            _, encoding, size, exact, guessed, own = form
            good = good_keys(chosen, encoding, size, exact, guessed)
            if not good or not FORMS[own[0]](chosen, *own[1:]):
                return False
        elif form[0] in BESIDE_OTHERS:
            if not beside_others(form, chosen, values):
                return False
        elif not FORMS[form[0]](chosen, *form[1:]):
            return False
    return True
