"""Texts that many programs use as a key if nobody sets one, and what each of them is.

They come from documentation, templates and source code that everybody can read: of Express,
NextAuth.js, Django, Rails, Flask and Laravel projects, and of what languages print for nothing.
"""

from __future__ import annotations

_UNSET = "what a program makes of a variable that is not set"
_STAND_IN = "a placeholder of templates"
_COUNTED = "counted characters, as examples have them"

PUBLIC = {
    **dict.fromkeys(
        (
            *("undefined", "null", "None", "nil", "NaN", "[object Object]", "[object Undefined]"),
            *("false", "true", "0", "1", "<nil>", "(null)", "<no value>"),
        ),
        _UNSET,
    ),
    **dict.fromkeys(
        (
            *("secret", "default", "default-key", "default_key", "default-secret", "defaultkey"),
            *("changeme", "change-me", "change_me", "changethis", "changeit", "change-this"),
            *("your-secret-key", "your_secret_key", "your-secret", "your-encryption-key"),
            *(
                "your-32-character-secret-key-here",
                "your-256-bit-secret",
                "my-secret",
                "my-secret-key",
            ),
            *("mysecret", "mysecretkey", "secret-key", "secret_key", "secretkey", "supersecret"),
            *(
                "super-secret",
                "super-secret-key",
                "supersecretkey",
                "password",
                "passw0rd",
                "admin",
            ),
            *("test", "test-key", "test-secret", "dev", "dev-secret", "development", "example"),
            *("insecure", "placeholder", "todo", "xxx", "foo", "key", "keyboard cat", "shhhhh"),
            *("please-change-me", "replace-me", "not-a-secret", "insecure-default-key"),
            *("fallback-secret", "fallback-key", "default-encryption-key", "encryption-key"),
        ),
        _STAND_IN,
    ),
    **dict.fromkeys(
        (
            *("12345678901234567890123456789012", "01234567890123456789012345678901"),
            *("abcdefghijklmnopqrstuvwxyz123456", "0123456789abcdef0123456789abcdef"),
            *("00000000000000000000000000000000", "passwordpasswordpasswordpassword"),
            *("1234567890123456", "0123456789abcdef", "12345678", "123456", "1234567890"),
        ),
        _COUNTED,
    ),
}
"""Each text, and what it is."""


def of_variable(name: str) -> tuple[str, ...]:
    """The texts that are left of a reference to a variable which nothing filled in."""
    if not name:
        return ()
    return (name, f"${{{name}}}", f"${name}", f"{{{{{name}}}}}", name.lower(), f"<{name}>")


def usual(text: str) -> bool:
    """Whether programs make the text of a variable without a value, or the text is empty."""
    return PUBLIC.get(text, _UNSET if not text else "") is _UNSET
