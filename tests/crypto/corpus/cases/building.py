"""What all classes of cases share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.crypto.corpus.producing import App

TEXTS = (
    "CANARY-sandbox-consumer-key-4411",
    '{"consumerKey":"CANARYtZq81","secret":"0a1b2c3d4e"}',
    "CANARY passkey of tenant three, kept since March",
    "CANARY-7f6e5d4c3b2a19080f1e2d3c4b5a6978",
)
"""Plaintexts of four rows."""


def group(
    codes: str, says: str = "", *, rows: Iterable[int] | None = None, sure: str = "proven"
) -> dict[str, Any]:
    """What should be found of some rows; of all, if none are named. `codes` have blanks between."""
    made: dict[str, Any] = {"codes": codes.split(), "says": says, "sure": sure}
    if rows is not None:
        made["rows"] = list(rows)
    return made


def case(
    of: str,
    name: str,
    app: App,
    rows: Sequence[dict[str, str]],
    *expected: dict[str, Any],
    **changes: Any,
) -> dict[str, Any]:
    """One case; `changes` replace what the application declares."""
    return {
        "name": f"{of}: {name}",
        "class": of,
        "envelope": app.envelope,
        "recipe": dict(app.recipe),
        "env": app.env,
        "rows": list(rows),
        "expected": list(expected),
        **changes,
    }


def changed(rows: Iterable[dict[str, str]], how: Any) -> list[dict[str, str]]:
    """Rows whose stored text was changed."""
    return [{**row, "text": how(row["text"])} for row in rows]
