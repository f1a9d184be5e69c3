"""Tokens of vendors. The values are built here so that no scanner takes them for real."""

import base64

from tests.formats.tables.case import case

from assay.formats.jose import write_jwt

LATER, LONG_AGO = 4102444800, 1000000000


def supabase(role: str, **claims: object) -> str:
    return write_jwt({"alg": "HS256"}, {"role": role, "ref": "abcdefgh", **claims})


ANON, SERVICE = supabase("anon"), supabase("service_role")
PUBLISHABLE, SECRET = f"sb_publishable_{'k' * 22}", f"sb_secret_{'k' * 22}"
BCRYPT = "$2b$12$" + "x" * 53

CASES = (
    # docs.github.com, "About authentication to GitHub", token formats
    case(
        "github-token",
        "ghp_" + "k" * 36,
        "github_pat_" + "k" * 22 + "_" + "k" * 59,
        bad={
            "ghp_" + "k" * 35: "github-token-malformed",
            "x" * 40: "github-token-malformed",
        },
    ),
    case(
        "github-token",
        "ghs_" + "k" * 36,
        kinds=["app"],
        bad={
            "ghp_" + "k" * 36: "github-token-kind",
        },
    ),
    *(case("github-token", kinds=[kind]) for kind in ("oauth", "refresh", "fine-grained")),
    # api.slack.com/concepts/token-types, api.slack.com/messaging/webhooks
    case("slack-token", "xoxb-" + "1" * 12 + "-x", bad={"xoxq-123": "slack-token-malformed"}),
    case(
        "slack-webhook",
        "https://hooks.slack.com/services/T1/B1/" + "x" * 24,
        bad={
            "https://hooks.slack.com/": "slack-webhook-malformed",
        },
    ),
    # docs.sentry.io/concepts/key-terms/dsn-explainer
    case(
        "sentry-dsn",
        f"https://{'a' * 32}@o1.ingest.sentry.io/1",
        "http://a@[::1]/x/1",
        bad={
            "https://o1.ingest.sentry.io/1": "sentry-dsn-malformed",
            "https://a@sentry.io/x": "sentry-dsn-malformed",
            "a": "sentry-dsn-malformed",
            "https://a:b@sentry.io/1": "sentry-dsn-secret",
        },
    ),
    case(
        "openai-key",
        "sk-proj-" + "k" * 40,
        bad={
            "sk-ant-" + "k" * 40: "openai-key-malformed",
            "pk-" + "k" * 40: "openai-key-malformed",
        },
    ),
    case("anthropic-key", "sk-ant-" + "k" * 40, bad={"sk-" + "x": "anthropic-key-malformed"}),
    case("sendgrid-key", f"SG.{'x' * 22}.{'x' * 43}", bad={"SG.x": "sendgrid-key-malformed"}),
    case("resend-key", "re_" + "k" * 32, bad={"re_": "resend-key-malformed"}),
    # twilio.com/docs/glossary/what-is-a-sid
    case("twilio-sid", "AC" + "0" * 32, bad={"AC" + "0" * 31: "twilio-sid-malformed"}),
    case("twilio-sid", "SK" + "0" * 32, prefix="SK", bad={"AC" + "0" * 32: "twilio-sid-kind"}),
    case("npm-token", "npm_" + "k" * 36, bad={"npm_x": "npm-token-malformed"}),
    case("gitlab-token", "glpat-" + "k" * 20, bad={"glpat-x": "gitlab-token-malformed"}),
    case("google-api-key", "AIza" + "k" * 35, bad={"AIza": "google-api-key-malformed"}),
    # docs.stripe.com/keys
    case(
        "stripe-key",
        *(f"{k}k_test_{'x' * 24}" for k in "spr"),
        bad={
            "sk_" + "k" * 24: "stripe-key-malformed",
        },
    ),
    case(
        "stripe-key",
        "sk_live_" + "k" * 24,
        mode="live",
        kinds=["secret", "restricted"],
        bad={
            "sk_test_" + "k" * 24: "stripe-key-mode",
            "pk_live_" + "k" * 24: "stripe-key-kind",
            "pk_test_" + "k" * 24: "stripe-key-mode stripe-key-kind",
        },
    ),
    case(
        "stripe-webhook-secret",
        "whsec_" + "k" * 32,
        bad={
            "sk_test_x": "stripe-webhook-secret-malformed",
        },
    ),
    # supabase.com/docs/guides/api/api-keys
    case(
        "supabase-key",
        *(ANON, SERVICE, PUBLISHABLE, SECRET),
        bad={
            "x": "supabase-key-malformed",
            supabase("authenticated"): "supabase-key-malformed",
            supabase("anon", exp=LONG_AGO): "supabase-key-expired",
        },
    ),
    case(
        "supabase-key",
        *(ANON, PUBLISHABLE),
        role="anon",
        bad={
            SERVICE: "supabase-key-role",
            SECRET: "supabase-key-role",
        },
    ),
    case("supabase-key", *(SERVICE, SECRET), role="service_role", bad={ANON: "supabase-key-role"}),
    case("supabase-key", PUBLISHABLE, role="publishable", bad={ANON: "supabase-key-kind"}),
    case("supabase-key", SECRET, role="secret", bad={PUBLISHABLE: "supabase-key-role"}),
    case("supabase-key", ANON, kinds=["legacy"], bad={PUBLISHABLE: "supabase-key-kind"}),
    case(
        "supabase-key",
        SECRET,
        kinds=["current"],
        role="service_role",
        bad={
            SERVICE: "supabase-key-kind",
        },
    ),
    # Undocumented: samples from the field
    case("mpesa-consumer-key", "x" * 32, "x" * 48, bad={"x": "mpesa-consumer-key-malformed"}),
    case(
        "mpesa-consumer-secret",
        "x" * 16,
        "x" * 64,
        bad={
            "x": "mpesa-consumer-secret-malformed",
        },
    ),
    case("mpesa-passkey", "0" * 64, bad={"0" * 63: "mpesa-passkey-malformed"}),
    case(
        "mpesa-shortcode",
        "174379",
        "12345",
        "1234567",
        bad={
            "1743": "mpesa-shortcode-malformed",
        },
    ),
    case(
        "mpesa-security-credential",
        base64.b64encode(bytes(512)).decode(),
        bad={
            "bw==": "mpesa-security-credential-malformed",
        },
    ),
    # AWS General Reference, "Amazon Resource Names"
    case(
        "aws-arn",
        *("arn:aws:s3:::bucket/key", "arn:aws-us-gov:iam::123456789012:role/x:y"),
        bad={
            "arn:aws:sqs:eu-west-1:jobs": "aws-arn-malformed",
            "arn:aws:sqs:Ireland:123456789012:jobs": "aws-arn-malformed",
        },
    ),
    case(
        "aws-arn",
        "arn:aws:sqs:eu-west-1:123456789012:jobs",
        services=["sqs"],
        regions=["eu-west-1"],
        accounts=["123456789012"],
        bad={
            "arn:aws:sns:eu-west-1:123456789012:jobs": "aws-arn-service",
            "arn:aws:sqs:eu-west-2:123456789012:jobs": "aws-arn-region",
            "arn:aws:sqs:eu-west-1:999999999999:jobs": "aws-arn-account",
        },
    ),
    # IAM User Guide, "IAM identifiers"
    case(
        "aws-access-key-id",
        "AKIA" + "X" * 16,
        "ASIA" + "X" * 16,
        bad={
            "AKIA" + "x" * 16: "aws-access-key-id-malformed",
        },
    ),
    case(
        "aws-access-key-id",
        temporary="forbidden",
        bad={
            "ASIA" + "X" * 16: "aws-access-key-id-temporary",
        },
    ),
    case("aws-secret-access-key", "x" * 40, bad={"x": "aws-secret-access-key-malformed"}),
    # AWS General Reference, Regions: every shape that a code has
    case(
        "aws-region",
        "eu-west-1",
        "eu-central-1",
        "ap-southeast-7",
        "us-gov-east-1",
        "us-isob-east-1",
        "eusc-de-east-1",
        bad={
            "Ireland": "aws-region-malformed",
            "us-east-1a": "aws-region-malformed",
            "us-east": "aws-region-malformed",
        },
    ),
    case("aws-arn", "arn:aws:sqs:ap-southeast-1:123456789012:jobs", regions=["ap-southeast-1"]),
    case(
        "aws-kms-key",
        "alias/x",
        "arn:aws:kms:eu-west-1:123456789012:alias/x",
        bad={
            "x": "aws-kms-key-malformed",
        },
    ),
    # Amazon S3 User Guide, "General purpose bucket naming rules"
    case(
        "s3-uri",
        "s3://backups",
        "s3://my.bucket/a b",
        bad={
            "https://backups.s3.amazonaws.com": "s3-uri-malformed",
            "s3://My_Bucket/x": "s3-uri-bucket",
            "s3://192.168.0.1/x": "s3-uri-bucket",
        },
    ),
    case("s3-uri", "s3://backups/x", path="required", bad={"s3://backups": "s3-uri-key"}),
    case("s3-uri", "s3://backups/", path="forbidden", bad={"s3://backups/x": "s3-uri-key"}),
    # crypt(5), github.com/P-H-C/phc-string-format, OWASP's Password Storage Cheat Sheet
    case(
        "password-hash",
        *(BCRYPT, "$argon2id$v=19$m=65536,t=3,p=4$" + "x" * 16 + "$" + "x" * 43),
        "pbkdf2_sha256$600000$" + "x" * 12 + "$" + "x" * 44,
        bad={
            "hunter2": "password-hash-malformed",
            "$2b$12": "password-hash-truncated",
            "$2b$04$" + "x" * 53: "password-hash-weak",
            "$6$" + "x" * 16 + "$" + "x" * 86: "password-hash-algorithm",
        },
    ),
    *(case("password-hash", algorithms=[name]) for name in ("bcrypt", "scrypt", "pbkdf2")),
    case("password-hash", "$6$" + "x" * 16 + "$" + "x" * 86, algorithms=["sha-crypt"]),
)
