"""Judges conditions and rules that were compiled to trees. It imports nothing, as `judge` does."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

_ON_TEXT: "Mapping[str, Callable[[str, str], bool]]" = {
    "is": str.__eq__,
    "contains": str.__contains__,
    "endsWith": str.endswith,
    "startsWith": str.startswith,
}


def truth(
    tree: "Any",
    values: "Mapping[str, str]",
    defaults: "Mapping[str, str]",
    whole: bool = True,
) -> "bool | None":
    """As in CEL: what is unset is neither true nor false, and `&&` and `||` absorb it.

    If `values` are not the `whole` environment, nothing is known of the others.
    """
    operator = tree[0]
    if operator in _ON_TEXT:
        name, text = tree[1], tree[2]
        if not whole and name not in values:
            return None
        value = values.get(name) or defaults.get(name)
        if value is None:
            if name not in values:
                return None
            value = ""
        return _ON_TEXT[operator](value, text)
    if operator in ("set", "filled"):
        there = tree[1] in values and (operator == "set" or values[tree[1]] != "")
        return True if there else False if whole else None
    if operator == "not":
        inner = truth(tree[1], values, defaults, whole)
        return None if inner is None else not inner
    if operator == "constant":
        return bool(tree[1])
    left = truth(tree[1], values, defaults, whole)
    right = truth(tree[2], values, defaults, whole)
    if operator == "same":
        return None if left is None or right is None else left is right
    decisive = operator == "or"
    if left is decisive or right is decisive:
        return decisive
    return None if left is None or right is None else not decisive


def rules_hold(
    table: "Mapping[str, Any]", values: "Mapping[str, str]", merged: "Mapping[str, str] | None"
) -> bool:
    """Whether no rule is certain or likely to be broken by what a file sets.

    A rule that other files violate is reported for those, and one that reads variables of unknown
    sources isn't reported at all; the engine does the same.
    """
    defaults = table["defaults"]
    for names, when, assertion, good_unset in table["rules"]:
        here = not names.isdisjoint(values)
        if merged is None:
            if here and not _sure(when, assertion, values, defaults):
                return False
        elif names.isdisjoint(merged):
            if not good_unset:
                return False
        elif here:
            if when is None or assertion is None:
                return False
            applies = truth(when, merged, defaults) is True
            if applies and truth(assertion, merged, defaults) is False:
                return False
    return True


def _sure(
    when: "Any", assertion: "Any", values: "Mapping[str, str]", defaults: "Mapping[str, str]"
) -> bool:
    """Whether a rule is not broken, whatever the variables are that other sources set."""
    if when is not None and truth(when, values, defaults, whole=False) is False:
        return True
    return assertion is not None and truth(assertion, values, defaults, whole=False) is True
