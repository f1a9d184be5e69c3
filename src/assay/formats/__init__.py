"""Value types: what a variable's text may be.

The registry is explicit. It maps each type's name in specs to the module and class that define
it, and a module is imported only when a spec uses one of its types.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assay.formats.base import Format

FORMATS: dict[str, str] = {
    "address": "names:Address",
    "amqp": "services:Amqp",
    "anthropic-key": "vendors:AnthropicKey",
    "aws-access-key-id": "aws:AwsAccessKeyId",
    "aws-arn": "aws:AwsArn",
    "aws-kms-key": "aws:AwsKmsKey",
    "aws-region": "aws:AwsRegion",
    "aws-secret-access-key": "aws:AwsSecretAccessKey",
    "base64": "encodings:Base64",
    "base64url": "encodings:Base64Url",
    "boolean": "choices:Boolean",
    "bytes-size": "sizes:BytesSize",
    "certificate": "certificates:Certificate",
    "cidr": "network:Cidr",
    "color": "web:Color",
    "country": "codes:Country",
    "cron": "schedule:Cron",
    "csv": "lists:Csv",
    "currency": "codes:Currency",
    "date": "times:Date",
    "duration": "times:Duration",
    "email": "names:Email",
    "enum": "choices:Enum",
    "git-url": "git:GitUrl",
    "github-token": "vendors:GithubToken",
    "gitlab-token": "vendors:GitlabToken",
    "glob": "paths:Glob",
    "google-api-key": "vendors:GoogleApiKey",
    "hex": "encodings:Hex",
    "hostname": "names:Hostname",
    "http-header": "web:HttpHeader",
    "integer": "numbers:Integer",
    "ip": "network:Ip",
    "json": "documents:Json",
    "jwk": "jose:Jwk",
    "jwt": "jose:Jwt",
    "list": "lists:List",
    "locale": "codes:Locale",
    "mime-type": "web:MimeType",
    "mongodb": "services:Mongodb",
    "mpesa-consumer-key": "mpesa:MpesaConsumerKey",
    "mpesa-consumer-secret": "mpesa:MpesaConsumerSecret",
    "mpesa-passkey": "mpesa:MpesaPasskey",
    "mpesa-security-credential": "mpesa:MpesaSecurityCredential",
    "mpesa-shortcode": "mpesa:MpesaShortcode",
    "mysql": "services:Mysql",
    "npm-token": "vendors:NpmToken",
    "number": "numbers:Number",
    "openai-key": "vendors:OpenaiKey",
    "password-hash": "passwords:PasswordHash",
    "path": "paths:Path",
    "pem": "pems:Pem",
    "phone": "codes:Phone",
    "port": "numbers:Port",
    "postgres": "services:Postgres",
    "private-key": "pems:PrivateKey",
    "public-key": "pems:PublicKey",
    "redis": "services:Redis",
    "regex": "expressions:Regex",
    "resend-key": "vendors:ResendKey",
    "s3-uri": "aws:S3Uri",
    "semver": "identifiers:Semver",
    "sendgrid-key": "vendors:SendgridKey",
    "sentry-dsn": "vendors:SentryDsn",
    "slack-token": "vendors:SlackToken",
    "slack-webhook": "vendors:SlackWebhook",
    "smtp": "services:Smtp",
    "ssh-key": "sshkeys:SshKey",
    "stripe-key": "stripe:StripeKey",
    "stripe-webhook-secret": "stripe:StripeWebhookSecret",
    "supabase-key": "supabase:SupabaseKey",
    "text": "text:Text",
    "timestamp": "times:Timestamp",
    "timezone": "schedule:Timezone",
    "twilio-sid": "vendors:TwilioSid",
    "ulid": "identifiers:Ulid",
    "url": "urls:Url",
    "uuid": "identifiers:Uuid",
    "yaml": "documents:Yaml",
}
"""Type name to `module:Class` below `assay.formats`, in alphabetical order."""


def format_class(name: str) -> type[Format]:
    """The class of the value type `name`; KeyError if there is none."""
    module, _, attribute = FORMATS[name].partition(":")
    found: type[Format] = getattr(import_module(f"assay.formats.{module}"), attribute)
    return found
