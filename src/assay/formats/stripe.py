"""Keys of Stripe (docs.stripe.com/keys)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from msgspec import Meta

from assay.formats.tokens import Token, has_shape, malformed
from assay.model import Rule, Violation

MALFORMED = malformed(
    "stripe-key",
    "a Stripe key",
    "pk_, sk_ or rk_, then live_ or test_",
    obtain="the Stripe dashboard (Developers, API keys)",
    why="Stripe rejects every request with 401 'Invalid API Key provided'.",
)
MODE = Rule(
    code="stripe-key-mode",
    message="{name} is a {found}-mode key: expected a {expected}-mode key",
    remedy="Switch the Stripe dashboard to {expected} mode, and copy the key from there.",
    why="With a test key, no customer is charged; with a live key, tests charge real cards.",
)
KIND = Rule(
    code="stripe-key-kind",
    message="{name} is the {found} key: expected the {expected} key",
    remedy="Copy the {expected} key from the Stripe dashboard (Developers, API keys).",
    why="A secret key in a browser gives away the account; a publishable key can't charge a card.",
)
WEBHOOK = malformed(
    "stripe-webhook-secret",
    "the signing secret of a Stripe webhook",
    "whsec_ and a random part",
    obtain="the endpoint's page in the Stripe dashboard (Developers, Webhooks)",
    why="The signature of every webhook fails verification, so paid orders are never confirmed.",
)

Kind = Literal["secret", "publishable", "restricted"]
Mode = Literal["live", "test"]
_PREFIXES: dict[Kind, str] = {"secret": "sk", "publishable": "pk", "restricted": "rk"}


class StripeKey(Token, frozen=True, kw_only=True, tag="stripe-key"):
    """An API key of Stripe."""

    title = "a Stripe key"
    looks_like = "(?:sk|pk|rk)_(?:live|test)_"
    rules = (MALFORMED, MODE, KIND)
    shape = "[spr]k_(?:live|test)_[A-Za-z0-9]{10,250}"

    mode: Annotated[
        Mode | None,
        Meta(description="Whether the key moves real money; both modes are allowed by default."),
    ] = None
    kinds: Annotated[
        tuple[Kind, ...],
        Meta(description="The kinds of key allowed.", examples=[["secret"]], min_length=1),
    ] = ("secret", "publishable", "restricted")

    @property
    def sensitive(self) -> bool:
        """All but publishable keys."""
        return self.kinds != ("publishable",)

    def violations(self, value: str) -> Iterator[Violation]:
        """The shape, then what the prefix says."""
        if not has_shape(self.shape, value):
            yield MALFORMED.violated()
            return
        kind = next(kind for kind, prefix in _PREFIXES.items() if value.startswith(prefix))
        mode = value[3:7]
        if self.mode is not None and mode != self.mode:
            yield MODE.violated(found=mode, expected=self.mode)
        if kind not in self.kinds:
            yield KIND.violated(found=kind, expected=" or ".join(self.kinds))

    def example(self) -> str:
        """A key that is obviously not real."""
        return f"{_PREFIXES[self.kinds[0]]}_{self.mode or 'test'}_{'example' * 4}"

    def screen(self) -> tuple[object, ...]:
        """The shape with the declared kinds and mode."""
        letters = "".join(_PREFIXES[kind][0] for kind in self.kinds)
        return ("match", f"[{letters}]k_(?:{self.mode or 'live|test'})_[A-Za-z0-9]{{10,250}}")


class StripeWebhookSecret(Token, frozen=True, kw_only=True, tag="stripe-webhook-secret"):
    """The secret with which Stripe signs what it sends to a webhook."""

    title = "a Stripe webhook secret"
    sample = f"whsec_{'example' * 4}"
    looks_like = "whsec_"
    rules = (WEBHOOK,)
    shape = "whsec_[A-Za-z0-9+/=]{20,250}"
