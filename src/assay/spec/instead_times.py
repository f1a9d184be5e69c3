"""The date or interval to write instead of what other tools and people write."""

from __future__ import annotations

import re
from typing import Any

_DATE = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")


def dated(name: str, value: Any) -> str:
    """A date as a spec has it; empty if it isn't one, or is ambiguous."""
    found = _DATE.fullmatch(str(value))
    if str(value).lower() in ("never", "none", "no", "false"):
        return f"Remove `{name}`: without it there is no end."
    if re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)):
        year, month, day = value.split("-")
        if day <= "12" < month:
            return f"Write the month before the day: `{name}: {year}-{day}-{month}`."
        return f"Write a day that the calendar has: month {month} has no day {day}."
    if found is None:
        return ""
    first, second, year = map(int, found.groups())
    if first <= 12 < second or "/" in str(value):
        first, second = second, first
    if not (1 <= first <= 31 and 1 <= second <= 12):
        return ""
    return f"Write it as YYYY-MM-DD: `{name}: {year}-{second:02}-{first:02}`."


def interval(name: str, value: Any) -> str:
    """An interval as a spec has it."""
    found = re.fullmatch(r"(\d{1,4})?\s*([a-z]+)", str(value).strip().lower())
    words = {"daily": "1d", "weekly": "7d", "monthly": "1mo", "quarterly": "3mo", "yearly": "1y"}
    words |= {"annually": "1y", "annual": "1y"}
    if isinstance(value, int):
        return f"Write `{name}: {value}d` for days."
    if str(value).lower() in words:
        return f"Write `{name}: {words[str(value).lower()]}`."
    if found is None or found[1] is None:
        return f"Write it like `{name}: 90d`."
    unit = next((own for own in ("mo", "d", "w", "y") if found[2].startswith(own)), "")
    if found[2] == "m":
        return f"Write `{name}: {found[1]}mo` for months."
    return f"Write `{name}: {found[1]}{unit}`." if unit else f"Write it like `{name}: 90d`."
