"""Tokens of services, by the shapes that their vendors document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from msgspec import Meta

from assay.formats.hosts import is_host
from assay.formats.tokens import Token, has_shape, malformed
from assay.formats.urls import split_url
from assay.model import Rule, Violation

GITHUB = malformed(
    "github-token",
    "a GitHub token",
    "ghp_, gho_, ghu_, ghs_, ghr_ or github_pat_ and a random part",
    obtain="GitHub (Settings, Developer settings)",
    once=True,
    why="GitHub answers every request with 401 'Bad credentials'.",
)
GITHUB_KIND = Rule(
    code="github-token-kind",
    message="{name} is the wrong kind of GitHub token: expected {kinds}",
    remedy="Create a {kinds} token in GitHub (Settings, Developer settings), and set {name} to it.",
    why="Each kind of token has different permissions, and organisations can forbid classic "
    "tokens.",
)
SLACK_TOKEN = malformed(
    "slack-token",
    "a Slack token",
    "xoxb-, xoxp- or xapp- and a random part",
    obtain="api.slack.com/apps (OAuth & Permissions)",
    why="Slack answers every call with `invalid_auth`, and no message is posted.",
)
SLACK_WEBHOOK = malformed(
    "slack-webhook",
    "a Slack webhook",
    "https://hooks.slack.com/services/T.../B.../...",
    obtain="api.slack.com/apps (Incoming Webhooks)",
    why="Slack answers 404 'no_service' or the request goes elsewhere, and no message is posted.",
)
SENTRY_DSN = malformed(
    "sentry-dsn",
    "a Sentry DSN",
    "https://PUBLIC_KEY@HOST/PROJECT_ID",
    obtain="the Sentry project's settings, Client Keys",
    why="The SDK refuses the DSN or sends nothing, so errors are never reported.",
)
SENTRY_SECRET = Rule(
    code="sentry-dsn-secret",
    message="{name} contains a secret key: expected only the public key, without a colon",
    remedy="Copy the DSN again from the Sentry project's settings, Client Keys.",
    why="A DSN is sent to browsers, and the deprecated secret key in it must not be.",
)
OPENAI = malformed(
    "openai-key",
    "an OpenAI key",
    "sk- and a random part",
    obtain="platform.openai.com (API keys)",
    once=True,
    why="OpenAI answers every request with 401 `invalid_api_key`.",
)
ANTHROPIC = malformed(
    "anthropic-key",
    "an Anthropic key",
    "sk-ant- and a random part",
    obtain="console.anthropic.com (API keys)",
    once=True,
    why="Anthropic answers every request with 401 `authentication_error`.",
)
SENDGRID = malformed(
    "sendgrid-key",
    "a SendGrid key",
    "SG. and two parts joined by a dot",
    obtain="SendGrid (Settings, API Keys)",
    once=True,
    why="SendGrid answers 401 to every request, and no mail is sent.",
)
RESEND = malformed(
    "resend-key",
    "a Resend key",
    "re_ and a random part",
    obtain="resend.com (API Keys)",
    why="Resend rejects every request because the API key is invalid, and no mail is sent.",
)
TWILIO_SID = malformed(
    "twilio-sid",
    "a Twilio SID",
    "two letters and 32 lower-case hex digits",
    obtain="the Twilio console",
    why="The SID is part of the request's path, so Twilio answers 404.",
)
TWILIO_KIND = Rule(
    code="twilio-sid-kind",
    message="{name} is the SID of the wrong kind of object: expected one that begins with {prefix}",
    remedy="Copy the SID that begins with {prefix} from the Twilio console.",
    why="Twilio looks for an object of a different kind, and answers 404.",
)
NPM = malformed(
    "npm-token",
    "an npm token",
    "npm_ and a random part",
    obtain="npmjs.com (Access Tokens)",
    once=True,
    why="npm answers 401, so private packages can't be installed or published.",
)
GITLAB = malformed(
    "gitlab-token",
    "a GitLab token",
    "glpat- and a random part",
    obtain="GitLab (Settings, Access tokens)",
    once=True,
    why="GitLab answers every request with 401 Unauthorized.",
)
GOOGLE = malformed(
    "google-api-key",
    "a Google API key",
    "AIza and a random part",
    obtain="console.cloud.google.com (APIs & Services, Credentials)",
    why="Google rejects every request with `API_KEY_INVALID`.",
)

_GITHUB = {
    "classic": "ghp_[A-Za-z0-9]{36}",
    "fine-grained": "github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}",
    "oauth": "gho_[A-Za-z0-9]{36}",
    "app": "(?:ghu|ghs)_[A-Za-z0-9]{36}",
    "refresh": "ghr_[A-Za-z0-9]{36,76}",
}
_FILLER = "example" * 12
GithubKind = Literal["classic", "fine-grained", "oauth", "app", "refresh"]


class GithubToken(Token, frozen=True, kw_only=True, tag="github-token"):
    """A token of GitHub (docs.github.com, About authentication to GitHub)."""

    title = "a GitHub token"
    looks_like = "gh[pousr]_|github_pat_"
    rules = (GITHUB, GITHUB_KIND)

    kinds: Annotated[
        tuple[GithubKind, ...],
        Meta(description="The kinds of token allowed.", min_length=1),
    ] = ("classic", "fine-grained", "oauth", "app", "refresh")

    def violations(self, value: str) -> Iterator[Violation]:
        """The shape of any kind, then of the good ones."""
        found = next((kind for kind, shape in _GITHUB.items() if has_shape(shape, value)), None)
        if found is None:
            yield GITHUB.violated()
        elif found not in self.kinds:
            yield GITHUB_KIND.violated(kinds=" or ".join(self.kinds))

    def example(self) -> str:
        """A token of the first kind that is obviously not real."""
        word = _FILLER
        return {
            "classic": f"ghp_{word[:36]}",
            "fine-grained": f"github_pat_{word[:22]}_{word[:59]}",
            "oauth": f"gho_{word[:36]}",
            "app": f"ghs_{word[:36]}",
            "refresh": f"ghr_{word[:36]}",
        }[self.kinds[0]]

    def screen(self) -> tuple[object, ...]:
        """The shapes of the good kinds."""
        return ("match", "|".join(_GITHUB[kind] for kind in self.kinds))


class SlackToken(Token, frozen=True, kw_only=True, tag="slack-token"):
    """A token of Slack (api.slack.com/concepts/token-types)."""

    title = "a Slack token"
    sample = "xoxb-example-example-example"
    looks_like = "xox[a-z]-|xapp-"
    rules = (SLACK_TOKEN,)
    shape = "(?:xox[abeoprs]|xapp|xoxe[.]xox[bp])-[A-Za-z0-9-]{10,400}"


class SlackWebhook(Token, frozen=True, kw_only=True, tag="slack-webhook"):
    """An incoming webhook of Slack (api.slack.com/messaging/webhooks)."""

    title = "a Slack webhook"
    sample = "https://hooks.slack.com/services/T0/B0/exampleexample"
    """The one of Slack's manual, less the part that scanners look for."""
    looks_like = r"https://hooks\.slack\.com/"
    rules = (SLACK_WEBHOOK,)
    shape = (
        "https://hooks[.]slack(?:-gov)?[.]com/"
        "(?:services/T[A-Z0-9]{1,20}/B[A-Z0-9]{1,20}/[A-Za-z0-9]{10,40}"
        "|(?:workflows|triggers)/[A-Za-z0-9/]{10,120})"
    )


class SentryDsn(Token, frozen=True, kw_only=True, tag="sentry-dsn"):
    """A DSN of Sentry: made to be public (docs.sentry.io, DSN explainer)."""

    title = "a Sentry DSN"
    secret_by_type = False
    """Browsers hold it."""
    sample = f"https://{'0' * 32}@o0.ingest.sentry.io/0"
    """A DSN of no project."""
    public = True
    looks_like = "https?://[0-9a-f]{16,}@"
    rules = (SENTRY_DSN, SENTRY_SECRET)
    shape = (
        "https://[0-9a-f]{32}@[a-z0-9]{1,30}(?:[.][a-z0-9]{1,30}){0,4}[.][a-z]{2,12}/[0-9]{1,20}"
    )

    def violations(self, value: str) -> Iterator[Violation]:
        """A key, a host, and the number of a project after any path."""
        parts = split_url(value)
        public, colon, _ = ((parts.userinfo if parts else None) or "").partition(":")
        project = parts.path.rpartition("/")[2] if parts else ""
        good = parts is not None and parts.scheme in ("http", "https") and is_host(parts.host)
        number = project.isascii() and project.isdigit()
        if not good or not has_shape("[A-Za-z0-9]{1,64}", public) or not number:
            yield SENTRY_DSN.violated()
        elif colon:
            yield SENTRY_SECRET.violated()


class OpenaiKey(Token, frozen=True, kw_only=True, tag="openai-key"):
    """A key of OpenAI's API."""

    title = "an OpenAI key"
    screened = ("match", "sk-(?:proj-|svcacct-|[0-9])[A-Za-z0-9_-]{20,250}")
    """Keys of projects, accounts of services, and the first kind."""
    sample = f"sk-proj-{_FILLER[:28]}"
    looks_like = "sk-"
    rules = (OPENAI,)
    shape = "sk-[A-Za-z0-9_-]{20,300}"

    def violations(self, value: str) -> Iterator[Violation]:
        """The shape; keys of Anthropic begin alike."""
        if value.startswith("sk-ant-") or not has_shape(self.shape, value):
            yield OPENAI.violated()


class AnthropicKey(Token, frozen=True, kw_only=True, tag="anthropic-key"):
    """A key of Anthropic's API."""

    title = "an Anthropic key"
    sample = f"sk-ant-{_FILLER[:28]}"
    looks_like = "sk-ant-"
    rules = (ANTHROPIC,)
    shape = "sk-ant-[A-Za-z0-9_-]{20,300}"


class SendgridKey(Token, frozen=True, kw_only=True, tag="sendgrid-key"):
    """A key of SendGrid's API."""

    title = "a SendGrid key"
    sample = f"SG.{_FILLER[:22]}.{_FILLER[:43]}"
    looks_like = r"SG\."
    rules = (SENDGRID,)
    shape = "SG[.][A-Za-z0-9_-]{16,32}[.][A-Za-z0-9_-]{16,64}"


class ResendKey(Token, frozen=True, kw_only=True, tag="resend-key"):
    """A key of Resend's API."""

    title = "a Resend key"
    sample = f"re_{_FILLER[:32]}"
    looks_like = "re_"
    rules = (RESEND,)
    shape = "re_[A-Za-z0-9_]{20,60}"


class TwilioSid(Token, frozen=True, kw_only=True, tag="twilio-sid"):
    """The identifier of an object at Twilio (twilio.com/docs/glossary/what-is-a-sid)."""

    title = "a Twilio SID"
    secret_by_type = False
    """It names, but opens nothing."""
    looks_like = "(?:AC|SK)[0-9a-f]{32}$"
    rules = (TWILIO_SID, TWILIO_KIND)
    shape = "[A-Z]{2}[0-9a-f]{32}"

    prefix: Annotated[
        Annotated[str, Meta(pattern="^[A-Z]{2}$")] | None,
        Meta(
            description="The two letters that the SID begins with: AC for accounts, SK for API "
            "keys, MG for messaging services, VA for Verify.",
            examples=["AC"],
        ),
    ] = None

    def violations(self, value: str) -> Iterator[Violation]:
        """The shape, then the kind."""
        if not has_shape(self.shape, value):
            yield TWILIO_SID.violated()
        elif self.prefix is not None and not value.startswith(self.prefix):
            yield TWILIO_KIND.violated(prefix=self.prefix)

    def example(self) -> str:
        """The SID of no account."""
        return f"{self.prefix or 'AC'}{'0' * 32}"

    def screen(self) -> tuple[object, ...]:
        """The shape with the declared letters."""
        return ("match", (self.prefix or "[A-Z]{2}") + "[0-9a-f]{32}")


class NpmToken(Token, frozen=True, kw_only=True, tag="npm-token"):
    """A token of the npm registry."""

    title = "an npm token"
    sample = f"npm_{_FILLER[:36]}"
    looks_like = "npm_"
    rules = (NPM,)
    shape = "npm_[A-Za-z0-9]{36}"


class GitlabToken(Token, frozen=True, kw_only=True, tag="gitlab-token"):
    """A token of GitLab (docs.gitlab.com/security/tokens)."""

    title = "a GitLab token"
    sample = f"glpat-{_FILLER[:20]}"
    looks_like = "glpat-"
    rules = (GITLAB,)
    shape = "gl(?:pat|dt|rt|cbt|ptt|ft|oas|soat|agent)-[A-Za-z0-9_.-]{20,300}"


class GoogleApiKey(Token, frozen=True, kw_only=True, tag="google-api-key"):
    """An API key of Google's services."""

    title = "a Google API key"
    sample = f"AIza{_FILLER[:35]}"
    looks_like = "AIza"
    rules = (GOOGLE,)
    shape = "AIza[A-Za-z0-9_-]{35}"
