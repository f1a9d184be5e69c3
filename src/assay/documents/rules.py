"""Rules in words: their templates as a person reads them."""

from __future__ import annotations


class _Named(dict[str, str]):
    """Fills a template with the names of its own fields."""

    def __missing__(self, key: str) -> str:
        return "" if key in ("hint", "how", "instead") else f"<{key}>"


def plain(template: str) -> str:
    """A rule's template as a person reads it, `<name>` where a value will stand."""
    if template == "{step}":
        return "Each finding says what to do, for it differs from case to case."
    return template.format_map(_Named())
