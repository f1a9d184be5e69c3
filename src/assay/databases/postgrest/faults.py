"""What the answers of a data API mean where they hold no data.

Codes: https://docs.postgrest.org/en/stable/references/errors.html, and those of PostgreSQL.
Statuses of hosted projects: https://supabase.com/docs/guides/platform/http-status-codes. No message
of a server is passed on: it may quote a value.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from assay.databases.trouble import DatabaseTrouble, failed, is_state, timed_out

_LONGEST = 1000
"""Characters of a text in an answer that are looked at."""
_NAME = 63
"""Characters of a name that is passed on: PostgreSQL's are no longer, in bytes."""
_STARTING = {"PGRST000", "PGRST001", "PGRST002", "PGRST003", "53300", "53400"}
_STARTING |= {"57P01", "57P02", "57P03", "08000", "08001", "08003", "08006"}
_KEY_REASONS = (
    ("legacy api keys", "the project has turned legacy keys off, and accepts only sb_ keys"),
    ("no api key", "no key arrived there: something along the way removes headers"),
    ("jwt expired", "it has expired"),
)
_KEY_CODES = {
    "PGRST301": "it was not signed for this project, or was damaged",
    "PGRST302": "it contains no role, and requests without one are turned off",
    "PGRST303": "it has expired, or is not valid yet",
}


class Rejected(Exception):  # noqa: N818 - an answer of the server, not an error of ours
    """An answer that refuses, as the server words it. It never leaves this package."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__("an answer that refuses")
        fields = body if isinstance(body, dict) else {}
        self.status = status
        self.code: str = _text(fields.get("code"))
        self.message: str = _text(fields.get("message"))
        self.hint: str = _text(fields.get("hint"))
        self.lacks_table: bool = self.code in ("PGRST205", "42P01")
        self.lacks_column: bool = self.code in ("42703", "PGRST204")

    @property
    def column(self) -> str:
        """The column that is not there, where the message names it."""
        head, found, _ = self.message.partition(" does not exist")
        name = head.partition("column ")[2] if found else ""
        return name.strip('"').rpartition(".")[2]

    @property
    def keeps_document(self) -> bool:
        """Whether the key is good, and only the root document is kept from it.

        Hosted projects answer so since 2026 unless the key is a secret one; self-hosted gateways
        answer 403.
        """
        words = f"{self.message} {self.hint}".lower()
        return self.code == "PGRST126" or (
            not self.code and (self.status == 403 or "access to schema" in words)
        )


def _text(value: Any) -> str:
    return value[:_LONGEST] if isinstance(value, str) else ""


class Asking(NamedTuple):
    """What was asked for, to say what was refused."""

    host: str
    seconds: float
    schema: str
    table: str = ""


def trouble(rejected: Rejected, asking: Asking) -> DatabaseTrouble:
    """The fault that a refusal means."""
    host, code, status = asking.host, rejected.code, rejected.status
    if code in _STARTING:
        return DatabaseTrouble("database-overloaded", host=host)
    if code == "57014" or status == 544:
        return timed_out(host, asking.seconds)
    denied = DatabaseTrouble("database-denied", host=host, what=asking.table or asking.schema)
    if code == "42501":
        return denied
    if rejected.lacks_table:
        near = _near(rejected)
        return DatabaseTrouble("database-table-not-found", host=host, table=asking.table, near=near)
    if code == "PGRST106":
        exposed = _exposed(rejected)
        return DatabaseTrouble(
            "database-schema-not-exposed", host=host, schema=asking.schema, exposed=exposed
        )
    if status == 401 or code.startswith("PGRST30"):
        return DatabaseTrouble("database-key-rejected", host=host, reason=_key_reason(rejected))
    if (found := by_status(status, host)) is not None:
        return found
    if status == 403:
        return denied
    if status == 404 and not code:
        reason = "there is no data API below /rest/v1/"
        return DatabaseTrouble("database-url-invalid", host=host, reason=reason)
    return DatabaseTrouble("database-failed", host=host, state=_state(code, status))


def by_status(status: int, host: str) -> DatabaseTrouble | None:
    """The fault that a status means, whatever the answer holds."""
    if status == 429:
        return DatabaseTrouble("database-rate-limited", host=host)
    if status == 402:
        state = "the project is restricted because of its usage or unpaid bills (status 402)"
        return failed(state, host=host)
    if status == 540:
        return DatabaseTrouble("database-paused", host=host)
    if 300 <= status < 400:
        reason = f"the server redirects to another address ({status})"
        return DatabaseTrouble("database-url-invalid", host=host, reason=reason)
    if status in (502, 503, 504) or 520 <= status <= 530:
        return DatabaseTrouble("database-gateway", host=host, status=str(status))
    return None


def no_data(status: int, content_type: str, host: str) -> DatabaseTrouble:
    """The fault of an answer that is not JSON."""
    what = "an HTML page" if "html" in content_type else "no JSON"
    odd = DatabaseTrouble("database-gateway", host=host, status=f"{status} and {what}")
    return by_status(status, host) or odd


def _key_reason(rejected: Rejected) -> str:
    message = f"{rejected.message} {rejected.hint}".lower()
    told = next((reason for words, reason in _KEY_REASONS if words in message), "")
    return told or _KEY_CODES.get(rejected.code, "it is not a key of this project")


def _exposed(rejected: Rejected) -> str:
    for text in (rejected.hint, rejected.message):
        _, colon, names = text.partition(": ")
        if colon and ("exposed" in text or "following" in text):
            found = names.split(", ")
            return ", ".join(found) if all(map(_is_name, found)) else ""
    return ""


def _near(rejected: Rejected) -> str:
    """The table that PostgREST takes for the one that is meant."""
    meant = rejected.hint.partition("Perhaps you meant the table '")[2].partition("'")[0]
    schema, dot, table = meant.partition(".")
    name = table if dot else schema
    return name if _is_name(name) else ""


def _is_name(text: str) -> bool:
    """Whether a text may be a name of the server's: nothing else of it is passed on."""
    plain = text.replace("_", "").replace("-", "").replace(" ", "").replace(".", "")
    return len(text) <= _NAME and plain.isascii() and plain.isalnum()


def _state(code: str, status: int) -> str:
    own = code.startswith("PGRST") and len(code) == 8 and is_state(code[3:])
    return code if own or is_state(code) else f"status {status}"
