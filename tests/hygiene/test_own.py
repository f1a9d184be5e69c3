"""Names of secrets that a project makes up are told from those that others issue."""

from __future__ import annotations

import pytest

from assay.hygiene.own import made_up


@pytest.mark.parametrize(
    "name",
    [
        *("SESSION_SECRET", "ENCRYPTION_KEY", "SECRET_KEY", "SECRET_KEY_BASE", "SALT", "APP_KEY"),
        *("JWT_SECRET", "JWT_REFRESH_SECRET", "CRON_SECRET", "NEXTAUTH_SECRET", "AUTH_SECRET"),
        *("AUTH0_SECRET", "PAYLOAD_SECRET"),
        *("BETTER_AUTH_SECRET", "DJANGO_SECRET_KEY", "SHOP_SESSION_SECRET", "COOKIE_SECRET"),
        *("FIELD_ENCRYPTION_KEY", "SESSION_SECRET_OLD", "API_TOKEN_SALT", "sessionSecret"),
    ],
)
def test_a_secret_of_ones_own(name):
    assert made_up(name)


@pytest.mark.parametrize(
    "name",
    [
        *("STRIPE_API_KEY", "STRIPE_SECRET_KEY", "TELEGRAM_BOT_TOKEN", "GOOGLE_CLIENT_SECRET"),
        *("ENTERPRISE_LICENSE_KEY", "RESEND_API_KEY", "API_KEY", "AUTH_GOOGLE_SECRET", "TOKEN"),
        *("SUPABASE_JWT_SECRET", "FLW_ENCRYPTION_KEY", "EMAIL_HOST_PASSWORD", "DB_PASSWORD"),
        *("STRIPE_WEBHOOK_SECRET", "TWITTER_ACCESS_TOKEN_SECRET", "RECAPTCHA_SECRET_KEY", "AUTH"),
        *("NEXTAUTH_SECRET_FILE", "SENTRY_AUTH_TOKEN", "_"),
    ],
)
def test_a_secret_that_others_issue(name):
    assert not made_up(name)
