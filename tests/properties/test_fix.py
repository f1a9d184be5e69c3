"""`assay fix` changes only what it names, is done after one run, and shows no secret."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.project import Project
from tests.properties import canaries
from tests.properties.leaks.neighbours import neighbours
from tests.properties.leaks.planted import Planted
from tests.properties.leaks.values import canary, values

from assay import dotenv
from assay.cli import fix
from assay.fixing import planning, showing
from assay.fixing.planning import Plan, planned
from assay.redaction import Masker

if TYPE_CHECKING:
    from collections.abc import Callable

FAULTS = (
    "{name}='{value} '",
    '{name}=" {value}"  # {other}',
    "{name}='\"{value}\"'",
    "{name}Y={value}",
    "export {name}Y='{value}' # {other}",
    "{name}={value}\n# {other}\n{name}={value}",
    "{name}={value}\n{name}={other}",
    "{name}={value}#{other}",
    "{name}=pa$word{value}",
    "{name}=\u201c{value}\u201d",
    "{name}='{name}={value}'",
    "{name}='{value}\\n'",
    "{name}=changeme",
    "{name}=",
    "{name} = {value}",
    "{name}: {value}",
    "{name}=${{{name}Y}}{value}",
    "# {name}={other}",
    "{name}='{value}",
    "{name}",
)
"""Lines that people write, with what may be wrong with them."""


def faults(rng: Random) -> Planted:
    """Secrets in a file with many faults, for one loader or several."""
    names = ("API_TOKEN", "DB_PASSWORD", "SESSION_SECRET", "SIGNING_KEY")
    kinds = ({"secret": True}, {"secret": True, "required": False}, {"type": "hex", "bytes": 16})
    secrets = [canary(rng, wordy=False) for _ in range(2 * len(names))]
    source = {
        "path": ".env",
        "dialect": rng.choice(dotenv.DIALECTS),
        "also-read-by": [other for other in dotenv.DIALECTS if rng.random() < 0.2],
    }
    data = {
        "assay": 1,
        "variables": {
            **{name: {**rng.choice(kinds), "secret": True} for name in names},
            "PORT": {"type": "port", "default": 80},
        },
        "undeclared": rng.choice(["ignore", "warn"]),
        "environments": {"dev": {"values": [{"dotenv": source}]}},
    }
    lines = [rng.choice(["PORT=80", "PORT=", "PROT=80", "PORT=99999", ""])]
    for name, value, other in zip(names, secrets[::2], secrets[1::2], strict=True):
        lines.append(rng.choice(FAULTS).format(name=name, value=value, other=other))
    rng.shuffle(lines)
    text = rng.choice(["\n", "\r\n"]).join(lines) + rng.choice(["", "\n"])
    if rng.random() < 0.1:
        text = f"\ufeff{text}"
    return Planted(spec=json.dumps(data).encode(), files={".env": text.encode()}, secrets=secrets)


MAKERS: dict[str, Callable[[Random], Planted]] = {
    "faults": faults,
    "neighbours": neighbours,
    "values": values,
}


@pytest.mark.parametrize("maker", MAKERS)
@settings(phases=[Phase.reuse, Phase.generate], max_examples=max(20, settings().max_examples // 3))
@given(st.integers(0, 2**32 - 1))
def test_nothing_changes_but_what_is_named_and_no_secret_shows(maker, seed):
    planted = MAKERS[maker](Random(seed))
    plans: list[Plan] = []

    def noted(*how: Any, **more: Any) -> Plan:
        plans.append(planned(*how, **more))
        return plans[-1]

    with Project.temporary() as project, pytest.MonkeyPatch.context() as patched:
        patched.setattr(Masker, "mask", lambda _, text: text)  # nothing depends on the last masker
        patched.setattr(fix, "planned", noted)
        planted.lay(project)
        file = project.folder / ".env"
        before = file.read_bytes()
        ran = [project.run("fix", "dev"), project.run("fix", ".env", "--defaults")]
        assert file.read_bytes() == before
        ran.append(project.run("fix", "dev", "--apply"))
        after = file.read_bytes()
        ran.append(project.run("fix", "dev", "--apply"))
        assert file.read_bytes() == after
    said = "".join(one.said for one in ran)
    assert "a bug in assay" not in said
    assert canaries.found(planted.secrets, said) == []
    assert [word for word in planted.words if word in said] == []
    if after != before:
        named = {name for edit in plans[2].edits for name in edit.wanted}
        assert changed(planted, before, after) <= named


def changed(planted: Planted, before: bytes, after: bytes) -> set[str]:
    """The names that one of the file's loaders reads differently after a change."""
    environments = json.loads(planted.spec or b"{}")["environments"].values()
    sources = [source["dotenv"] for one in environments for source in one["values"][:1]]
    dialects = {d for s in sources for d in (s["dialect"], *s.get("also-read-by", ()))}
    found = set()
    for dialect in dialects:
        old, new = (dotenv.parse(text, dialect).values for text in (before, after))
        found |= {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    return found


def noticed() -> bool:
    """Whether one of many seeds fails."""
    inner = test_nothing_changes_but_what_is_named_and_no_secret_shows.hypothesis.inner_test
    try:
        for seed in range(60):
            inner("faults", seed)
    except AssertionError:
        return True
    return False


def test_this_suite_would_notice_if_edits_were_not_proved(monkeypatch):
    monkeypatch.setattr(planning, "proved", lambda *_: True)
    monkeypatch.setattr(planning, "fresh", lambda *_: [])
    assert noticed()


def test_this_suite_would_notice_if_the_diff_showed_whole_lines(monkeypatch):
    monkeypatch.setattr(showing, "_assignment", lambda _, entries: entries[0].raw)
    assert noticed()
