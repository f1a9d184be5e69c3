"""Says everything that is wrong with the shape of a spec, each with its place and its remedy.

The loader converts data with the types themselves, which is fast and stops at the first mistake.
Only when that fails is the derived JSON Schema asked for all of them. The validator's own messages
are never passed on; each of its verdicts is put in our words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import jsonschema

from assay.kinds import KINDS
from assay.registry import cached
from assay.spec import instead, rules
from assay.spec.explained import Explained
from assay.spec.instead_mappings import as_mapping, glued
from assay.spec.instead_sources import beside_source
from assay.spec.instead_times import dated, interval
from assay.spec.language import language_schema
from assay.spec.meant_types import meant_type
from assay.spec.misplaced import elsewhere, nameless
from assay.spec.shape_words import (
    FEW,
    bound_in_words,
    example,
    form_in_words,
    in_words,
    mapping_step,
    named,
    one_of,
    quoted_step,
    short_forms,
    types_in_words,
)
from assay.suggest import closest
from assay.words import either, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from assay.model import Finding
    from assay.spec.meant_types import Meant
    from assay.spec.places import Path, Place


@cached
def validator_of(schema: Callable[[], dict[str, Any]]) -> Any:
    """What finds the mistakes by a schema; made once for each function that gives one."""
    return jsonschema.Draft202012Validator(
        schema(), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )


def shape_problems(
    data: Any, places: Mapping[Path, Place], file: str, refusal: str
) -> list[Finding]:
    """Every mistake in the shape of one spec file's data, in the order of the file.

    `refusal` is what the types said; it is used only if the schema finds nothing.
    """
    validator = validator_of(language_schema)
    return explained(validator, _completed(data), Explained(places, file), refusal)


def explained(validator: Any, data: Any, about: Explained, refusal: str) -> list[Finding]:
    """The mistakes that a validator finds, in our words and in the order of the file."""
    about = about._replace(schema=validator.schema, data=data)
    found = [f for error in validator.iter_errors(data) for f in _explained(error, about)]
    if not found:
        expected = "as the schema describes"
        found = [about.problem(rules.WRONG_VALUE, (), f"{refusal}.", expected=expected)]
        if refusal == "assay":  # 1.0 equals 1
            found = [about.problem(rules.WRONG_VALUE, ("assay",), _VERSION, expected="1")]
    for section in nameless(data, about.schema):
        found = [f for f in found if not f.subject.startswith(f"{section}.")]
        values = {"expected": "entries by name", "actual": "the fields of one"}
        step = "Indent these fields below a name of your choice, such as `main:`."
        found.append(about.problem(rules.WRONG_TYPE, (section,), step, **values))
    unique = {(f.rule, f.location, f.message): f for f in found}
    return sorted(unique.values(), key=lambda finding: finding.sort_key)


def _completed(data: Any) -> Any:
    """The data with what its entries mean by default; imports have completed it by now."""
    if not isinstance(data, dict):
        return data
    return {
        field: {name: KINDS[field].completed(entry) for name, entry in value.items()}
        if field in KINDS and isinstance(value, dict)
        else value
        for field, value in data.items()
    }


def _explained(error: Any, about: Explained) -> Iterator[Finding]:
    path: Path = tuple(error.absolute_path)
    field = about.field(path)
    match error.validator:
        case "additionalProperties":
            yield from _foreign(error, path, about)
        case "required":
            known = error.schema.get("properties", {})
            meant = {own for other in error.instance for own in _meant(other, path, error)}
            for name in error.validator_value:
                if name not in error.instance and name not in meant:
                    schema = known.get(name, {})
                    purpose = schema.get("description", "it is required").rstrip(".")
                    purpose = purpose[:1].lower() + purpose[1:]
                    values = {"owner": field, "field": name, "purpose": purpose}
                    at = about.place(path).of_key
                    yield rules.problem(rules.MISSING_FIELD, at, values, subject=field)
        case "oneOf" if all(list(form) == ["required"] for form in error.validator_value):
            names = {form["required"][0] for form in error.validator_value}
            if isinstance(error.instance, dict) and not any(
                own in names for other in error.instance for own in _meant(other, path, error)
            ):  # what isn't one has been reported
                yield _not_one_of(error, path, about)
        case "anyOf" | "oneOf":
            yield from _no_form(error, path, about)
        case _:
            yield _wrong(error, path, about)


def _not_one_of(error: Any, path: Path, about: Explained) -> Finding:
    """None of several fields stands, or more than one."""
    names = [form["required"][0] for form in error.validator_value]
    given = [name for name in names if name in error.instance]
    field, place = about.field(path), about.place(path)
    expected = f"a mapping with exactly one of {listed(names)}"
    values = {"field": field, "expected": expected}
    at = about.place((*path, given[1])).of_key if given else place.of_key
    step = f"Remove {either(map('`{}`'.format, given))}." if given else "Add one of them."
    return rules.problem(rules.WRONG_VALUE, at, values, subject=field, step=step)


def _no_form(error: Any, path: Path, about: Explained) -> Iterator[Finding]:
    """None of several forms fits: blame the one that was meant, else list them all."""
    value, forms = error.instance, error.validator_value
    names = set(value) if isinstance(value, dict) else set()
    meant: list[Finding] = []
    mapping = _only_mapping(forms) if isinstance(value, dict) else None
    for inner in error.context or ():
        if mapping is not None:
            if inner.schema_path[0] == mapping:
                meant += _explained(inner, about)
            continue
        form = forms[inner.schema_path[0]] if inner.schema_path else {}
        free = isinstance(form.get("additionalProperties"), dict)  # whose names are free
        if len(inner.absolute_path) > len(path) and (
            free or names & set(form.get("properties", {}))
        ):
            meant += _explained(inner, about)
    if meant:
        yield from meant
    else:
        yield _other_form(error, path, about)


def _foreign(error: Any, path: Path, about: Explained) -> Iterator[Finding]:
    """Fields that a mapping does not have, or not with this type or format."""
    known = list(error.schema.get("properties", {}))
    patterns = error.schema.get("patternProperties", ())
    form = _form_of(error, about.schema)
    for name in error.instance:
        if name in known or any(re.search(pattern, str(name)) for pattern in patterns):
            continue
        if form is None:
            found = instead.meant_field(name, path, error.instance, known)
            if found is None:
                away = elsewhere(name, path, about.schema)
                meant = None if away else closest(name, known)
                fields = ", ".join(sorted(known)) if len(known) <= MANY else "see `assay schema`"
                step = f"Write `{meant}`." if meant else f"Use one of its fields: {fields}."
                step = away or step
                if not path and meant is None and _NAME.fullmatch(name):
                    step = f"Indent `{name}` so that it stands below `variables:`."
            else:
                meant, step = found
            yield about.foreign(name, path, step, owner=about.field(path), similar=meant)
        elif name in form.fields:  # others are unknown to every form, and told above
            step = f"Remove `{name}`, or choose a {form.chosen_by} that has it."
            if path[:1] == ("variables",):
                meant = instead.meant_common(name, path, error.instance)
                step = meant or instead.typed(name, error.instance)
            yield about.foreign(name, path, step, owner=f"the {form.chosen_by} {form.name}")


class _Form(NamedTuple):
    """One of the forms that a mapping may have."""

    name: str
    chosen_by: str
    """The field that chooses the form by its name."""
    fields: Collection[str]
    """Those of all forms."""


def _form_of(error: Any, root: Mapping[str, Any]) -> _Form | None:
    """The form that a mapping was judged by; None if it has only one."""
    schema: Any = root
    listing: Collection[str] = ()
    form = None
    for step in error.absolute_schema_path:
        if isinstance(schema, dict):
            while "$ref" in schema:  # which the path leaves out, as it does `if`
                schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
            listing = schema.get("properties", listing)
        if step == "then":
            for field, condition in schema["if"].get("properties", {}).items():
                form = _Form(condition["const"], field, listing)
        elif step != "additionalProperties":
            form = None
        schema = schema[step]
    return form


def _only_mapping(forms: list[dict[str, Any]]) -> int | None:
    """The number of the one mapping among words, if it has forms or demands of its own."""
    others = [number for number, form in enumerate(forms) if "const" not in form]
    if len(others) == 1 and ("allOf" in forms[others[0]] or "required" in forms[others[0]]):
        return others[0]
    return None


def _other_form(error: Any, path: Path, about: Explained) -> Finding:
    """What would fit, if it isn't clear which form was meant."""
    value, forms = error.instance, error.validator_value
    for inner in error.context or ():
        if tuple(inner.absolute_path) == path and inner.validator in _ABOUT_VALUES:
            return _wrong(inner, path, about)
    names = [form["const"] for form in forms if "const" in form]
    many = len(names) > FEW
    words = names + [word for form in forms for word in form.get("enum", ())]
    other = _word(path, about, value, words)
    if words and (isinstance(value, str) or other is not None):
        meant = closest(str(value), words)
        short = short_forms(forms, words)
        listed, step = one_of(words), f"Use one of {', '.join(map(str, words))}."
        if len(words) > FEW:
            listed, step = named(words, str(value))
        elif short:
            listed = either(f"`{form}`" for form in (*words, *(form for form, _ in short)))
            step = f"Write `{short[0][1]}`."
        step = f"Write `{meant}`." if meant else step
        meant, step = other or (meant, step)
        return about.problem(rules.WRONG_VALUE, path, step, expected=listed, similar=meant)
    found = _other_fields(path, about, value, forms) if isinstance(value, dict) else None
    if found is not None:
        return found
    if path[-1:] == ("type",) and value is None:
        step = "Write a value type, as in `type: text`, or remove `type`."
        return about.problem(
            rules.WRONG_TYPE, path, step, expected="a value type", actual="nothing"
        )
    told = [form for form in forms if form != {"type": "null"} and not (many and "const" in form)]
    said = [one_of(names)] if many else []
    return _mistyped(path, about, either((*said, *map(form_in_words, told))), value)


def _other_fields(path: Path, about: Explained, value: Any, forms: list[Any]) -> Finding | None:
    """A mapping that fits none of several forms, if one of its fields shows that."""
    names = [form["const"] for form in forms if "const" in form]
    kind = next((item for item in value.values() if item in names), None)
    if path[:1] == ("documents",) and kind is not None:
        step = f"Write `{path[-1]}: {kind}`."
        return about.problem(rules.WRONG_VALUE, path, step, expected=one_of(names))
    known = [name for form in forms for name in form.get("properties", {})]
    wrong = next((name for name in value if name not in known), None)
    if wrong is not None and known:
        step = f"Use one of {', '.join(dict.fromkeys(known))}."
        expected, meant = one_of(known), closest(wrong, known)
        return about.problem(rules.WRONG_VALUE, path, step, expected=expected, similar=meant)
    return None


def _meant(name: str, path: Path, error: Any) -> Iterator[str]:
    """The field that a foreign one stands for."""
    known = error.schema.get("properties", {})
    if name not in known:
        found = instead.meant_field(name, path, error.instance, known)
        if found is not None:
            yield found.similar


def _wrong(error: Any, path: Path, about: Explained) -> Finding:
    value, wanted = error.instance, error.validator_value
    similar = None
    match error.validator:
        case "type":
            expected = types_in_words([wanted] if isinstance(wanted, str) else wanted)
            return _mistyped(path, about, expected, value, error.schema)
        case "const" | "enum":
            words = [w for w in (wanted if isinstance(wanted, list) else [wanted]) if w is not None]
            expected, step = one_of(words), f"Write {one_of(words)}."
            similar = closest(value, map(str, words)) if isinstance(value, str) else None
            similar, step = _word(path, about, value, words) or (similar, step)
            if path == ("assay",):
                similar, step = None, _VERSION
        case "maxProperties" if step := beside_source(value):
            expected = "a mapping with one field"
        case "format" | "pattern":
            expected, step = _form(path, error)
        case bound:
            expected, step = bound_in_words(bound, wanted, about.field(path))
    return about.problem(rules.WRONG_VALUE, path, step, expected=expected, similar=similar)


def _form(path: Path, error: Any) -> tuple[str, str]:
    """What a text must look like, and what to write."""
    value, wanted = error.instance, error.validator_value
    name, given = str(path[-1]) if path else "", example(error.schema)
    if name == "rotate-every":
        expected = "days, weeks, months or years, as in 90d, 4w, 6mo or 1y"
        return expected, interval(name, value)
    if error.validator == "format":
        step = "Write it as YYYY-MM-DD." if wanted == "date" else f"Write a {wanted}."
        return f"a {wanted}", dated(name, value) or step
    if "layout" in path:
        expected = "`ciphertext`, or a part with its length in bytes, such as `iv:12`"
        return expected, "Write `iv:12`, `tag:16` or `ciphertext`, as the application joins them."
    step = f"Write it like `{given}`." if given else f"Write it in the form {wanted}."
    return f"of the form {wanted}", step


_VERSION = "Write `assay: 1`, without quotes and decimals."
_ANY: dict[str, Any] = {}


def _mistyped(
    path: Path, about: Explained, expected: str, value: Any, schema: Mapping[str, Any] = _ANY
) -> Finding:
    within = glued(str(path[-1])) if path else ""
    if within:
        step = f"Put a space after the first colon, as in `{within}: ...`."
        reason, at = f"a space is missing after `{within}:`", about.place(path).of_key
        return rules.problem(rules.NOT_YAML, at, subject=within, reason=reason, step=step)
    step = _step(path, about, expected, value, schema)
    actual = in_words(value)
    return about.problem(rules.WRONG_TYPE, path, step, expected=expected, actual=actual)


def _step(
    path: Path, about: Explained, expected: str, value: Any, schema: Mapping[str, Any]
) -> str:
    """What to write where the type is wrong."""
    name = str(path[-1]) if path else ""
    step = f"Write {expected}."
    if name == "dotenv" and value is None:
        beside = beside_source(about.at(path[:-1]))
        step = beside or "Write the path after it, as in `dotenv: .env`."
    elif expected in ("text", "a list") and value is None:
        step = f"Write {expected}, or remove `{name}`."
    elif "a mapping" in expected:
        step = as_mapping(path, value) or step
    if step == "Write a mapping.":
        step = mapping_step(schema)
    if expected == "a list" and value is not None:
        step = instead.as_list(name, value)
    if isinstance(value, str) and "true or false" in expected:
        step = instead.as_flag(name, value) or step
    elif isinstance(value, (dict, list)) and "text" in expected:
        step = instead.as_text(path, value) or step
    elif name in ("assert", "when") and isinstance(value, bool):
        step = "Write a condition, such as `PORT > 1024`, or remove the entry."
        step = step if name == "assert" else "Remove `when`, or write a condition."
    elif isinstance(value, (int, float)) and "text" in expected:
        step = quoted_step(value, schema) or step
    return step


def _word(path: Path, about: Explained, value: Any, words: list[Any]) -> Meant | None:
    """What a word of other tools stands for, by the field that has it."""
    field = next((str(part) for part in reversed(path) if isinstance(part, str)), "")
    if path[:1] == ("documents",):
        field = "documents"
        turned = instead.turned(path, value)
        if turned is not None:
            return turned
    if "prefixes" in path:
        field = "undeclared"
    if path[:1] == ("parity",) and "variables" in path:
        field = "parity"
    if field == "type" and "enum" in words:
        return meant_type(value, about.at(path[:-1]), words)
    return instead.meant_word(field, value, words)


MANY = 20
"""Fields that a remedy lists."""
_NAME = re.compile("[A-Z][A-Z0-9_]*")
_ABOUT_VALUES = ("format", "maxProperties", "minProperties", "pattern")
"""Words of a schema whose breach shows that the alternative was the one that is meant."""
