"""The environment variables of the running process."""

from __future__ import annotations

from typing import ClassVar

from assay.facts import Setting, State, Variables
from assay.sources.base import Source, SourceContent, World


class ProcessEnvironment(Source, frozen=True, kw_only=True):
    """The variables that assay itself was started with."""

    exhaustive: ClassVar[bool] = False

    @property
    def label(self) -> str:
        """How messages name it."""
        return "the process environment"

    def read(self, world: World) -> SourceContent:
        """Every variable of the process, unless they are withheld."""
        if world.withheld is not None:
            hidden = Setting(state=State.DENIED, source=self.label, detail=" with --untrusted")
            return SourceContent(settings=dict.fromkeys(world.withheld, hidden), withheld=True)
        return SourceContent(
            settings={
                name: Setting(
                    state=State.READABLE if secret.reveal() else State.EMPTY,
                    value=secret,
                    source=self.label,
                )
                for name, secret in Variables.of(world.process).secrets.items()
            }
        )
