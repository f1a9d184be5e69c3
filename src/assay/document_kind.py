"""What every kind of document is: parameters, what its template may tell, a template."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar

import msgspec
from msgspec import Meta

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from assay.spec.document import Spec


class Parameters(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"
):
    """What a spec may say of any document."""

    title: Annotated[str, Meta(description="A heading that replaces the default one.")] = ""
    environment: Annotated[
        str | None,
        Meta(
            description="The environment that it is for; all by default.",
            examples=["development"],
        ),
    ] = None
    groups: Annotated[
        tuple[str, ...],
        Meta(description="Include only these groups of variables.", examples=[["Supabase"]]),
    ] = ()
    only: Annotated[
        tuple[str, ...],
        Meta(
            description="Include only these variables; `*` matches any text.",
            examples=[["NEXT_PUBLIC_*"]],
        ),
    ] = ()
    template: Annotated[
        str | None,
        Meta(
            description="Your own template in `specs/templates`, which replaces assay's.",
            examples=["onboarding.md.j2"],
        ),
    ] = None

    def chooses(self, name: str, group: str, only_in: Collection[str] = ()) -> bool:
        """Whether a document covers something, by its name, its group and its environments."""
        if self.groups and group not in self.groups:
            return False
        if self.only and not any(fnmatchcase(name, pattern) for pattern in self.only):
            return False
        return self.environment is None or not only_in or self.environment in only_in


P = TypeVar("P", bound=Parameters)


class DeclaredDocument(msgspec.Struct, frozen=True, kw_only=True):
    """One document that a spec declares: its kind, and what it says of it."""

    kind: str
    parameters: Parameters


class DocumentKind(msgspec.Struct, Generic[P], frozen=True, kw_only=True):
    """A kind of document. `P` is what a spec may say of one."""

    name: str
    doc: str
    """The module's docstring: what the document is for."""
    parameters: type[P]
    values: Callable[[Spec, P], Mapping[str, Any]]
    """What the template may tell, beside what every template may; pure, and free of secrets."""
    template: str
    """The template below `templates/documents`, which a project may replace."""
    source: str = ""
    """The template's text, if it does not come with assay."""
    filters: Mapping[str, Callable[..., Any]] = {}
    """What the template may call beside Jinja's own filters."""
    path: str
    """A customary path, for examples and for the choice of how comments look."""

    @property
    def markdown(self) -> bool:
        """Whether it is Markdown."""
        return self.path.endswith(".md")
