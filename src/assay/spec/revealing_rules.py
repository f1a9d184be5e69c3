"""The rule on conditions that reveal secrets."""

from __future__ import annotations

from assay.model import Category, Rule

_INSTEAD = {
    "bound": "Set `min-length` and `max-length` of {name} instead.",
    "content": "Give {name} a `type` or a `pattern` that checks it. A condition may use only "
    "`isSet('{name}')`, `{name} != OTHER_VARIABLE` and `size({name}) >= 32`.",
    "equal": "Compare {name} with fewer variables.",
    "given": "Compare {name} with a variable that has no `default`.",
    "length": "Use a bound, as in `size({name}) >= 32`, or set `min-length` and `max-length` of "
    "{name}.",
    "number": "Give {name} a `type` that checks it. A condition may use only `isSet('{name}')` and "
    "`{name} != OTHER_VARIABLE`.",
}
"""What to do instead of a condition that reveals something, by what it asks about."""
_ADMITTED = "If everyone may know the answer, add `reveals: true` to the rule."
REVEALING = Rule(
    code="spec-reveals-secret",
    category=Category.SPEC,
    message="{name} is secret, and this condition reveals {what}",
    remedy="Give {name} a `type` or a `pattern` that checks it. A condition may use only "
    "`isSet('{name}')`, `{name} != OTHER_VARIABLE` and `size({name}) >= 32`.",
    why="Reports show whether a condition is true. Enough conditions, each about one character, "
    "spell "
    "out the secret to everyone who can read the log.",
    bad="assert: API_KEY.startsWith('a')",
    good="assert: API_KEY != SESSION_SECRET && size(API_KEY) >= 32",
    remedies=_INSTEAD
    | {f"{case}-in-rule": f"{text} {_ADMITTED}" for case, text in _INSTEAD.items()},
)
