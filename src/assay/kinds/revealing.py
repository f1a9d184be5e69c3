"""What a condition would give away of a secret: flaws of the spec, and copies met in a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from assay.facts import Facts, Unobservable, Unobserved, Value
from assay.hygiene.sounds import sounds_secret
from assay.kind import Flaw
from assay.spec.revealing_rules import REVEALING
from assay.spec.syntax import place

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from assay.facts import Guesses, Setting
    from assay.kinds.variable.spec import Declared
    from assay.spec.document import Spec
    from assay.spec.expressions import Condition
    from assay.spec.revealing import Look

    Path = tuple[str | int, ...]

MOST_LENGTHS = 4
"""Lengths that the conditions of a spec may compare a secret's with: enough for bounds, and too few
to find out how long it is."""
MOST_OTHERS = 16
"""Variables that the conditions of a spec may compare a secret with: enough to hold that no two
secrets are the same, and too few to try all values of a PIN."""


def flaws(path: Path, condition: Condition, spec: Spec, *, in_rule: bool) -> Iterator[Flaw]:
    """At most one flaw for each secret, at its place in the text."""
    if not any(is_secret(name, spec) for name in condition.read):
        return
    from assay.spec.revealing import Scope, looks

    scope = Scope(lambda name: is_secret(name, spec), lambda name: _is_given(name, spec))
    told: set[str] = set()
    for look in looks(spec.conditions.tree(condition), scope):
        if look.name not in told and not _is_one_of_few(look, spec.conditions.questions):
            told.add(look.name)
            has_size = spec.variables[look.name].declared.format.cel in ("string", "list")
            advice = look.sort if has_size else "number"
            values = {"name": look.name, "what": _WHAT[look.sort].format(other=look.other)}
            values["advice"] = f"{advice}-in-rule" if in_rule else advice
            spot = (*place(condition.text, look.at), len(look.name))
            yield Flaw(REVEALING, path, values, spot)


def ensure_blind(condition: Condition, spec: Spec, environment: str, facts: Facts) -> None:
    """Refuse to look into a copy of a secret, under whatever name a file has put it.

    Raises `Unobserved`.
    """
    settings = {name: facts[Value(environment, name)] for name in condition.read}
    if not any(is_secret(name, spec) or settings[name].borrowed for name in settings):
        return
    from assay.spec.revealing import Scope, looks

    tree = spec.conditions.tree(condition)
    for look in looks(tree, Scope(spec.variables.__contains__, lambda _: False)):
        if look.sort == "equal" and look.other in spec.variables:
            names = (look.name, look.other)
            compared = {(environment, name): facts[Value(environment, name)] for name in names}
            ensure_few_guesses(compared, spec, facts.guesses)
    copies = {
        name: source
        for name, setting in settings.items()
        if not is_secret(name, spec) and (source := copied(setting, spec))
    }
    scope = Scope(copies.__contains__, lambda name: _is_given(name, spec))
    for look in looks(tree, scope):
        if not _is_one_of_few(look, facts.guesses):
            source = copies[look.name]
            reason = f"its condition examines {look.name}, which gets the value of {source} from"
            more = "; if everyone may know only the answer, add `reveals: true` to the rule"
            reason += " the process, and that may be a secret"
            raise Unobserved(_unobservable(reason, source, spec, more))


def chosen(declared: Declared) -> str:
    """The parameter of a type with which a spec asks of a value what it likes; mostly empty."""
    form = declared.format
    names = form.__struct_encode_fields__
    # `msgspec.structs.fields` takes far longer
    required = [msgspec.NODEFAULT] * (len(names) - len(form.__struct_defaults__))
    defaults = (*required, *form.__struct_defaults__)
    for field, name, default in zip(form.__struct_fields__, names, defaults, strict=True):
        if field in _ASKING and getattr(form, field) != default:
            return name
    return ""


_ASKING = frozenset(
    (
        *("audience", "bytes", "claims", "falsy", "issuer", "max_items", "max_length", "maximum"),
        *("min_items", "min_length", "minimum", "of", "options", "pattern", "prefix", "schema"),
        *("separator", "truthy"),
    )
)
"""Parameters that compare with what the spec gives; others choose among forms that are known."""


def ensure_no_copy(field: str, setting: Setting, spec: Spec) -> None:
    """Refuse to ask a copy of a secret what a field of the spec asks, such as `pattern`.

    Files may hold any number of copies, each beside other text, so that one question is many.
    Raises `Unobserved`.
    """
    if source := copied(setting, spec):
        reason = f"a file takes its value from {source} of the process, which may be a secret, and "
        reason += f"`{field}` would reveal part of it"
        raise Unobserved(_unobservable(reason, source, spec))


def ensure_few_copies(setting: Setting, declared: Declared, spec: Spec, guesses: Guesses) -> None:
    """Refuse to ask of a secret of the process, by copies in files, more than a few things.

    Each copy may stand beside other text, and its type or example then asks something else.
    Raises `Unobserved`.
    """
    for source in setting.borrowed:
        if _keeps(source, spec):
            question = f"{declared.format!r}\0{declared.example}\0{setting.text}"
            if not guesses.allow((source, "copy"), [question], MOST_OTHERS):
                reason = f"files copy {source} of the process into more than {MOST_OTHERS} values"
                reason += ", and together their types could reveal it"
                raise Unobserved(_unobservable(reason, source, spec))


def ensure_few_guesses(
    settings: Mapping[tuple[str, str], Setting], spec: Spec, counted: Guesses
) -> None:
    """Refuse to compare a secret of the process with more than a few values of files in one run.

    `settings` are those that are compared, by environment and name. Raises `Unobserved`.
    """
    guesses = [
        setting.text
        for setting in settings.values()
        if setting.in_project and setting.text is not None and not copied(setting, spec)
    ]
    named = ((name, setting) for (_, name), setting in settings.items())
    if source := _guessed_too_often(named, "guess", guesses, spec, counted):
        reason = f"files contain more than {MOST_OTHERS} values to compare {source} of the process"
        reason += " with, and one of them could be a right guess"
        remedy = "Check fewer environments at once, or compare it with fewer variables."
        raise Unobserved(Unobservable(reason=reason, remedy=remedy))


def ensure_few_answers(
    settings: Mapping[str, Setting], answers: Iterable[str], spec: Spec, guesses: Guesses
) -> None:
    """Refuse to try keys of the process with more than a few known answers: each may be a guess.

    Raises `Unobserved`.
    """
    if source := _guessed_too_often(settings.items(), "sealed", tuple(answers), spec, guesses):
        reason = f"the spec gives more than {MOST_OTHERS} `sealed` texts for {source} of the"
        reason += " process, and each could be a guess"
        remedy = f"Keep at most {MOST_OTHERS} of them; one is enough to prove a key."
        raise Unobserved(Unobservable(reason=reason, remedy=remedy))


def _guessed_too_often(
    settings: Iterable[tuple[str, Setting]],
    sort: str,
    guesses: Collection[str],
    spec: Spec,
    counted: Guesses,
) -> str:
    """The secret of the process that these guesses may find out; mostly empty."""
    for name, setting in settings:
        source = copied(setting, spec) if setting.in_project else name
        kept = setting.text is not None and _keeps(source, spec)
        if kept and not counted.allow((source, sort), guesses, MOST_OTHERS):
            return source
    return ""


def _keeps(source: str, spec: Spec) -> bool:
    """Whether a name of the process is secret: as declared, else as it sounds."""
    return is_secret(source, spec) or (source not in spec.variables and sounds_secret(source))


_PLAIN = frozenset(("HOME", "HOSTNAME", "LANG", "LOGNAME", "PATH", "PWD", "SHELL", "USER"))
"""Names that systems set, and that no spec declares."""


def copied(setting: Setting, spec: Spec) -> str:
    """The name of the process, of what may be a secret, that a value is made of; mostly empty."""
    return next(
        (
            name
            for name in setting.borrowed
            if is_secret(name, spec) or (name not in spec.variables and name not in _PLAIN)
        ),
        "",
    )


def _unobservable(reason: str, source: str, spec: Spec, more: str = "") -> Unobservable:
    how = " with `secret: false`" if source in spec.variables else ""
    remedy = f"If everyone may see {source}, declare it under `variables` of the spec{how}{more}."
    return Unobservable(reason=reason, remedy=remedy)


def is_secret(name: str, spec: Spec) -> bool:
    """Whether nobody may see the value of a name that a condition reads."""
    return name in spec.variables and bool(spec.variables[name].declared.secret)


def _is_given(name: str, spec: Spec) -> bool:
    """Whether the spec itself may give a name's value, so that comparing with it is guessing."""
    if name not in spec.variables:
        return True  # the name of the environment, or whether it is live
    return spec.variables[name].declared.default is not None


def _is_one_of_few(look: Look, asked: Guesses) -> bool:
    """Whether a condition may ask this, as one of a few such questions about the secret."""
    few = {"bound": (str(look.length), MOST_LENGTHS), "equal": (look.other, MOST_OTHERS)}
    if look.sort not in few:
        return False
    question, most = few[look.sort]
    return asked.allow((look.name, look.sort), [question], most)


_WHAT = {
    "bound": f"its length, with more than {MOST_LENGTHS} bounds",
    "content": "part of its value",
    "equal": f"whether it equals one of more than {MOST_OTHERS} variables",
    "given": "whether it equals {other}, whose value is in the spec",
    "length": "its exact length",
}
"""What a look gives away."""
