"""What every value type is: parameters, rules, a judgement, an example."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import msgspec

from assay.model import Rule, Violation

if TYPE_CHECKING:
    from assay.hygiene.sounds import Sound

Presence = Literal["allowed", "required", "forbidden"]
Permission = Literal["allowed", "forbidden"]
Several = Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]

_ANY: frozenset[Sound] = frozenset(("text", "address", "webhook", "number", "salt"))


class Format(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    rename="kebab",
    tag_field="type",
):
    """A value type. A subclass's tag is its name in specs, its fields are its parameters.

    Subclasses are pure: they look at text, never at the world. No violation that they yield may
    hold the value, a part of it or its length: whether a value may be shown is not theirs to know.
    """

    title: ClassVar[str]
    """What a value is, with its article, as in "a port number"."""
    rules: ClassVar[tuple[Rule, ...]] = ()
    """The rules that `violations` can yield; their messages may use `{name}`."""
    arbitrary: ClassVar[bool] = False
    """Whether values may be any text or bytes, so that only a variable's name shows whether it is
    secret."""
    cel: ClassVar[str] = "string"
    """The CEL type that conditions see: string, int, double, bool or list."""
    screened: ClassVar[tuple[object, ...] | None] = None
    """What `screen` gives, unless a type makes it of its parameters."""
    # what follows is not annotated, since msgspec evaluates the annotations of each type in use
    secret_by_type = False
    """Whether values are secret, unless `sensitive` decides by the parameters."""
    read_as = "text"
    """What programs make of a value by their language's own means: text, integer, number, boolean
    or list.

    A `boolean` has the parameters `truthy` and `falsy`, a `list` has `separator` and `trim`.
    """
    free = False
    """Whether any text is good, so that nothing but the parameters says what a value is like."""
    closed = False
    """Whether good values are a few fixed words; an option called `None` is then no stand-in."""
    never_secret = False
    """Whether no value is secret unless the name says so; `assay init` may copy harmless ones."""
    public = False
    """Whether anybody may see values, whatever the name says, as with certificates."""
    standard = False
    """Whether values come from standard lists or calendars, so that one can be an example."""
    chosen_by_people = False
    """Whether people make up secrets of this type, so that their strength is judged.

    Tokens and keys that a service or a program issues are random anyway.
    """
    encoding = ""
    """How bytes are written if values are bytes: hex, base64 or base64url. The kind `key` explains
    what is wrong with those."""
    keeps_space = False
    """Whether a value may end with a newline of its own."""
    keeps_quotes = False
    """Whether a value may be a text within quotes of its own."""
    sample: ClassVar[str] = ""
    """The value that `example` gives, unless a type makes one of its parameters."""
    example_is_reserved = False
    """Whether `example` belongs to nobody, as `example.com`, so that no live value equals it."""
    looks_like = ""
    """A regular expression for the start of values that hardly any other type has.

    `assay init` tries this type on such values; the type whose expression matches more of a value
    is tried first.
    """
    value_pattern = ""
    """An ECMAScript pattern that every good value matches, for JSON Schemas; with `^` and `$`."""
    named_like = ""
    """A regular expression for a variable's name. `assay init` tries this type if it matches."""
    begins_like = ""
    """A regular expression for the start of values; `assay init` asks for both."""

    @classmethod
    def tag(cls) -> str:
        """The type's name in specs."""
        return str(cls.__struct_config__.tag)

    @property
    def sensitive(self) -> bool:
        """Whether values are secret even if the spec does not say `secret: true`."""
        return self.secret_by_type

    @property
    def left_to_names(self) -> frozenset[Sound]:
        """The kinds of secret that a value may be, as a variable's name then shows.

        None for a type that says itself what its values are: `TOKEN: {type: boolean}` isn't one.
        """
        return _ANY if self.arbitrary else frozenset()

    def problems(self) -> Iterator[tuple[str, str]]:
        """What is wrong with the parameters: a field's name in kebab case, and a sentence.

        The loader of specs asks this once; the other methods may assume that there was nothing.
        """
        yield from ()

    def violations(self, value: str) -> Iterator[Violation]:
        """What is wrong with a non-empty value; nothing if it is valid."""
        raise NotImplementedError  # pragma: no cover

    def of_secret(self, violation: Violation) -> Violation:
        """One of its violations by a secret, without what only a public value's may tell."""
        return violation

    def references(self) -> tuple[str, ...]:
        """The names of other variables that the judgement of a value needs."""
        return ()

    def violations_with(self, value: str, others: Mapping[str, str]) -> Iterator[Violation]:
        """What is wrong with a value beside the variables that `references` names.

        Called only if all of those are readable, and in addition to `violations`. A fault of the
        value alone, or of a different variable alone, is not reported again.
        """
        del value, others
        yield from ()

    def exemptions(self) -> tuple[str, ...]:
        """The names of variables beside which a value may have a different form."""
        return ()

    def exempted(self, others: Mapping[str, str]) -> bool:
        """Whether those that are set, of the variables that `exemptions` names, say so."""
        del others
        return False

    def hosts_in(self, value: str) -> tuple[str, ...]:
        """The hosts that a good value names, unless the spec says that any place is right."""
        del value
        return ()

    def interpret(self, value: str) -> object:
        """The value as conditions see it, of the type that `cel` names; for good values only."""
        return value

    def every(self) -> tuple[object, ...]:
        """All that `interpret` can return; nothing if that has no end."""
        return ()

    def spellings(self) -> tuple[str, ...]:
        """All texts that are good, exactly as they must be written; nothing if that has no end."""
        return ()

    def value_schema(self) -> dict[str, Any]:
        """Keywords of a JSON Schema that every good value meets; others may meet them too.

        Only types that are `closed` may list values: the schema of a secret leaves those out.
        """
        return {"pattern": self.value_pattern} if self.value_pattern else {}

    def command(self) -> str:
        """A shell command that prints a good secret; empty if there is none."""
        return ""

    def example(self) -> str:
        """A good value for documents; the same each time, never a usable secret."""
        return self.sample

    def generate(self) -> str | None:
        """A fresh good value from the system's random source; None if none can be made."""
        return None

    def screen(self) -> tuple[object, ...] | None:
        """A cheap test for the screen that accepts good values only, or None if there is none.

        It may refuse good values, which costs time only; it must never accept a value that
        `violations` would complain of. The forms, all of which accept ASCII only but the first two,
        and `match`:

        - `("any",)`; `("length", least, most or None)` in characters
        - `("chars", allowed, least, most or None)`: every character is one of `allowed`
        - `("one-of", (text, ...))`
        - `("integer", least or None, most or None)`: fewer than 19 digits after an optional minus
        - `("match", pattern)`: RE2 matches the whole value
        - `("host",)`: labels of 1 to 63 `[A-Za-z0-9-]` joined by dots, no outer hyphens, at most
          253 in all; the last label is not a number unless the whole is a dotted IPv4 address of
          four numbers up to 255 without leading zeros
        - `("url", schemes)`: a lower-case scheme of those, `://`, a host as above, optionally a
          port from 1 to 65535 without leading zeros, then nothing, or one of `/?#` and characters
          of `A-Za-z0-9-._~/?=&+,:@#`, at most one of them `#`
        - `("email",)`: at most 64 of `[A-Za-z0-9._+-]` without outer or double dots, `@`, and a
          host as above with a dot in it that is not an address; at most 254 in all
        - `("uuid", versions)`: 8-4-4-4-12 lower-case hex digits of RFC 9562, of one of the
          versions, each a digit
        - `("quantity", units)`: one to nine digits and one of the units
        - `("connection", schemes, path, needed, (domains, safe))`: one of the schemes, `://`,
          optionally credentials of `A-Za-z0-9._~:-` and `@`, a host as above (no port after a
          scheme that ends in `+srv`), optionally a port, a path of `A-Za-z0-9_-` that is
          `segments`, one `segment`, a `number` of at most five digits, or `nothing`, not empty if
          it is needed, and optionally `?` and `A-Za-z0-9_.=&-`; no placeholder for a password; in
          one of the domains only with one of the safe schemes, without an option for TLS, and with
          a dot in a user's name at a pooler
        - `("base64", bytes or None)`: the standard alphabet, padded, with unused bits zero
        """
        return self.screened


def any_case(texts: Iterable[str]) -> str:
    """An ECMAScript pattern, which has no flags, for some ASCII texts in upper or lower case."""
    return f"(?:{'|'.join(''.join(map(_either, text)) for text in texts)})"


def _either(char: str) -> str:
    if char.isalpha():
        return f"[{char.lower()}{char.upper()}]"
    return f"\\{char}" if char in "\\^$.*+?()[]{}|/" else char  # others may not be escaped there
