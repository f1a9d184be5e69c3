"""Days, points in time and spans of time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from assay.formats.base import Format
from assay.formats.ranges import Ranged, out_of_range
from assay.model import Rule, Violation

DATE_MALFORMED = Rule(
    code="date-malformed",
    message="{name} is not a date: expected an existing day as YYYY-MM-DD",
    remedy="Set {name} to a day in the form YYYY-MM-DD, such as 2027-02-01.",
    why="Libraries disagree on the order of day and month in other forms.",
    bad="LAUNCH_DATE=01/02/2027",
    good="LAUNCH_DATE=2027-02-01",
)
DATE_RANGE = out_of_range("date", "day")
TIMESTAMP_MALFORMED = Rule(
    code="timestamp-malformed",
    message="{name} is not a timestamp: expected one such as 2027-02-01T09:30:00Z",
    remedy="Set {name} to a date, a T and a time with its offset (RFC 3339).",
    why="Parsers reject it, or guess what was meant.",
    bad="CUTOFF=2027-02-01 9:30",
    good="CUTOFF=2027-02-01T09:30:00+03:00",
)
TIMESTAMP_OFFSET = Rule(
    code="timestamp-offset",
    message="{name} has no UTC offset: expected Z or an offset such as +03:00 at the end",
    remedy="Append Z to {name} if the time is in UTC, otherwise the offset.",
    why="Each machine reads the time in its own time zone, so it means a different moment on each.",
    bad="CUTOFF=2027-02-01T09:30:00",
    good="CUTOFF=2027-02-01T09:30:00Z",
)
TIMESTAMP_NOT_UTC = Rule(
    code="timestamp-not-utc",
    message="{name} is not in UTC: expected Z at the end",
    remedy="Convert {name} to UTC and end it with Z.",
    why="The application compares timestamps as text and ignores their offsets.",
)
DURATION_MALFORMED = Rule(
    code="duration-malformed",
    message="{name} is not a duration: expected {expected}",
    remedy="Set {name} to {expected}.",
    why="Parsers reject it, or assume a unit: 30 can be seconds or milliseconds.",
    bad="TIMEOUT=30 sec.",
    good="TIMEOUT=30s",
)
DURATION_UNIT = Rule(
    code="duration-unit-missing",
    message="{name} is a number without a unit: expected {expected}",
    remedy="Append the unit to {name}: ms, s, m, h, d or w.",
    why="A bare number means seconds to one library and milliseconds to the next.",
    bad="TIMEOUT=30",
    good="TIMEOUT=30s",
)
DURATION_RANGE = out_of_range("duration", "duration")

_PLAIN_DAY = "[12][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
"""The days that every month has."""
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]([0-9]{2}:[0-9]{2}:)([0-9]{2})(\.[0-9]{1,9})?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})?"
)
_UNITS = {
    "ns": 1e-9,
    "us": 1e-6,
    "µs": 1e-6,
    "ms": 1e-3,
    "s": 1.0,
    "m": 60.0,
    "h": 3600.0,
    "d": 86400.0,
    "w": 604800.0,
}
_STEP = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,9})?)(ns|us|µs|ms|s|m|h|d|w)")
_STEPS = re.compile(f"(?:{_STEP.pattern})+")
_NUMBER = r"(?:([0-9]{1,12}(?:\.[0-9]{1,9})?)"
_ISO = re.compile(
    rf"P{_NUMBER}Y)?{_NUMBER}M)?{_NUMBER}W)?{_NUMBER}D)?(?:T{_NUMBER}H)?{_NUMBER}M)?{_NUMBER}S)?)?"
)
_ISO_SECONDS = (31536000.0, 2592000.0, 604800.0, 86400.0, 3600.0, 60.0, 1.0)
"""A year counts as 365 days and a month as 30 where lengths are compared."""

Style = Literal["units", "iso8601", "seconds"]
_STYLES: dict[Style, str] = {
    "units": "a number and a unit such as 30s, 15m or 1h30m",
    "iso8601": "an ISO 8601 form such as PT30S",
    "seconds": "a number of seconds",
}


class Date(Ranged, frozen=True, kw_only=True, tag="date"):
    """A day of the Gregorian calendar (ISO 8601, RFC 3339's full-date)."""

    title = "a date"
    value_pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
    standard = True
    sample = "2027-02-01"
    screened: ClassVar[tuple[object, ...] | None] = ("match", _PLAIN_DAY)
    limit = "a date: expected YYYY-MM-DD"
    beyond = "after"
    spans: ClassVar[tuple[str, str, str]] = ("from {0}", "up to {1}", "from {0} up to {1}")
    named_like = r"(?:^|_)(?:DATE|DAY|SINCE|UNTIL)$"
    begins_like = r"\d{4}-"
    rules: ClassVar[tuple[Rule, ...]] = (DATE_MALFORMED, DATE_RANGE)

    minimum: Annotated[
        str | None, Meta(description="The first day allowed.", examples=["2026-01-01"])
    ] = None
    maximum: Annotated[
        str | None, Meta(description="The last day allowed.", examples=["2027-12-31"])
    ] = None

    def measure(self, text: str) -> date | None:
        try:
            return date.fromisoformat(text) if _DATE.fullmatch(text) else None
        except ValueError:
            return None


class Timestamp(Format, frozen=True, kw_only=True, tag="timestamp"):
    """A point in time (RFC 3339's date-time)."""

    title = "a timestamp"
    sample = "2027-02-01T09:30:00Z"
    screened: ClassVar[tuple[object, ...] | None] = (
        "match",
        rf"{_PLAIN_DAY}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{{1,6}})?Z",
    )
    named_like = r"(?:^|_)(?:AT|TIMESTAMP|SINCE|UNTIL)$"
    begins_like = r"\d{4}-"
    rules: ClassVar[tuple[Rule, ...]] = (TIMESTAMP_MALFORMED, TIMESTAMP_OFFSET, TIMESTAMP_NOT_UTC)

    offset: Annotated[
        Literal["required", "allowed", "utc"],
        Meta(description="Whether the offset from UTC is needed, or must be UTC itself."),
    ] = "required"

    def violations(self, value: str) -> Iterator[Violation]:
        found = _TIME.fullmatch(value)
        if found is None or not _exists(value, found):
            yield TIMESTAMP_MALFORMED.violated()
        elif found[4] is None:
            if self.offset != "allowed":
                yield TIMESTAMP_OFFSET.violated()
        elif self.offset == "utc" and found[4].lower() != "z":
            yield TIMESTAMP_NOT_UTC.violated()


class Duration(Ranged, frozen=True, kw_only=True, tag="duration"):
    """A span of time, as in 30s, 1h30m or PT30S."""

    title = "a duration"
    standard = True
    beyond = "longer than"
    spans: ClassVar[tuple[str, str, str]] = (
        "{0} or longer",
        "{1} or shorter",
        "{0} or longer and {1} or shorter",
    )
    named_like = (
        r"(?:^|_)(?:TIMEOUT|TTL|INTERVAL|EXPIRY|EXPIRES|EXPIRES_IN|EXPIRATION"
        r"|MAX_AGE|DELAY|PERIOD)$"
    )
    begins_like = r"(?:\d+[a-z]+)+$|P"
    rules: ClassVar[tuple[Rule, ...]] = (DURATION_MALFORMED, DURATION_UNIT, DURATION_RANGE)

    styles: Annotated[
        tuple[Style, ...],
        Meta(
            description="How the application reads durations: numbers with units (ms, s, m, h,"
            " d, w), ISO 8601 (a year as 365 days, a month as 30), or a bare number of seconds.",
            min_length=1,
        ),
    ] = ("units", "iso8601")
    minimum: Annotated[
        str | None, Meta(description="The shortest duration allowed.", examples=["1s"])
    ] = None
    maximum: Annotated[
        str | None, Meta(description="The longest duration allowed.", examples=["1h"])
    ] = None

    def a_limit(self) -> str:
        return f"a duration: expected {self._expected()}"

    def measure(self, text: str) -> float | None:
        return seconds(text, self.styles)

    def malformed(self, value: str) -> Violation:
        """A bare number is told apart."""
        bare = seconds(value, ("seconds",)) is not None
        return (DURATION_UNIT if bare else DURATION_MALFORMED).violated(expected=self._expected())

    def _expected(self) -> str:
        return ", or ".join(_STYLES[style] for style in self.styles)

    def example(self) -> str:
        usual = {"units": "30s", "iso8601": "PT30S", "seconds": "30"}
        return self.minimum or self.maximum or usual[self.styles[0]]

    def screen(self) -> tuple[object, ...] | None:
        if self.minimum or self.maximum or self.styles == ("iso8601",):
            return None
        if "units" not in self.styles:
            return ("chars", "0123456789", 1, 12)
        return ("quantity", ("ms", "s", "m", "h", "d", "w"))


def seconds(text: str, styles: tuple[Style, ...]) -> float | None:
    """The length of a duration in seconds; None if it is in none of the styles."""
    if "seconds" in styles and re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,9})?", text):
        return float(text)
    if "iso8601" in styles and text.startswith("P"):
        found = _ISO.fullmatch(text)
        parts = found.groups() if found and not text.endswith("T") else ()
        if any(parts):
            pairs = zip(parts, _ISO_SECONDS, strict=True)
            return sum(float(part) * unit for part, unit in pairs if part)
    return _with_units(text) if "units" in styles else None


def _with_units(text: str) -> float | None:
    if not _STEPS.fullmatch(text):
        return None
    return sum(float(number) * _UNITS[unit] for number, unit in _STEP.findall(text))


def _exists(value: str, found: re.Match[str]) -> bool:
    # RFC 3339 allows the second 60 for leap seconds; datetime does not.
    second = "59" if found[2] == "60" else found[2]
    offset = (found[4] or "Z").upper().replace("Z", "+00:00")
    try:
        datetime.fromisoformat(f"{value[:10]}T{found[1]}{second}{offset}")
    except ValueError:
        return False
    return True
