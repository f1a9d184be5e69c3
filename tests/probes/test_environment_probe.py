"""Sources are read once, later ones win, and slow ones are read side by side with a limit."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import time
from typing import Any, ClassVar

import pytest

from assay.facts import Listing, Lost, Secret, Setting, SourceReading, State, Unobservable, Value
from assay.probes import observer
from assay.probes.environment import UNSET, EnvironmentProbe
from assay.sources.base import Source, SourceContent, World
from assay.sources.dotenv_file import DotenvFile
from assay.sources.process import ProcessEnvironment
from assay.spec.environments import Environment


class Told(Source, frozen=True, kw_only=True):
    """A source that holds what it is told, after a while."""

    slow: ClassVar[bool] = False

    name: str
    values: tuple[tuple[str, str | None], ...] = ()
    seconds: float = 0.0
    fails: bool = False

    @property
    def label(self) -> str:
        return self.name

    def read(self, world: World) -> SourceContent | Unobservable:  # noqa: ARG002 - the shape of all sources
        READ.append(self.name)
        time.sleep(self.seconds)
        if self.fails:
            return Unobservable(reason=f"{self.name} is away")
        return SourceContent(
            settings={name: setting(text, self.name) for name, text in self.values}
        )


class Slow(Told, frozen=True, kw_only=True):
    slow: ClassVar[bool] = True


class Odd(Slow, frozen=True, kw_only=True):
    def read(self, world: World) -> SourceContent | Unobservable:  # noqa: ARG002 - the shape of all sources
        raise ZeroDivisionError


READ: list[str] = []
WORLD = World(root=".", process={"PATH": "/bin", "EMPTY": ""})


def setting(text: str | None, source: str) -> Setting:
    state = State.READABLE if text else State.MISSING if text is None else State.EMPTY
    return Setting(state=state, value=None if text is None else Secret(text), source=source)


def probe(*sources: Source, patience: float = 5.0, **more: Source) -> EnvironmentProbe:
    READ.clear()
    environments = {"dev": Environment(values=sources)}
    environments |= {name: Environment(values=(source,)) for name, source in more.items()}
    return EnvironmentProbe(environments, WORLD, patience=patience)


def ask(asked: EnvironmentProbe, *queries: Any) -> list[Any]:
    answers = asked(queries)
    return [answers[query] for query in queries]


def test_each_source_is_read_once_however_often_it_is_asked():
    shared = Told(name="a", values=(("A", "1"),))
    asked = probe(shared, prod=shared)
    ask(asked, Value("dev", "A"), Value("dev", "B"), Listing("prod"))
    ask(asked, Value("prod", "A"), SourceReading("dev", 0))
    assert READ == ["a"]


def test_later_sources_win_unless_they_only_name_it():
    first = Told(name="a", values=(("A", "1"), ("B", "1"), ("C", "1"), ("D", None)))
    second = Told(name="b", values=(("A", "2"), ("B", ""), ("C", None), ("E", None)))
    asked = probe(first, second)
    a, b, c, d, e, f = ask(asked, *(Value("dev", name) for name in "ABCDEF"))
    assert (a.text, a.source) == ("2", "b")
    assert (b.state, b.source) == (State.EMPTY, "b")
    assert (c.text, c.source) == ("1", "a")
    assert d.state is State.MISSING
    assert e.state is State.MISSING
    assert f == UNSET


def test_an_unobservable_source_hides_what_no_later_one_sets():
    asked = probe(
        Told(name="a", values=(("A", "1"), ("B", "1"))),
        Told(name="b", fails=True),
        Told(name="c", values=(("B", "2"), ("C", "2"))),
    )
    earlier, later, only, never, listing, first, second = ask(
        asked,
        *(Value("dev", name) for name in "ABCD"),
        Listing("dev"),
        *(SourceReading("dev", index) for index in (0, 1)),
    )
    assert earlier == never == Lost(reason="b is away", source="b")
    assert (later.text, only.text) == ("2", "2")
    assert list(listing) == ["A", "B", "C"]
    assert first.source == "a"
    assert second == Unobservable(reason="b is away")


def test_the_last_source_that_fails_counts():
    asked = probe(
        Told(name="a", fails=True),
        Told(name="b", values=(("A", "1"),)),
        Told(name="c", fails=True),
        Told(name="d", values=(("B", "1"),)),
    )
    first, second = ask(asked, Value("dev", "A"), Value("dev", "B"))
    assert first == Lost(reason="c is away", source="c")
    assert second.text == "1"


def test_other_environments_know_what_they_know():
    asked = probe(Told(name="b", fails=True), other=Told(name="a", values=(("A", "1"),)))
    lost, known, unset = ask(asked, Value("dev", "A"), Value("other", "A"), Value("other", "B"))
    assert isinstance(lost, Lost)
    assert known.text == "1"
    assert unset == UNSET


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "x.env does not exist"),
        (b'A=1\nB="open', "x.env can't be read in full"),
        (b"A=\xff\n", "x.env can't be read in full"),
        (b"A=1\nA=2\n", ""),
    ],
)
def test_a_file_of_which_values_are_lost_hides_what_no_later_source_sets(tmp_path, content, reason):
    if content is not None:
        (tmp_path / "x.env").write_bytes(content)
    environments = {
        "dev": Environment(
            values=(
                DotenvFile(path="x.env", dialect="node20"),
                Told(name="c", values=(("B", "2"),)),
            )
        )
    }
    asked = EnvironmentProbe(environments, World(root=str(tmp_path), process={}))
    first, second = ask(asked, Value("dev", "A"), Value("dev", "B"))
    assert second.text == "2"
    assert isinstance(first, Lost) is bool(reason)
    if reason:
        assert (first.reason, first.source) == (reason, "x.env")
        assert "x.env" in first.remedy


def test_slow_sources_are_read_side_by_side():
    asked = probe(*(Slow(name=str(number), seconds=0.2) for number in range(8)))
    started = time.monotonic()
    ask(asked, Listing("dev"))
    assert time.monotonic() - started < 1.0
    assert sorted(READ) == [str(number) for number in range(8)]


def test_a_source_that_does_not_answer_in_time_is_unobservable_and_the_others_are_read():
    asked = probe(
        Slow(name="quick", values=(("A", "1"),)), Slow(name="slow", seconds=3), patience=0.2
    )
    started = time.monotonic()
    quick, slow = ask(asked, SourceReading("dev", 0), SourceReading("dev", 1))
    assert time.monotonic() - started < 1.5
    assert quick.source == "quick"
    assert slow.reason == "slow did not answer within 0.2 seconds"
    assert slow.remedy


def test_a_source_that_never_answers_does_not_keep_the_process_from_ending():
    script = """
        import time
        from assay.facts import SourceReading
        from assay.probes.environment import EnvironmentProbe
        from assay.sources.base import Source, World
        from assay.spec.environments import Environment
        class Hung(Source, frozen=True, kw_only=True):
            slow = True
            label = "hung"
            def read(self, world):
                time.sleep(600)
        world = World(root=".", process={})
        probe = EnvironmentProbe({"dev": Environment(values=(Hung(),))}, world, patience=0.1)
        query = SourceReading("dev", 0)
        print(probe([query])[query].reason)
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert done.stdout == "hung did not answer within 0.1 seconds\n", done.stderr


def test_a_bug_in_a_slow_source_is_not_swallowed():
    with pytest.raises(ZeroDivisionError):
        ask(probe(Odd(name="odd")), Listing("dev"))


def test_the_process_environment_tells_empty_from_set():
    path, empty, none = ask(
        probe(ProcessEnvironment()), *(Value("dev", name) for name in ("PATH", "EMPTY", "NONE"))
    )
    assert (path.text, path.source) == ("/bin", "the process environment")
    assert (empty.state, none.state) == (State.EMPTY, State.MISSING)


def test_an_observer_gives_each_query_to_its_own_probe():
    def values(queries):
        return dict.fromkeys(queries, "value")

    def listings(queries):
        return dict.fromkeys(queries, "listing")

    observe = observer({Value: values, Listing: listings})
    queries: list[Any] = [Value("dev", "A"), Listing("dev"), Value("dev", "B")]
    assert list(observe(queries).values()) == ["value", "value", "listing"]
    assert observe([Listing("dev")]) == {Listing("dev"): "listing"}
