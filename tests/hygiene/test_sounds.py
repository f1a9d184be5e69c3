"""Names that speak of a secret, and names that speak of something about one."""

from __future__ import annotations

import pytest

from assay.formats import FORMATS
from assay.hygiene.sounds import sound, sounds_secret
from assay.kinds.variable.spec import parse_variable


def listed(text: str) -> list[str]:
    return text.split()


SECRET = listed("""
DB_PASSWORD PGPASSWORD DBPASS dbPassword DBPassword db-password db.password password PASSWORD2
MYSQL_PWD SMTP_PASS MYSQL_PW PASSWD KEY_PASSPHRASE PASSCODE adminPassword2 PASSWORD_PLAIN
REDIS_PASSWORD_STAGING DB_PASSWORD_B64 PASSWORD_HASH spring.datasource.password PASSWORT SENHA
SECRET SECRETS SECRET2 CLIENT_SECRET APPSECRET SECRET_KEY_BASE SECRETKEYBASE VAULT_SECRET_ID
TOKEN API_TOKENS AUTHTOKEN npm_config__authToken NPM_TOKEN_OLD TOKEN_PROD GITHUB_PAT
KEY API_KEY APIKEY apiKey APIKey STRIPE_APIKEY PRIVATE_KEY ENCRYPTION_KEY SIGNING_KEY KEY_V2 KEY_2
MASTERKEY SSH_KEY TLS_KEY LICENSE_KEY APP_KEY PRIVATE_KEY_PEM KEYBOARD_API_KEY
AZURE_STORAGE_PRIMARY_KEY ACTIVE_RECORD_ENCRYPTION_PRIMARY_KEY
CREDENTIALS AWS_CREDENTIAL GOOGLE_APPLICATION_CREDENTIALS CREDS SERVICE_ACCOUNT_JSON
DSN MAILER_DSN DATABASE_URL DB_URL_PROD CONNECTION_STRING CONN_STR SQLCONNSTR_main
ConnectionStrings__Shop SUPABASE_SERVICE_ROLE SALT PASSWORD_SALT PEPPER_V2 WALLET_SEED SEED_PHRASE
MNEMONIC PIN CARD_PIN OTP TOTP_SEED ADMIN_2FA RECOVERY_CODES BACKUP_PHRASE
COOKIE_SECRET SESSION_COOKIE WEBHOOK_SIGNATURE SLACK_WEBHOOK SLACK_WEBHOOK_URL webhookUrl JWT
PSK WIFI_PSK WPA_PSK DB_PSWD PWORD DB_PASWORD ROOTPW ADMINPW BINDPW PUK SIM_PUK KEK DEK PRIVATE_JWK
FERNET ROLE_SECRET_ID ACTIVATION_CODE MOT_DE_PASSE CLAVE DB_PAROLA ПАРОЛЬ DB_密码 パスワード
BASIC_AUTH HTTP_AUTHORIZATION DOCKER_AUTH_CONFIG AUTH_HEADER
POSTGRES_URL POSTGRES_PRISMA_URL POSTGRES_URL_NON_POOLING DIRECT_URL DATABASE_URL_UNPOOLED
MONGODB_URI MONGO_URL AMQP_URL CELERY_BROKER_URL CLOUDINARY_URL KUBECONFIG_DATA
AIRFLOW__DATABASE__SQL_ALCHEMY_CONN SUPABASE_SECRET_KEY GUARDIAN_SECRET NGROK_AUTHTOKEN
""")
PUBLIC = listed("""
PWD OLDPWD BYPASS COMPASS PASS_THROUGH PASSENGER_APP_ENV PASSWORDLESS PASSWORD_MIN_LENGTH
PASSWORD_HASHERS PASSWORD_RESET_URL DATABASE_PASSWORD_FILE PASSWORDFILE ENABLE_PASSWORD_LOGIN
SECRET_NAME SECRET_ARN AWS_SECRET_ID SECRETS_DIR TOKEN_URL TOKEN_URL_PROD TOKEN_TTL TOKEN_TYPE
tokenUrl TOKENIZER_PATH MAX_TOKENS LLM_MAX_TOKENS maxTokens TOKENS_PER_MINUTE OUTPUT_TOKENS
PUBLIC_KEY JWT_PUBLIC_KEY publicKey AWS_ACCESS_KEY_ID KEY_ID keyId STRIPE_PUBLISHABLE_KEY
SUPABASE_ANON_KEY RECAPTCHA_SITE_KEY SORT_KEY KEYBOARD KEYBOARD_LAYOUT MONKEY SURVEYMONKEY HOTKEY
TURKEY_REGION PRIMARY_KEY TABLE_PRIMARY_KEY PRIMARY_KEY_NAME KEY_PATH TLS_KEY_FILE KEYSPACE
KEYCLOAK_URL KEY_VAULT_NAME NEXT_PUBLIC_API_KEY VITE_TOKEN SALT_ROUNDS RANDOM_SEED DB_SEED SEEDS_DIR
GPIO_PIN SPINNER PINATA_GATEWAY COOKIE_NAME COOKIE_DOMAIN COOKIES_ENABLED JWT_ISSUER JWT_ALGORITHM
AUTH_URL AUTH0_DOMAIN AUTH0_CLIENT_ID USE_AUTH SMTP_AUTH AUTHOR PRIVATE_NETWORK WEBHOOK_PATH
MAPBOX_PUBLIC_TOKEN STORYBLOK_PUBLIC_TOKEN RATE_LIMIT_TOKENS SECRET_MANAGER_PROJECT KUBECONFIG
MONGO_INITDB_DATABASE POSTGRES_USER AMQP_EXCHANGE BROKER_POOL_SIZE SPRING_DATASOURCE_USERNAME
WEBHOOK_TIMEOUT EMAIL_SIGNATURE PORT HOST LOG_LEVEL DATABASE_HOST REDIS_URL NODE_ENV OPTIONS PATH
""")
LEFT_TO_NAMES = {
    *("base64", "base64url", "csv", "hex", "http-header", "integer", "json", "list"),
    *("text", "ulid", "url", "uuid", "yaml"),
}
"""Types that leave something to names; all others say themselves what their values are."""


@pytest.mark.parametrize("name", SECRET)
def test_a_name_that_sounds_secret(name):
    assert sounds_secret(name)


@pytest.mark.parametrize("name", [*PUBLIC, "", "_", "1", "__2__"])
def test_a_name_of_something_else(name):
    assert not sounds_secret(name)


@pytest.mark.parametrize("name", SECRET)
def test_which_of_several_it_is_changes_nothing(name):
    for tail in ("_OLD", "_PROD", "_2", "_V3"):
        assert sounds_secret(name + tail), name + tail
        assert sounds_secret("SHOP_" + name)


@pytest.mark.parametrize("name", ["DB_PASSWORD", "apiKey", "SESSION_TOKEN_OLD"])
def test_text_without_a_type_is_secret_by_its_name_unless_the_spec_says_otherwise(name):
    assert parse_variable(name, None).secret
    assert parse_variable(name, {"pattern": "[a-z]+"}).secret
    assert not parse_variable(name, {"secret": False}).secret


@pytest.mark.parametrize(
    ("name", "declared"),
    [
        ("TOKEN", {"type": "boolean"}),
        ("TOKEN_KEY", {"type": "integer"}),
        ("ACCESS_TOKEN", {"type": "duration"}),
        ("PASSWORD", {"type": "enum", "options": ["on", "off"]}),
        ("GOOGLE_APPLICATION_CREDENTIALS", {"type": "path"}),
        ("TOKEN", {"type": "url"}),
        ("DATABASE_URL", {"type": "url", "credentials": "forbidden"}),
        ("API_KEYS", {"type": "list", "of": "integer"}),
        ("VERIFY_KEY", {"type": "public-key"}),
        ("API_KEY", {"type": "supabase-key", "role": "anon"}),
    ],
)
def test_a_type_that_says_otherwise_is_a_declaration_of_its_own(name, declared):
    assert sounds_secret(name)
    assert not parse_variable(name, declared).secret


@pytest.mark.parametrize(
    ("name", "declared"),
    [
        ("PIN", {"type": "integer"}),
        ("DB_PASSWORD", {"type": "integer"}),
        ("SLACK_WEBHOOK_URL", {"type": "url"}),
        ("SLACK_WEBHOOK_URL", {"type": "url", "credentials": "forbidden"}),
        ("DATABASE_URL", {"type": "url"}),
        ("API_KEY", {"type": "uuid"}),
        ("API_KEYS", {"type": "list"}),
        ("API_KEYS", {"type": "csv"}),
        ("SERVICE_ACCOUNT_KEY", {"type": "json"}),
        ("AUTH_HEADER", {"type": "http-header"}),
        ("SIGNING_KEY", {"type": "base64"}),
    ],
)
def test_a_type_that_a_secret_may_have_says_nothing_against_it(name, declared):
    assert parse_variable(name, declared).secret


def test_each_type_has_decided_what_it_leaves_to_names():
    made = {name: parse_variable("X", _needed(name)).format for name in FORMATS}
    assert {name for name, form in made.items() if form.left_to_names} == LEFT_TO_NAMES
    assert all(FORMATS[name].arbitrary <= bool(made[name].left_to_names) for name in FORMATS)


def _needed(name: str) -> dict[str, object]:
    return {"type": name, **({"options": ["a"]} if name == "enum" else {})}


def test_sorts_of_secrets():
    assert [sound(n) for n in ("API_KEY", "DSN", "DATABASE_URL", "WEBHOOK", "PIN", "PORT")] == [
        *("text", "address", "address", "webhook", "number", "")
    ]
