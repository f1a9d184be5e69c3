"""Asks for values on the terminal, checks each as it is entered, and writes it at once."""

from __future__ import annotations

import getpass
import os
import warnings
from typing import TYPE_CHECKING

from assay.discretion import looks_secret
from assay.escapes import visible
from assay.files import FileTrouble, read_bytes
from assay.fixing.planning import DEMANDS, fresh, planned, setting, unset, with_edit
from assay.model import Severity
from assay.sources.dotenv_file import LARGEST
from assay.words import either, listed, plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.cli.fix_files import EditedFiles
    from assay.cli.streams import Streams
    from assay.documents.content import DocumentedVariable
    from assay.fixing.planning import Fixing, Plan


def can_ask(streams: Streams) -> bool:
    """Whether somebody sits at a terminal."""
    return streams.stdin.isatty() and streams.stderr.isatty()


def told_to_enter(
    variables: Sequence[DocumentedVariable], file: str, target: str
) -> tuple[str, str]:
    """What to say where nobody can be asked."""
    names = [variable.name for variable in variables]
    message = f"there is no terminal to ask for {plural(len(names), 'value')}: {listed(names)}"
    step = f"Run `assay fix {target} --apply` in a terminal, or set {listed(names)} in "
    return message, f"{step}{file} yourself."


def asked(fixing: Fixing, plan: Plan, edited: EditedFiles, streams: Streams) -> Plan:
    """The plan with an answer for each variable that is not set; each is written when it is good.

    An empty answer skips a variable, and the end of the input skips all that are left.
    """
    skipped: set[str] = set()
    streams.say(_HOW)
    while True:
        waiting = unset(fixing, plan.judged.report)
        name = next((name for name in waiting if name not in skipped), None)
        if name is None:
            return plan
        variable = waiting[name][0]
        _introduce(variable, streams)
        try:
            better = _answered(variable, fixing, plan, streams)
        except EOFError:
            streams.say("")
            return plan
        except KeyboardInterrupt:
            streams.say("\n  what you entered is saved: run this again to continue")
            raise
        if better is None:
            skipped.add(name)
            continue
        edited.write(better.texts)
        plan = planned(fixing, better.texts)  # an answer may demand a secret that can be made
        for edit in plan.edits:
            streams.say(f"  {edited.named(edit.path)}: {edit.told}")
        edited.write(plan.texts)


_HOW = "Each answer is checked, then written. Press Enter to skip one, Ctrl-C to stop."


def _introduce(variable: DocumentedVariable, streams: Streams) -> None:
    kind = f"{variable.title}{', secret' if variable.secret else ''}"
    lines = [f"\n{variable.name}: {kind}", variable.description]
    if variable.obtain:
        lines.append(f"get it here: {variable.obtain}")
    if variable.options:
        lines.append(f"one of {either(variable.options)}")
    elif variable.example or variable.sample:
        lines.append(f"for example {variable.example or variable.sample}")
    streams.say("\n  ".join(visible(line) if at else line for at, line in _numbered(lines)))


def _numbered(lines: Sequence[str]) -> list[tuple[int, str]]:
    return [(at, line) for at, line in enumerate(lines) if line]


def _answered(
    variable: DocumentedVariable, fixing: Fixing, plan: Plan, streams: Streams
) -> Plan | None:
    """The plan with a good answer; None if the variable is skipped."""
    while answer := _entered(variable, streams):
        if variable.declared.hides(answer) or looks_secret(answer):
            streams.masker.learn(answer)
        told = f"set {variable.name} to the answer"
        edits = setting(fixing, plan.texts, variable, answer, told)
        made = (with_edit(fixing, plan, edit) for edit in edits)
        better = next((one for one in made if one is not None), None)
        if better is None:
            refusal = f"{fixing.target} can't hold this value: enter a different one"
            streams.say(f"  {visible(refusal)}")
            continue
        found = [one for one in fresh(plan, better) if one.rule not in DEMANDS]
        for message, remedy in dict.fromkeys((one.message, one.remedy) for one in found):
            streams.say(f"  {visible(message)}\n  help: {visible(remedy)}")
        if not any(one.severity is Severity.ERROR and one.kind != "rule" for one in found):
            return better
    return None


def _entered(variable: DocumentedVariable, streams: Streams) -> str:
    """What somebody enters, or the text of the file that they name, such as a key in PEM.

    Raises:
        EOFError: the input has ended.

    """
    while True:
        try:
            answer = _typed(variable, streams)
            answer.encode()
        except UnicodeError:
            streams.say("  this is not valid UTF-8: enter it again")
            continue
        if not answer or not variable.declared.format.keeps_space:
            return answer
        content = read_bytes(os.path.expanduser(answer), limit=LARGEST, inside=None)
        if not isinstance(content, FileTrouble):
            return content.decode("utf-8", "replace").replace("\r\n", "\n").rstrip("\n")
        streams.say(f"  {visible(answer)} can't be read: {content.reason}")


def _typed(variable: DocumentedVariable, streams: Streams) -> str:
    """A line without the blanks around it; a secret is not shown."""
    if variable.declared.format.keeps_space:
        return _line("  path of the file that contains it: ", streams)
    if not variable.secret:
        return _line("  value: ", streams)
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            return getpass.getpass("  value (hidden): ").strip()
        except getpass.GetPassWarning:
            streams.say("  this terminal would show what is entered: set it in the file yourself")
            raise EOFError from None


def _line(prompt: str, streams: Streams) -> str:
    streams.stderr.write(prompt)
    streams.stderr.flush()
    line = streams.stdin.readline()
    if not line:
        raise EOFError
    return line.strip()
