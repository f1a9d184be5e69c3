"""Schedules of cron, and time zones."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Iterator
from functools import cache
from typing import Annotated, ClassVar, NamedTuple

from msgspec import Meta

from assay.formats.base import Format, Permission, Presence
from assay.model import Rule, Violation

CRON_FIELDS = Rule(
    code="cron-fields",
    message="{name} has the wrong number of fields for cron: expected {expected}",
    remedy="Write {name} as {expected}, separated by spaces.",
    why="With one field too many or too few, the job runs at the wrong times or not at all.",
    bad="CLEANUP_SCHEDULE=0 3 * *",
    good="CLEANUP_SCHEDULE=0 3 * * *",
)
CRON_FIELD = Rule(
    code="cron-field-malformed",
    message="{name} has a malformed {field}: expected {low} to {high}, lists, ranges or steps",
    remedy="Correct the {field} in {name}: use {low} to {high}, lists, ranges or steps.",
    why="The scheduler rejects the entire expression, so the job never runs.",
    bad="CLEANUP_SCHEDULE=60 3 * * *",
    good="CLEANUP_SCHEDULE=59 3 * * *",
)
CRON_SHORTCUT = Rule(
    code="cron-shortcut",
    message="{name} uses a shortcut that is not allowed here: expected {expected}",
    remedy="Write {name} as {expected}.",
    why="Hosted schedulers accept only the five fields, and not every scheduler knows every "
    "shortcut.",
    bad="CLEANUP_SCHEDULE=@midnite",
    good="CLEANUP_SCHEDULE=@midnight",
)
TIMEZONE_UNKNOWN = Rule(
    code="timezone-unknown",
    message="{name} is not a time zone: expected an IANA name such as Africa/Nairobi",
    remedy="Set {name} to an area and a city in their exact case, such as Africa/Nairobi, or to "
    "UTC.",
    why="The library raises an error at startup, or silently falls back to UTC.",
    bad="TZ=Nairobi",
    good="TZ=Africa/Nairobi",
)
TIMEZONE_OFFSET = Rule(
    code="timezone-offset",
    message="{name} is an offset or an abbreviation: expected an IANA name such as Africa/Nairobi",
    remedy="Set {name} to the area and city whose time is meant; for a fixed UTC+3, use Etc/GMT-3.",
    why="An offset doesn't follow daylight saving time, and POSIX reads UTC+3 as three hours west "
    "of Greenwich.",
    bad="TZ=UTC+3",
    good="TZ=Africa/Nairobi",
)


class _Field(NamedTuple):
    name: str
    low: int
    high: int
    words: tuple[str, ...] = ()


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_FIELDS = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of the month", 1, 31),
    _Field("month", 1, 12, _MONTHS),
    _Field("day of the week", 0, 7, _DAYS),
)
_SECOND = _Field("second", 0, 59)
_SHORTCUTS = (
    *("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"),
    "@reboot",  # when cron starts, which schedulers without a machine of their own don't know
)
_FIXED = re.compile(
    r"GMT|GMT0|Greenwich|Etc/(?:GMT|GMT0|Greenwich|UCT|Universal|Zulu|GMT[+-][0-9]{1,2})"
)
"""Zones without daylight saving time whose names say so, and mean the same to every library."""
_NOT_ZONES = frozenset(("Factory", "localtime", "posixrules"))
"""What the database holds besides zones: what is used if nobody chose one."""
_FIVE = "minute, hour, day of the month, month and day of the week"


class Cron(Format, frozen=True, kw_only=True, tag="cron"):
    """A schedule in the five fields of crontab(5)."""

    title = "a cron schedule"
    screened: ClassVar[tuple[object, ...] | None] = (
        "match",
        (
            r"(?:\*|\*/[1-9]|[1-5]?[0-9]) (?:\*|\*/[1-9]|1?[0-9]|2[0-3])"
            r" (?:\*|[1-9]|[12][0-9]) (?:\*|[1-9]) (?:\*|[0-6])"
        ),
    )
    named_like = r"(?:^|_)(?:CRON|SCHEDULE)(?:_|$)"
    begins_like = r".* "
    rules: ClassVar[tuple[Rule, ...]] = (CRON_FIELDS, CRON_FIELD, CRON_SHORTCUT)

    seconds: Annotated[
        Presence, Meta(description="Whether a field for seconds may, must or must not come first.")
    ] = "forbidden"
    shortcuts: Annotated[
        Permission, Meta(description="Whether shortcuts such as @daily are allowed, and @reboot.")
    ] = "allowed"

    def violations(self, value: str) -> Iterator[Violation]:
        if value.startswith("@"):
            if self.shortcuts == "forbidden":
                yield CRON_SHORTCUT.violated(expected=self._expected())
            elif value not in _SHORTCUTS:
                yield CRON_SHORTCUT.violated(expected=", ".join(_SHORTCUTS))
            return
        texts = value.split()
        six = len(texts) == 6
        if len(texts) not in (5, 6) or self.seconds == ("forbidden" if six else "required"):
            yield CRON_FIELDS.violated(expected=self._expected())
            return
        fields = (_SECOND, *_FIELDS) if six else _FIELDS
        for field, text in zip(fields, texts, strict=True):
            if not all(_is_item(item, field) for item in text.split(",")):
                yield CRON_FIELD.violated(field=field.name, low=field.low, high=field.high)

    def _expected(self) -> str:
        fields = "six fields: second," if self.seconds == "required" else "five fields:"
        return f"{fields} {_FIVE}"

    def example(self) -> str:
        return "0 0 3 * * *" if self.seconds == "required" else "0 3 * * *"

    def screen(self) -> tuple[object, ...] | None:
        return None if self.seconds == "required" else self.screened


class Timezone(Format, frozen=True, kw_only=True, tag="timezone"):
    """A time zone of the IANA database, as in Africa/Nairobi."""

    title = "a time zone"
    screened: ClassVar[tuple[object, ...] | None] = ("one-of", ("UTC", "Etc/UTC"))
    """UTC, which needs no database."""
    sample = "Africa/Nairobi"
    standard = True
    named_like = r"(?:^|_)(?:TZ|TIMEZONE|TIME_ZONE)$"
    rules: ClassVar[tuple[Rule, ...]] = (TIMEZONE_UNKNOWN, TIMEZONE_OFFSET)

    def violations(self, value: str) -> Iterator[Violation]:
        """A name that the database knows; legacy names of offsets are told apart."""
        if value in ("UTC", "Etc/UTC") or (_FIXED.fullmatch(value) and value in zones()):
            return
        plain = value.isascii() and value.isprintable() and "/" not in value
        short = plain and value[:3].isupper() and len(value) <= 9
        if short or value.startswith("Etc/"):
            yield TIMEZONE_OFFSET.violated()
        elif value in _NOT_ZONES or (value not in zones() and zones()):
            yield TIMEZONE_UNKNOWN.violated()


@cache
def zones() -> frozenset[str]:
    """The names that this machine's database holds, read once."""
    return frozenset(zoneinfo.available_timezones())


def _is_item(item: str, field: _Field) -> bool:
    span, slash, step = item.partition("/")
    if slash and not (_digits(step) and 1 <= int(step) <= field.high):
        return False
    if span == "*" or (span == "?" and not slash and field.name.startswith("day")):
        return True
    first, hyphen, last = span.partition("-")
    low = _number(first, field)
    high = _number(last, field) if hyphen else low
    # crontab(5) takes steps only after ranges and stars, but every scheduler takes 5/15 too.
    return low is not None and high is not None and low <= high


def _number(text: str, field: _Field) -> int | None:
    if text.lower() in field.words:
        return field.words.index(text.lower()) + field.low
    if not _digits(text):
        return None
    return int(text) if field.low <= int(text) <= field.high else None


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 2
