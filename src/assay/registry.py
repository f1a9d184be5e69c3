"""Registries: the names that a spec may use, and the objects they stand for.

A registry is an explicit dict, so that everything there is can be grepped. Iterating, counting and
asking for a name import nothing; an object's module is imported when the object is first needed.

Plug-ins add names, for the specs that ask for them: see `using`.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar, cast

import msgspec

from assay.suggest import hint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")
S = TypeVar("S", bound=msgspec.Struct)
P = ParamSpec("P")


class Plugin(msgspec.Struct, frozen=True):
    """An installed package that adds names to registries."""

    name: str
    """The name of its distribution."""
    version: str
    entries: tuple[tuple[str, str, str], ...]
    """Registry, name, and the `module:attribute` of the object."""

    def places(self, group: str) -> dict[str, str]:
        """Its names in one registry, each with the `module:attribute` of the object."""
        return {name: place for own, name, place in self.entries if own == group}

    @property
    def packages(self) -> frozenset[str]:
        """The packages that its objects are in."""
        return frozenset(place.partition(":")[0].partition(".")[0] for *_, place in self.entries)


class PluginError(Exception):
    """A plug-in can't be used. `reason` holds nothing but names and places in code."""

    def __init__(self, plugin: Plugin, reason: str) -> None:
        self.plugin = plugin
        self.reason = reason
        super().__init__(reason)


_USED: ContextVar[tuple[Plugin, ...]] = ContextVar("plugins", default=())


def used() -> tuple[Plugin, ...]:
    """The plug-ins whose names the current thread or task sees."""
    return _USED.get()


@contextmanager
def using(plugins: Iterable[Plugin]) -> Iterator[None]:
    """Let registries have the names of these plug-ins, and of no others.

    Other threads and tasks, and whoever comes after, don't see them.
    """
    token = _USED.set(tuple(plugins))
    try:
        yield
    finally:
        _USED.reset(token)


def use(plugins: Iterable[Plugin]) -> None:
    """Let registries have the names of these plug-ins from now on, for a command of its own."""
    _USED.set(tuple(plugins))


def cached(make: Callable[P, T]) -> Callable[P, T]:
    """`functools.cache` for what is made of registries: once for each set of plug-ins."""

    @cache
    def known(_plugins: tuple[Plugin, ...], *args: Any) -> T:
        return make(*args)  # type: ignore[call-arg]  # `found` has seen to them

    def found(*args: P.args, **named: P.kwargs) -> T:
        return known(used(), *args, *named.values())

    return found


class Registry(Mapping[str, T], Generic[T]):
    """Names in alphabetical order, each with the `module:attribute` of an object of type `T`."""

    def __init__(
        self, package: str, places: Mapping[str, str], *, group: str, base: str = ""
    ) -> None:
        """`places` are relative to `package`; `base` is the `module:type` of the objects, if any.

        `group` is what plug-ins call the registry.
        """
        self.package = package
        self.places = places
        self.group = group
        self.base = base

    def __getitem__(self, name: str) -> T:
        """The object called `name`; KeyError if there is none.

        Raises:
            PluginError: it is a plug-in's, and can't be imported or isn't what it should be.

        """
        if name in self.places:
            return cast("T", _attribute(f"{self.package}.{self.places[name]}"))
        for plugin in used():
            place = plugin.places(self.group).get(name)
            if place is not None:
                return self._brought(plugin, name, place)
        raise KeyError(name)

    def _brought(self, plugin: Plugin, name: str, place: str) -> T:
        """A plug-in's object."""
        try:
            found = _attribute(place)
        except (Exception, SystemExit) as error:
            where = f"importing {place} for {self.group}.{name} failed with {described(error)}"
            raise PluginError(plugin, where) from error
        wrong = self._wrong(name, found)
        if wrong:
            raise PluginError(plugin, f"{self.group}.{name} is {place}, which {wrong}")
        return cast("T", found)

    def _wrong(self, name: str, found: Any) -> str:
        """Why an object can't be what it is registered as; empty if it can."""
        if not self.base:
            return "" if callable(found) else "isn't a function"
        wanted = _attribute(self.base)
        if not isinstance(found, wanted):
            return f"isn't a {wanted.__name__}"
        own = getattr(found, "section", name)
        return "" if own == name else f"calls its section {own}"

    def __iter__(self) -> Iterator[str]:
        """The names."""
        more = [name for plugin in used() for name in plugin.places(self.group)]
        return iter(sorted((*self.places, *more)) if more else self.places)

    def __len__(self) -> int:
        """How many names there are."""
        return sum(1 for _ in self)

    def __contains__(self, name: object) -> bool:
        """Whether there is an object called `name`."""
        return name in self.places or any(name in one.places(self.group) for one in used())

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

    def __init__(  # noqa: PLR0913 - each is independent of the others
        self,
        package: str,
        places: Mapping[str, str],
        *,
        group: str,
        base: str,
        tag: str = "",
        default: str | None = None,
    ) -> None:
        """`tag` is the field that holds the name in a mapping, `default` the name if it's absent.

        Without a tag, the name is the only key of the mapping, and the parameters are its value.
        """
        super().__init__(package, places, group=group, base=base)
        self.tag = tag
        self.default = default

    def _wrong(self, name: str, found: Any) -> str:
        wanted = _attribute(self.base)
        if not isinstance(found, type) or not issubclass(found, wanted):
            return f"isn't a subclass of {wanted.__name__}"
        own = cast("type[msgspec.Struct]", found).__struct_config__.tag if self.tag else name
        return "" if own == name else f"has the tag {own}"

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


def _attribute(place: str) -> Any:
    module, _, attribute = place.partition(":")
    return getattr(import_module(module), attribute)


def described(error: BaseException) -> str:
    """An error by its type and the line that raised it; its message may quote a secret."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(error).__name__
    file = trace.tb_frame.f_code.co_filename.replace("\\", "/").rpartition("/")[2]
    return f"{type(error).__name__} at {file}:{trace.tb_lineno}"


def blamed(error: BaseException, concerned: object = None) -> Plugin | None:
    """The plug-in in whose code an error arose, of those that are used; none for errors of ours.

    An error that arose with an object of a plug-in is the plug-in's too.
    """
    from assay.errors import AssayError

    if isinstance(error, PluginError):
        return error.plugin
    if not used() or isinstance(error, AssayError):
        return None
    packages = {type(concerned).__module__.partition(".")[0]}
    trace = error.__traceback__
    while trace is not None:
        packages.add(str(trace.tb_frame.f_globals.get("__name__", "")).partition(".")[0])
        trace = trace.tb_next
    return next((one for one in used() if one.packages & packages), None)


def failure(plugin: Plugin, error: BaseException) -> tuple[str, str]:
    """A reason and a remedy for what a plug-in left undone."""
    reason = error.reason if isinstance(error, PluginError) else f"failed with {described(error)}"
    return (
        f"the plug-in {plugin.name} {plugin.version} {reason}",
        f"Report this to the authors of {plugin.name}, with the line above.",
    )
