"""Explains a variable: where it is declared, and what each of its sources holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.cli.explained import Explanation
from assay.cli.project import allowed_by, run_of
from assay.discretion import discreet
from assay.facts import State, Unobservable, Value
from assay.redacted import BULLETS
from assay.reporters.display import cut, visible
from assay.spec.flow import pair
from assay.spec.loader import read_merged

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from assay.cli.streams import Streams
    from assay.facts import Setting
    from assay.kinds.variable.spec import Declared
    from assay.spec.document import Spec

_VALUES = ("default", "example")
_LONGEST = 120
_STATES = {
    State.MISSING: "not set",
    State.EMPTY: "set, but empty",
    State.UNREADABLE: "set, but can't be read back",
    State.DIGEST: "set; only its digest can be read",
    State.DENIED: "reading it is not permitted",
}


def of_variable(
    name: str, spec: Spec, arguments: argparse.Namespace, streams: Streams
) -> Explanation:
    """A declared variable as the checks see it."""
    declared: Declared = spec.variables[name].declared
    described = declared.variable.description
    lines = [("what", discreet(described))] if described else []
    places = list(_declarations(declared, arguments))
    lines += _labelled(
        "declared", [f"{place}: {said or 'required, of type text'}" for place, said in places]
    )
    if len(places) > 1:
        lines.append(("", "What stands first wins, field by field; the rest is imported."))
    lines.append(("needed", discreet(_needed(declared))))
    held = {
        environment: list(_held(declared, environment, spec, streams))
        for environment in spec.environments
    }
    for environment, sources in held.items():
        lines += [("", ""), *_labelled(f"in {environment}", [text for text, _ in sources])]
    note = f"{'secret ' if declared.secret else ''}variable, {declared.format.tag()}"
    data = {
        "variable": discreet(name),
        "type": declared.format.tag(),
        "secret": declared.secret,
        "declared": [{"place": place, "fields": said} for place, said in places],
        "environments": {env: [text for text, _ in some] for env, some in held.items()},
    }
    return Explanation(discreet(name), note, lines, data)


def _labelled(label: str, texts: list[str]) -> Iterator[tuple[str, str]]:
    for number, text in enumerate(texts):
        yield "" if number else label, text


def _declarations(declared: Declared, arguments: argparse.Namespace) -> Iterator[tuple[str, str]]:
    """Each place that declares it with what it says there; the one that wins first."""
    if arguments.spec == "-":
        return
    name = declared.name
    merger = read_merged(arguments.spec, allowed=allowed_by(arguments))
    own = sorted(merger.sources, key=lambda source: source.name.startswith("builtin:"))
    for source in own:
        section = source.data.get("variables")
        if isinstance(section, dict) and name in section:
            fields = section[name] or {}
            hidden = _VALUES if declared.secret else ()
            said = ", ".join(
                field if field in hidden else pair(field, value) for field, value in fields.items()
            )
            yield str(source.location("variables", name).start), discreet(said)


def _needed(declared: Declared) -> str:
    """Whether it must be set, in words."""
    variable = declared.variable
    needed = f"if `{variable.required}`"
    if isinstance(variable.required, bool):
        needed = "always" if variable.required else "no"
    if variable.default is not None:
        default = "default" if declared.secret else pair("default", variable.default)
        needed = f"no: unset means `{default}`"
    if variable.when is not None:
        needed += f", and looked at only if `{variable.when}`"
    return needed


def _held(
    declared: Declared, environment: str, spec: Spec, streams: Streams
) -> Iterator[tuple[str, bool]]:
    """What each source of an environment holds, and whether that is the value that counts."""
    sources = spec.environments[environment].values
    found: list[tuple[str, Setting | Unobservable]] = []
    for source in sources:
        alone = spec.with_sources({environment: (source,)})
        with run_of(alone, streams) as made:
            found.append((source.label, made.ask(Value(environment, declared.name))))
    last = max((n for n, (_, s) in enumerate(found) if _is_set(s)), default=-1)
    for number, (label, setting) in enumerate(found):
        wins = " (this one counts)" if number == last and len(found) > 1 else ""
        yield discreet(f"{_shown(declared, label, setting)}{wins}"), number == last


def _is_set(setting: Setting | Unobservable) -> bool:
    return not isinstance(setting, Unobservable) and setting.state is not State.MISSING


def _shown(declared: Declared, label: str, setting: Setting | Unobservable) -> str:
    """What a source holds, without a secret."""
    if isinstance(setting, Unobservable):
        named = setting.reason.startswith(label)
        return setting.reason if named else f"{label}: can't be read: {setting.reason}"
    text = setting.text
    if text is None:
        return f"{label}: {_STATES.get(setting.state, 'not set')}"
    shown = BULLETS if declared.hides(text) else cut(visible(text), _LONGEST)
    where = f", line {setting.location.line}" if setting.location and setting.location.line else ""
    bad = " (malformed)" if any(declared.format.violations(text)) else ""
    return f"{label}: {shown}{bad}{where}"
