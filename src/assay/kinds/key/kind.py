"""A key, which the application derives from a variable, fits its cipher and is the right one.

The variable is checked first, and a key whose variable is missing or damaged is skipped. The check
of the key explains the rest: how else the text could be read, and what Node would make of it. Only
the first fault is reported, not those that follow from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from assay.crypto import DerivingProblem, derived
from assay.crypto.ciphers import BARE, STRUCTURED, TEXTS
from assay.crypto.decodings import only_hex
from assay.crypto.deriving import decoded
from assay.crypto.recipes import Derivation
from assay.crypto.strength import guessable, too_little_hex, weakness
from assay.facts import Facts, Query, State, Value
from assay.hygiene import strength
from assay.kind import Check, CheckId, Kind, NotApplicable, Subject, deferred
from assay.kinds import conditions, revealing
from assay.kinds.fields import filled
from assay.kinds.key import rules
from assay.kinds.key.lint import lint
from assay.kinds.key.reading import by_type, explained
from assay.kinds.key.spec import Key, parse_key
from assay.kinds.variable.making import strength_matters
from assay.wordlike import worded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from assay.document_kind import Parameters
    from assay.kinds.key.proof import Proof
    from assay.kinds.variable.spec import Declared
    from assay.model import Violation
    from assay.spec.document import Spec


class ToldKey(msgspec.Struct, frozen=True, kw_only=True):
    """An encryption key."""

    name: str
    variable: str
    description: str
    cipher: str
    obtain: str
    previous: tuple[str, ...]
    """The variables with earlier keys."""
    rotate_every: str


def tell(spec: Spec, parameters: Parameters) -> dict[str, Any]:
    """The keys of the variables that a document covers."""
    keys = {name: entry.declared for name, entry in spec.entries(Key).items()}
    chosen = {name: spec.variables[key.variable].declared.variable for name, key in keys.items()}
    return {
        "keys": [
            filled(ToldKey, keys[name], name=name)
            for name, variable in chosen.items()
            if not spec.variables[keys[name].variable].declared.unused
            and parameters.chooses(keys[name].variable, variable.group, variable.only_in)
        ]
    }


class Used(Subject[Key], frozen=True, kw_only=True):
    """What one check of this kind holds: a key, and the variable that is looked at."""

    variable: str


def checks(spec: Spec, environment: str) -> Iterator[Check[Used]]:
    """One check for each key, and one for each variable with an earlier key."""
    for name, entry in spec.entries(Key).items():
        key = entry.declared
        for variable in key.variables:
            if spec.variables[variable].declared.unused:
                continue
            yield Check(
                kind=KIND,
                subject=name if variable == key.variable else f"{name}/{variable}",
                environment=environment,
                model=Used(
                    name=name, declared=key, variable=variable, environment=environment, spec=spec
                ),
                location=entry.location,
                group=key.group or spec.variables[variable].declared.variable.group,
                also=(name, variable),
                requires=tuple(
                    CheckId("variable", environment, required)
                    for required in (variable, *key.references)
                ),
            )


def needs(model: Used) -> Iterator[Query[Any]]:
    """The variables with its keys and its salts."""
    when = model.spec.variables[model.variable].declared.variable.when
    asked = () if when is None else conditions.accepted(when, model.spec).names
    for name in (*model.declared.variables, *model.declared.references, *asked):
        yield Value(model.environment, name)


def evaluate(model: Used, facts: Facts) -> Iterator[Violation]:
    """Whether the variable makes a key that the cipher takes, the right one, and a strong one."""
    setting = facts[Value(model.environment, model.variable)]
    text = setting.text
    if text is None:
        words = "empty" if setting.state is State.EMPTY else "not set"
        raise NotApplicable(f"{model.variable} is {words}")
    declared: Declared = model.spec.variables[model.variable].declared
    when = declared.variable.when
    if (
        when is not None
        and conditions.holds(when, model.spec, model.environment, facts) is not True
    ):
        raise NotApplicable(f"the condition `when: {when}` of {model.variable} is false here")
    if model.declared.prefix:
        revealing.ensure_no_copy("prefix", setting, model.spec)
    if model.declared.sealed:
        asked = {name: facts[Value(model.environment, name)] for name in model.declared.variables}
        how = f"{model.declared.cipher} {model.declared.encoding} {model.declared.derive!r}"
        answers = (f"{how} {one!r}" for one in model.declared.sealed)
        revealing.ensure_few_answers(asked, answers, model.spec, facts.guesses)
    if not declared.format.encoding and any(declared.format.violations(text)):
        raise NotApplicable(f"{model.variable} is malformed")
    values = {"name": model.variable, "key": model.name, "environment": model.environment}
    for violation in _first_fault(model, text, facts):
        filled = violation.with_values(**values)
        yield msgspec.structs.replace(filled, at=setting.location, holder=model.variable)


def _first_fault(model: Used, text: str, facts: Facts) -> Iterator[Violation]:
    """The violation of the first stage that has any."""
    key = model.declared
    salts = {name: facts[Value(model.environment, name)].text for name in key.references}
    made = derived(key, text, salts)
    declared: Declared = model.spec.variables[model.variable].declared
    if _unpadded(key, text):
        yield rules.PADDING.violated(declared=key.encoding)
        return
    if isinstance(made, DerivingProblem):
        proof = _proof(model, text, b"", facts, salts)
        mistyped = None if proof is None else proof.mistyped()
        yield from explained(key, text, made, declared.format) if mistyped is None else [mistyped]
        return
    faults = list(declared.format.violations(text))  # such as of a padding that is forbidden
    if not faults and key.encoding in STRUCTURED:
        faults = list(by_type(key, text.removeprefix(key.prefix), declared.format))
    proof = None if faults else _proof(model, text, made, facts, salts)
    if proof is not None:
        faults += proof.faults()
    if faults or strength_matters(model.spec, model.environment):
        yield from faults or _weak(key, model.variable, text)


def _proof(
    model: Used, text: str, made: bytes, facts: Facts, salts: Mapping[str, str | None]
) -> Proof | None:
    """What shows whether it is the right key; None if nothing does."""
    key = model.declared
    if model.variable != key.variable or not (key.sealed or key.check_value):
        return None
    from assay.kinds.key.proof import Proof  # what opens and seals takes long to import

    others = {name: facts[Value(model.environment, name)].text for name in key.previous}
    return Proof(key, model.variable, text, made, model.environment, others, salts)


def _unpadded(key: Key, text: str) -> bool:
    """Whether Fernet refuses a key in base64url, which others take without its = sign."""
    return (
        (key.cipher, key.encoding, key.derive, key.decoder)
        == ("fernet", "base64url", "none", "strict")
    ) and not text.endswith("=")


def _weak(key: Key, name: str, text: str) -> Iterator[Violation]:
    """Why the key can be guessed, if it can."""
    raw = decoded(key, text)
    body = text[len(key.prefix) :]
    if isinstance(raw, DerivingProblem) or (
        key.encoding in STRUCTURED and raw.startswith(b"private key")
    ):
        return  # the value types know which private keys are too small, and were asked
    reason = weakness(key, raw)
    if not reason and key.encoding not in BARE | STRUCTURED:
        known = next(iter(strength.weakness(body, name=name)), None)
        if known is not None:
            reason = known.values.get("reason", "").removeprefix("it ")
            reason = reason or "is too short or too regular for a secret"
        elif guessable(body):
            reason = "is a passphrase that a dictionary attack finds"
        elif _used_bare(key) and worded(body):
            reason = "is a passphrase, and no key derivation slows guessing down"
    if reason:
        yield rules.WEAK.violated(reason=reason)
    elif key.encoding != "hex" and only_hex(body) and too_little_hex(key, body):
        yield rules.HEX_AS_TEXT.violated(declared=key.encoding)


def _used_bare(key: Key) -> bool:
    """Whether the text itself becomes the key, cut or filled up at most."""
    if key.cipher in TEXTS:
        return False  # how it is stretched is the format's affair
    derive = key.derive
    return derive == "none" or (isinstance(derive, Derivation) and derive.fit is not None)


def shape() -> dict[str, Any]:
    """The JSON Schema of a key, the fields that every key has first."""
    from assay.kinds.envelopes import REFERENCE
    from assay.spec.structs import shape_of

    made = shape_of(Key)
    fields = made["properties"]
    fields["sealed"]["items"]["properties"]["envelope"] = REFERENCE
    first = ("variable", "description", "cipher", "encoding")
    made["properties"] = {name: fields[name] for name in dict.fromkeys((*first, *fields))}
    return {"title": "key", **made}


KIND: Kind[Used] = Kind(
    name="key",
    section=Key.section,
    rules=rules.rule.made,
    doc=__doc__ or "",
    compared_by=("parity",),
    fields=Key,
    parse=parse_key,
    shape=shape,
    cells=deferred("assay.kinds.key.cells:cells"),
    tell=tell,
    lint=lint,
    checks=checks,
    needs=needs,
    evaluate=evaluate,
)
