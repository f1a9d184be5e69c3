"""Registries: the names that a spec may use, and the objects they stand for.

A registry is an explicit dict, so that everything there is can be grepped. Iterating, counting and
asking for a name import nothing; an object's module is imported when the object is first needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

import msgspec

from assay.suggest import hint

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")
S = TypeVar("S", bound=msgspec.Struct)


class Registry(Mapping[str, T], Generic[T]):
    """Names in alphabetical order, each with the `module:attribute` of an object of type `T`."""

    def __init__(self, package: str, places: Mapping[str, str]) -> None:
        """`places` are relative to `package`."""
        self.package = package
        self.places = places

    def __getitem__(self, name: str) -> T:
        """The object called `name`; KeyError if there is none."""
        module, _, attribute = self.places[name].partition(":")
        return cast("T", getattr(import_module(f"{self.package}.{module}"), attribute))

    def __iter__(self) -> Iterator[str]:
        """The names."""
        return iter(self.places)

    def __len__(self) -> int:
        """How many names there are."""
        return len(self.places)

    def __contains__(self, name: object) -> bool:
        """Whether there is an object called `name`."""
        return name in self.places

    def hint(self, name: str) -> str:
        """`: did you mean X?` with a similar name, or an empty text."""
        return hint(name, self)

    def chosen(self, data: Any) -> dict[str, Any]:
        """What YAML data chooses: `NAME`, or `{NAME: PARAMETERS}` with one name or more.

        Raises:
            msgspec.ValidationError: the data has neither shape, or a name is unknown.

        """
        given = {data: None} if isinstance(data, str) else data
        if not isinstance(given, dict) or not given or not all(name in self for name in given):
            raise msgspec.ValidationError("not a known name")
        return given


class StructRegistry(Registry[type[S]], Generic[S]):
    """A registry of struct classes. A spec chooses one by its name, or its name with parameters."""

    def __init__(
        self, package: str, places: Mapping[str, str], *, tag: str = "", default: str | None = None
    ) -> None:
        """`tag` is the field that holds the name in a mapping, `default` the name if it's absent.

        Without a tag, the name is the only key of the mapping, and the parameters are its value.
        """
        super().__init__(package, places)
        self.tag = tag
        self.default = default

    def parse(self, data: Any) -> S:
        """The struct that YAML data declares: `NAME`, `{tag: NAME, ...}` or `{NAME: PARAMETERS}`.

        Raises:
            msgspec.ValidationError: the data has none of these shapes, or a name is unknown.

        """
        if not self.tag:
            one, *more = self.chosen(data).items()
            if more:
                raise msgspec.ValidationError("more than one name")
            return self.make(*one)
        fields: Any = {self.tag: data} if isinstance(data, str) else data
        name: Any = fields.get(self.tag, self.default) if isinstance(fields, dict) else None
        if not isinstance(name, str):
            raise msgspec.ValidationError("not a name with parameters")
        return self.make(name, fields)

    def make(self, name: str, parameters: Any = None) -> S:
        """The struct called `name` with these parameters.

        A text stands for the parameter that the class calls its `short` one.

        Raises:
            msgspec.ValidationError: the name is unknown, or a parameter is wrong.

        """
        if name not in self:
            raise msgspec.ValidationError("not a known name")
        made = self[name]
        short = getattr(made, "short", "")
        if isinstance(parameters, str) and short:
            parameters = {short: parameters}
        return msgspec.convert({} if parameters is None else parameters, made)
