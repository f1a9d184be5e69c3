"""Days, points in time and spans of time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Annotated, Literal

from msgspec import Meta

from assay.formats.base import Format
from assay.model import Rule, Violation

DATE_MALFORMED = Rule(
    code="date-malformed",
    message="{name} is not a date: expected an existing day as YYYY-MM-DD",
    remedy="Set {name} to a day in the form YYYY-MM-DD, such as 2027-02-01.",
    why="Libraries disagree on the order of day and month in other forms.",
    bad="LAUNCH_DATE=01/02/2027",
    good="LAUNCH_DATE=2027-02-01",
)
DATE_RANGE = Rule(
    code="date-out-of-range",
    message="{name} is out of range: expected a day {expected}",
    remedy="Set {name} to a day {expected}.",
    why="The application works only with days in the declared range.",
)
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
DURATION_RANGE = Rule(
    code="duration-out-of-range",
    message="{name} is out of range: expected a duration {expected}",
    remedy="Set {name} to a duration {expected}.",
    why="The application works only with durations in the declared range.",
)

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


class Date(Format, frozen=True, kw_only=True, tag="date"):
    """A day of the Gregorian calendar (ISO 8601, RFC 3339's full-date)."""

    title = "a date"
    value_pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
    standard = True
    named_like = r"(?:^|_)(?:DATE|DAY|SINCE|UNTIL)$"
    begins_like = r"\d{4}-"
    rules = (DATE_MALFORMED, DATE_RANGE)

    minimum: Annotated[
        str | None, Meta(description="The first day allowed.", examples=["2026-01-01"])
    ] = None
    maximum: Annotated[
        str | None, Meta(description="The last day allowed.", examples=["2027-12-31"])
    ] = None

    def problems(self) -> Iterator[tuple[str, str]]:
        """Limits that are not valid days, or that no day can satisfy."""
        for field, text in (("minimum", self.minimum), ("maximum", self.maximum)):
            if text is not None and _date(text) is None:
                yield field, f"{field} is not a date: expected YYYY-MM-DD"
        if self.minimum and self.maximum and self.minimum > self.maximum:
            yield (
                "minimum",
                (
                    f"minimum ({self.minimum}) is after maximum ({self.maximum}), so no "
                    "value is valid"
                ),
            )

    def violations(self, value: str) -> Iterator[Violation]:
        """A day that exists, within the range."""
        if _date(value) is None:
            yield DATE_MALFORMED.violated()
        elif not (self.minimum or value) <= value <= (self.maximum or value):
            limits = (("from", self.minimum), ("up to", self.maximum))
            expected = " ".join(f"{word} {limit}" for word, limit in limits if limit)
            yield DATE_RANGE.violated(expected=expected)

    def example(self) -> str:
        """The first day allowed, else the last."""
        return self.minimum or self.maximum or "2027-02-01"

    def screen(self) -> tuple[object, ...] | None:
        """The days that every month has, if there are no limits."""
        if self.minimum or self.maximum:
            return None
        return ("match", "[12][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])")


class Timestamp(Format, frozen=True, kw_only=True, tag="timestamp"):
    """A point in time (RFC 3339's date-time)."""

    title = "a timestamp"
    sample = "2027-02-01T09:30:00Z"
    """A moment in UTC."""
    named_like = r"(?:^|_)(?:AT|TIMESTAMP|SINCE|UNTIL)$"
    begins_like = r"\d{4}-"
    rules = (TIMESTAMP_MALFORMED, TIMESTAMP_OFFSET, TIMESTAMP_NOT_UTC)

    offset: Annotated[
        Literal["required", "allowed", "utc"],
        Meta(description="Whether the offset from UTC is needed, or must be UTC itself."),
    ] = "required"

    def violations(self, value: str) -> Iterator[Violation]:
        """The form, then the offset."""
        found = _TIME.fullmatch(value)
        if found is None or not _exists(value, found):
            yield TIMESTAMP_MALFORMED.violated()
            return
        offset = found[4]
        if offset is None:
            if self.offset != "allowed":
                yield TIMESTAMP_OFFSET.violated()
        elif self.offset == "utc" and offset.lower() != "z":
            yield TIMESTAMP_NOT_UTC.violated()

    def screen(self) -> tuple[object, ...]:
        """UTC, on the days that every month has."""
        plain = (
            "[12][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
            r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?Z"
        )
        return ("match", plain)


class Duration(Format, frozen=True, kw_only=True, tag="duration"):
    """A span of time, as in 30s, 1h30m or PT30S."""

    title = "a duration"
    standard = True
    named_like = (
        r"(?:^|_)(?:TIMEOUT|TTL|INTERVAL|EXPIRY|EXPIRES|EXPIRES_IN|EXPIRATION"
        r"|MAX_AGE|DELAY|PERIOD)$"
    )
    begins_like = r"(?:\d+[a-z]+)+$|P"
    rules = (DURATION_MALFORMED, DURATION_UNIT, DURATION_RANGE)

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

    def problems(self) -> Iterator[tuple[str, str]]:
        """Limits that are not valid durations, or that no duration can satisfy."""
        low, high = self._limits()
        for field, text, limit in (("minimum", self.minimum, low), ("maximum", self.maximum, high)):
            if text is not None and limit is None:
                yield field, f"{field} is not a duration: expected {self._expected()}"
        if low is not None and high is not None and low > high:
            yield (
                "minimum",
                (
                    f"minimum ({self.minimum}) is longer than maximum ({self.maximum}), "
                    "so no value is valid"
                ),
            )

    def violations(self, value: str) -> Iterator[Violation]:
        """The form in one of the styles, then the range."""
        length = seconds(value, self.styles)
        if length is None:
            bare = seconds(value, ("seconds",)) is not None
            rule = DURATION_UNIT if bare else DURATION_MALFORMED
            yield rule.violated(expected=self._expected())
            return
        low, high = self._limits()
        if (low is not None and length < low) or (high is not None and length > high):
            limits = ((self.minimum, "or longer"), (self.maximum, "or shorter"))
            expected = " and ".join(f"{text} {side}" for text, side in limits if text is not None)
            yield DURATION_RANGE.violated(expected=expected)

    def _limits(self) -> tuple[float | None, float | None]:
        return seconds(self.minimum or "", self.styles), seconds(self.maximum or "", self.styles)

    def _expected(self) -> str:
        return ", or ".join(_STYLES[style] for style in self.styles)

    def example(self) -> str:
        """The shortest duration allowed, else the longest, else half a minute."""
        usual = {"units": "30s", "iso8601": "PT30S", "seconds": "30"}
        return self.minimum or self.maximum or usual[self.styles[0]]

    def screen(self) -> tuple[object, ...] | None:
        """One number and one unit, if there are no limits."""
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
    at, total = 0, 0.0
    while at < len(text):
        found = _STEP.match(text, at)
        if found is None:
            return None
        total += float(found[1]) * _UNITS[found[2]]
        at = found.end()
    return total if text else None


def _date(text: str) -> date | None:
    if not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _exists(value: str, found: re.Match[str]) -> bool:
    # RFC 3339 allows the second 60 for leap seconds; datetime does not.
    second = "59" if found[2] == "60" else found[2]
    offset = (found[4] or "Z").upper().replace("Z", "+00:00")
    try:
        moment = datetime.fromisoformat(f"{value[:10]}T{found[1]}{second}{offset}")
    except ValueError:
        return False
    return moment.utcoffset() is not None and abs(moment.utcoffset() or timedelta()) < timedelta(
        days=1
    )
