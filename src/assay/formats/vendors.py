"""Tokens of services, by the shapes that their vendors document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from assay.formats.hosts import is_host
from assay.formats.tokens import Token, has_shape, issued
from assay.formats.urls import split_url
from assay.model import Rule, Violation

GITHUB_KIND = Rule(
    code="github-token-kind",
    message="{name} is the wrong kind of GitHub token: expected {kinds}",
    remedy="Create a {kinds} token in GitHub (Settings, Developer settings), and set {name} to it.",
    why="Each kind of token has different permissions, and organisations can forbid classic "
    "tokens.",
)
SENTRY_SECRET = Rule(
    code="sentry-dsn-secret",
    message="{name} contains a secret key: expected only the public key, without a colon",
    remedy="Copy the DSN again from the Sentry project's settings, Client Keys.",
    why="A DSN is sent to browsers, and the deprecated secret key in it must not be.",
)
STRIPE_MODE = Rule(
    code="stripe-key-mode",
    message="{name} is a {found}-mode key: expected a {expected}-mode key",
    remedy="Switch the Stripe dashboard to {expected} mode, and copy the key from there.",
    why="With a test key, no customer is charged; with a live key, tests charge real cards.",
)
STRIPE_KIND = Rule(
    code="stripe-key-kind",
    message="{name} is the {found} key: expected the {expected} key",
    remedy="Copy the {expected} key from the Stripe dashboard (Developers, API keys).",
    why="A secret key in a browser gives away the account; a publishable key can't charge a card.",
)
TWILIO_KIND = Rule(
    code="twilio-sid-kind",
    message="{name} is the SID of the wrong kind of object: expected one that begins with {prefix}",
    remedy="Copy the SID that begins with {prefix} from the Twilio console.",
    why="Twilio looks for an object of a different kind, and answers 404.",
)

_FILLER = "example" * 12
_GITHUB = {
    "classic": ("ghp_[A-Za-z0-9]{36}", f"ghp_{_FILLER[:36]}"),
    "fine-grained": (
        "github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}",
        f"github_pat_{_FILLER[:22]}_{_FILLER[:59]}",
    ),
    "oauth": ("gho_[A-Za-z0-9]{36}", f"gho_{_FILLER[:36]}"),
    "app": ("(?:ghu|ghs)_[A-Za-z0-9]{36}", f"ghs_{_FILLER[:36]}"),
    "refresh": ("ghr_[A-Za-z0-9]{36,76}", f"ghr_{_FILLER[:36]}"),
}
"""The shape of each kind of token, and one that is obviously not real."""
GithubKind = Literal["classic", "fine-grained", "oauth", "app", "refresh"]
StripeKind = Literal["secret", "publishable", "restricted"]
_STRIPE: dict[StripeKind, str] = {"secret": "sk", "publishable": "pk", "restricted": "rk"}


@issued(
    by="GitHub (Settings, Developer settings)",
    form="ghp_, gho_, ghu_, ghs_, ghr_ or github_pat_ and a random part",
    once=True,
    why="GitHub answers every request with 401 'Bad credentials'.",
)
class GithubToken(Token, frozen=True, kw_only=True, tag="github-token"):
    """A token of GitHub (docs.github.com, About authentication to GitHub)."""

    title = "a GitHub token"
    looks_like = "gh[pousr]_|github_pat_"
    rules: ClassVar[tuple[Rule, ...]] = (GITHUB_KIND,)
    shape: ClassVar[str] = "|".join(shape for shape, _ in _GITHUB.values())

    kinds: Annotated[
        tuple[GithubKind, ...], Meta(description="The kinds of token allowed.", min_length=1)
    ] = ("classic", "fine-grained", "oauth", "app", "refresh")

    def own_violations(self, value: str) -> Iterator[Violation]:
        if not has_shape(self._shape(), value):
            yield GITHUB_KIND.violated(kinds=" or ".join(self.kinds))

    def example(self) -> str:
        return _GITHUB[self.kinds[0]][1]

    def screen(self) -> tuple[object, ...]:
        return ("match", self._shape())

    def _shape(self) -> str:
        return "|".join(_GITHUB[kind][0] for kind in self.kinds)


@issued(
    by="api.slack.com/apps (OAuth & Permissions)",
    form="xoxb-, xoxp- or xapp- and a random part",
    why="Slack answers every call with `invalid_auth`, and no message is posted.",
)
class SlackToken(Token, frozen=True, kw_only=True, tag="slack-token"):
    """A token of Slack (api.slack.com/concepts/token-types)."""

    title = "a Slack token"
    sample = "xoxb-example-example-example"
    looks_like = "xox[a-z]-|xapp-"
    shape: ClassVar[str] = "(?:xox[abeoprs]|xapp|xoxe[.]xox[bp])-[A-Za-z0-9-]{10,400}"


@issued(
    by="api.slack.com/apps (Incoming Webhooks)",
    form="https://hooks.slack.com/services/T.../B.../...",
    why="Slack answers 404 'no_service' or the request goes elsewhere, and no message is posted.",
)
class SlackWebhook(Token, frozen=True, kw_only=True, tag="slack-webhook"):
    """An incoming webhook of Slack (api.slack.com/messaging/webhooks)."""

    title = "a Slack webhook"
    sample = "https://hooks.slack.com/services/T0/B0/exampleexample"
    """The one of Slack's manual, less the part that scanners look for."""
    looks_like = r"https://hooks\.slack\.com/"
    shape: ClassVar[str] = (
        "https://hooks[.]slack(?:-gov)?[.]com/"
        "(?:services/T[A-Z0-9]{1,20}/B[A-Z0-9]{1,20}/[A-Za-z0-9]{10,40}"
        "|(?:workflows|triggers)/[A-Za-z0-9/]{10,120})"
    )


@issued(
    by="the Sentry project's settings, Client Keys",
    form="https://PUBLIC_KEY@HOST/PROJECT_ID",
    why="The SDK refuses the DSN or sends nothing, so errors are never reported.",
)
class SentryDsn(Token, frozen=True, kw_only=True, tag="sentry-dsn"):
    """A DSN of Sentry: made to be public (docs.sentry.io, DSN explainer)."""

    title = "a Sentry DSN"
    secret_by_type = False
    """Browsers hold it."""
    sample = f"https://{'0' * 32}@o0.ingest.sentry.io/0"
    public = True
    looks_like = "https?://[0-9a-f]{16,}@"
    rules: ClassVar[tuple[Rule, ...]] = (SENTRY_SECRET,)
    screened: ClassVar[tuple[object, ...] | None] = (
        "match",
        "https://[0-9a-f]{32}@[a-z0-9]{1,30}(?:[.][a-z0-9]{1,30}){0,4}[.][a-z]{2,12}/[0-9]{1,20}",
    )

    def has_form(self, value: str) -> bool:
        """A key, a host, and the number of a project after any path."""
        parts = split_url(value)
        return (
            parts is not None
            and parts.scheme in ("http", "https")
            and has_shape("[A-Za-z0-9]{1,64}", (parts.userinfo or "").partition(":")[0])
            and is_host(parts.host)
            and has_shape("[0-9]+", parts.path.rpartition("/")[2])
        )

    def own_violations(self, value: str) -> Iterator[Violation]:
        parts = split_url(value)
        if parts is not None and ":" in (parts.userinfo or ""):
            yield SENTRY_SECRET.violated()


@issued(
    by="platform.openai.com (API keys)",
    form="sk- and a random part",
    once=True,
    why="OpenAI answers every request with 401 `invalid_api_key`.",
)
class OpenaiKey(Token, frozen=True, kw_only=True, tag="openai-key"):
    """A key of OpenAI's API."""

    title = "an OpenAI key"
    screened: ClassVar[tuple[object, ...] | None] = (
        "match",
        "sk-(?:proj-|svcacct-|[0-9])[A-Za-z0-9_-]{20,250}",
    )
    """Keys of projects, accounts of services, and the first kind."""
    sample = f"sk-proj-{_FILLER[:28]}"
    looks_like = "sk-"
    # keys of Anthropic begin alike
    shape: ClassVar[str] = "sk-(?!ant-)[A-Za-z0-9_-]{20,300}"


@issued(
    by="console.anthropic.com (API keys)",
    form="sk-ant- and a random part",
    once=True,
    why="Anthropic answers every request with 401 `authentication_error`.",
)
class AnthropicKey(Token, frozen=True, kw_only=True, tag="anthropic-key"):
    """A key of Anthropic's API."""

    title = "an Anthropic key"
    sample = f"sk-ant-{_FILLER[:28]}"
    looks_like = "sk-ant-"
    shape: ClassVar[str] = "sk-ant-[A-Za-z0-9_-]{20,300}"


@issued(
    by="SendGrid (Settings, API Keys)",
    form="SG. and two parts joined by a dot",
    once=True,
    why="SendGrid answers 401 to every request, and no mail is sent.",
)
class SendgridKey(Token, frozen=True, kw_only=True, tag="sendgrid-key"):
    """A key of SendGrid's API."""

    title = "a SendGrid key"
    sample = f"SG.{_FILLER[:22]}.{_FILLER[:43]}"
    looks_like = r"SG\."
    shape: ClassVar[str] = "SG[.][A-Za-z0-9_-]{16,32}[.][A-Za-z0-9_-]{16,64}"


@issued(
    by="resend.com (API Keys)",
    form="re_ and a random part",
    why="Resend rejects every request because the API key is invalid, and no mail is sent.",
)
class ResendKey(Token, frozen=True, kw_only=True, tag="resend-key"):
    """A key of Resend's API."""

    title = "a Resend key"
    sample = f"re_{_FILLER[:32]}"
    looks_like = "re_"
    shape: ClassVar[str] = "re_[A-Za-z0-9_]{20,60}"


@issued(
    by="the Stripe dashboard (Developers, API keys)",
    form="pk_, sk_ or rk_, then live_ or test_",
    why="Stripe rejects every request with 401 'Invalid API Key provided'.",
)
class StripeKey(Token, frozen=True, kw_only=True, tag="stripe-key"):
    """An API key of Stripe."""

    title = "a Stripe key"
    looks_like = "(?:sk|pk|rk)_(?:live|test)_"
    rules: ClassVar[tuple[Rule, ...]] = (STRIPE_MODE, STRIPE_KIND)
    shape: ClassVar[str] = "[spr]k_(?:live|test)_[A-Za-z0-9]{10,250}"

    mode: Annotated[
        Literal["live", "test"] | None,
        Meta(description="Whether the key moves real money; both modes are allowed by default."),
    ] = None
    kinds: Annotated[
        tuple[StripeKind, ...],
        Meta(description="The kinds of key allowed.", examples=[["secret"]], min_length=1),
    ] = ("secret", "publishable", "restricted")

    @property
    def sensitive(self) -> bool:
        return self.kinds != ("publishable",)

    def own_violations(self, value: str) -> Iterator[Violation]:
        kind = next(kind for kind, prefix in _STRIPE.items() if value.startswith(prefix))
        mode = value[3:7]
        if self.mode is not None and mode != self.mode:
            yield STRIPE_MODE.violated(found=mode, expected=self.mode)
        if kind not in self.kinds:
            yield STRIPE_KIND.violated(found=kind, expected=" or ".join(self.kinds))

    def example(self) -> str:
        """A key that is obviously not real."""
        return f"{_STRIPE[self.kinds[0]]}_{self.mode or 'test'}_{'example' * 4}"

    def screen(self) -> tuple[object, ...]:
        letters = "".join(_STRIPE[kind][0] for kind in self.kinds)
        return ("match", f"[{letters}]k_(?:{self.mode or 'live|test'})_[A-Za-z0-9]{{10,250}}")


@issued(
    by="the endpoint's page in the Stripe dashboard (Developers, Webhooks)",
    what="the signing secret of a Stripe webhook",
    form="whsec_ and a random part",
    why="The signature of every webhook fails verification, so paid orders are never confirmed.",
)
class StripeWebhookSecret(Token, frozen=True, kw_only=True, tag="stripe-webhook-secret"):
    """The secret with which Stripe signs what it sends to a webhook."""

    title = "a Stripe webhook secret"
    sample = f"whsec_{'example' * 4}"
    looks_like = "whsec_"
    shape: ClassVar[str] = "whsec_[A-Za-z0-9+/=]{20,250}"


@issued(
    by="the Twilio console",
    form="two letters and 32 lower-case hex digits",
    why="The SID is part of the request's path, so Twilio answers 404.",
)
class TwilioSid(Token, frozen=True, kw_only=True, tag="twilio-sid"):
    """The identifier of an object at Twilio (twilio.com/docs/glossary/what-is-a-sid)."""

    title = "a Twilio SID"
    secret_by_type = False
    """It names, but opens nothing."""
    looks_like = "(?:AC|SK)[0-9a-f]{32}$"
    rules: ClassVar[tuple[Rule, ...]] = (TWILIO_KIND,)
    shape: ClassVar[str] = "[A-Z]{2}[0-9a-f]{32}"

    prefix: Annotated[
        Annotated[str, Meta(pattern="^[A-Z]{2}$")] | None,
        Meta(
            description="The two letters that the SID begins with: AC for accounts, SK for API "
            "keys, MG for messaging services, VA for Verify.",
            examples=["AC"],
        ),
    ] = None

    def own_violations(self, value: str) -> Iterator[Violation]:
        if not value.startswith(self.prefix or ""):
            yield TWILIO_KIND.violated(prefix=self.prefix)

    def example(self) -> str:
        return f"{self.prefix or 'AC'}{'0' * 32}"

    def screen(self) -> tuple[object, ...]:
        return ("match", (self.prefix or "[A-Z]{2}") + "[0-9a-f]{32}")


@issued(
    by="npmjs.com (Access Tokens)",
    form="npm_ and a random part",
    once=True,
    why="npm answers 401, so private packages can't be installed or published.",
)
class NpmToken(Token, frozen=True, kw_only=True, tag="npm-token"):
    """A token of the npm registry."""

    title = "an npm token"
    sample = f"npm_{_FILLER[:36]}"
    looks_like = "npm_"
    shape: ClassVar[str] = "npm_[A-Za-z0-9]{36}"


@issued(
    by="GitLab (Settings, Access tokens)",
    form="glpat- and a random part",
    once=True,
    why="GitLab answers every request with 401 Unauthorized.",
)
class GitlabToken(Token, frozen=True, kw_only=True, tag="gitlab-token"):
    """A token of GitLab (docs.gitlab.com/security/tokens)."""

    title = "a GitLab token"
    sample = f"glpat-{_FILLER[:20]}"
    looks_like = "glpat-"
    shape: ClassVar[str] = "gl(?:pat|dt|rt|cbt|ptt|ft|oas|soat|agent)-[A-Za-z0-9_.-]{20,300}"


@issued(
    by="console.cloud.google.com (APIs & Services, Credentials)",
    form="AIza and a random part",
    why="Google rejects every request with `API_KEY_INVALID`.",
)
class GoogleApiKey(Token, frozen=True, kw_only=True, tag="google-api-key"):
    """An API key of Google's services."""

    title = "a Google API key"
    sample = f"AIza{_FILLER[:35]}"
    looks_like = "AIza"
    shape: ClassVar[str] = "AIza[A-Za-z0-9_-]{35}"
