"""The texts that hygiene looks for. Plain data, imported by the screen: keep it free of imports."""

UNSET_LITERALS = frozenset(
    ("undefined", "null", "None", "nil", "NaN", "[object Object]", "<no value>", "<nil>", "(null)")
)
"""What scripts in JavaScript, Python, Ruby and Go write for something that was never set."""

PLACEHOLDERS = frozenset(
    (
        *("...", "add-me", "change-it", "change-me", "change-this", "changeit", "changeme"),
        *("changethis", "dummy", "enter-here", "fill-in", "fill-me-in", "fillme", "fixme"),
        *("insert-here", "key-here", "my-api-key", "my-secret", "my-secret-key", "placeholder"),
        *("put-your-key-here", "replace-me", "replace-this", "replaceme", "secret-key-here"),
        *("set-me", "setme", "tbd", "to-be-defined", "todo", "xxx"),
    )
)
"""In lower case, with `_` and blanks written as `-`."""

PLACEHOLDER_STARTS = (
    *("your-", "<your", "[your", "{your", "change-me", "changeme", "replace-", "insert-", "todo"),
    *("xxx", "paste-", "<"),
)
"""A placeholder begins like one of these; see `standins.is_placeholder` for the rest of it."""

_LOGS = "a log or a tool"
SENSITIVE = "[SENSITIVE]"
"""What `vercel env pull` writes for a variable that Vercel doesn't give back."""
INSTRUCTIONS = (
    *("add", "ask", "choose", "copy", "create", "enter", "fill", "generate", "get", "insert"),
    *("make", "obtain", "paste", "pick", "please", "provide", "put", "replace", "run", "set"),
    *("specify", "use", "write"),
)
"""Verbs that tell a person what to put here; see `hygiene.unfilled` for what follows them."""

UNFILLED = ("change", "here", "random", "string", "some")
"""What other texts have in them that describe a secret instead of being one."""

REDACTIONS = {
    **dict.fromkeys(("(hidden)", "(redacted)", "**redacted**", "[hidden]", "[protected]"), _LOGS),
    **dict.fromkeys(("[redacted]", "[removed]", "redacted"), _LOGS),
    **dict.fromkeys(("(sensitive)", "(sensitive-value)"), "Terraform"),
    **dict.fromkeys(("[filtered]", "[filter]"), "a log of Rails or Sentry"),
    "[masked]": "a log of GitLab CI",
    "[secure]": "a log of Travis CI",
    "[secret]": "Pulumi",
}
"""What tools write in a secret's place, and which do; in lower case, `_` and blanks written as `-`.
"""

REDACTED_STARTS = {"***": "the log of a CI job", "•••": "a form", "●●●": "a form"}
"""A row of these hides a secret, and where."""


def _run(tool: str, does: str = "resolves") -> str:
    return f"Start the program with `{tool}`, which {does} it, and assay too (`values: [process]`)"


_VAULT = ("a reference to Vault", _run("vault-env"))
_BITWARDEN = ("a reference to Bitwarden", "Start the program with the tool that resolves it")
_STORE = ("a reference to a secret store", "Start the program with the tool that resolves it")
REFERENCES: dict[str, tuple[str, str]] = {
    "op://": ("a reference to 1Password", _run("op run")),
    "pass://": ("a reference to Proton Pass", _run("pass-cli run")),
    "keeper://": ("a reference to Keeper", _run("ksm exec")),
    **dict.fromkeys(("bw://", "bws://", "bitwarden://"), _BITWARDEN),
    **dict.fromkeys(("vault:secret/", "vault:kv/", "vault://"), _VAULT),
    **dict.fromkeys(("awssm://", "aws-sm://", "ssm://", "secretsmanager://"), _STORE),
    **dict.fromkeys(("gcpsm://", "gcp-sm://", "azkv://", "akv://", "keyvault://"), _STORE),
    **dict.fromkeys(("keychain://", "doppler://", "infisical://", "secretref://"), _STORE),
    **dict.fromkeys(
        ("berglas://", "sm://"),
        ("a reference to Google's Secret Manager", _run("berglas exec --")),
    ),
    "ref+": ("a reference for vals", _run("vals exec")),
    "{{resolve:": (
        "a reference for CloudFormation",
        "Set it in a resource of a stack, where CloudFormation resolves it",
    ),
    "arn:": (
        "the ARN of a secret in AWS",
        "Let the platform fetch it, for example with `secrets` in an ECS task",
    ),
    "projects/": (
        "the name of a secret in Google Cloud",
        "Let the platform fetch it, for example with `--set-secrets` of Cloud Run",
    ),
    "@Microsoft.KeyVault(": (
        "a reference to Azure's Key Vault",
        "Set it in an App Service whose identity may read the vault",
    ),
    "secretref:": (
        "a reference for Azure Container Apps",
        "Set it with `az containerapp update --set-env-vars`, which resolves it",
    ),
}
"""How references to secrets begin: what they are, and what resolves them."""

COMMANDS = (
    *("openssl rand ", "openssl gen", "head -c", "uuidgen", "pwgen ", "python -c", "python3 -c"),
    *("node -e", "node -p", "php -r", "php artisan ", "npx auth "),
)
"""How commands begin that make a secret; some loaders drop the backticks around them."""
CIPHERTEXTS = {
    "encrypted:": ("encrypted by dotenvx", _run("dotenvx run", "decrypts")),
    "ENC[AES256_GCM,": ("encrypted by SOPS", _run("sops exec-env", "decrypts")),
    "vault:v": (
        "encrypted by Vault's transit engine",
        "Decrypt it with `vault write transit/decrypt/KEY ciphertext=VALUE` before it is set",
    ),
    "enc:v": ("encrypted", "Decrypt it with the program that encrypted it before it is set"),
    "$ANSIBLE_VAULT;": (
        "encrypted by Ansible Vault",
        "Let Ansible render it where it is set, which decrypts it",
    ),
}
"""How values begin that a tool has encrypted: what they are, and what decrypts them."""

SECRET_FILES = ("/run/secrets/", "/var/run/secrets/")
"""Where containers find the files of their secrets."""

COMMON_SECRETS = frozenset(
    (
        *("000000", "111111", "123123", "123456", "1234567", "12345678", "123456789", "1234567890"),
        *("abc123", "admin", "admin123", "administrator", "default", "guest", "hunter2"),
        *("iloveyou", "keyboard cat", "letmein", "login", "master", "mysecret", "mysecretkey"),
        *("p@ssw0rd", "pass", "passw0rd", "password", "password1", "password123", "postgres"),
        *("qwerty", "qwerty123", "root", "s3cr3t", "secret", "secret123", "secretkey"),
        *("supersecret", "test", "test123", "testing", "toor", "welcome", "welcome1"),
    )
)
"""The head of every list of leaked passwords, and what tutorials put where a secret belongs."""

SEQUENCES = (
    *("01234567", "12345678", "23456789", "87654321", "abcdefgh", "asdfghjk", "qwertyui"),
    "zyxwvuts",
)
"""Runs along the alphabet or the keyboard that a random value of any sensible length lacks."""

PUBLIC_PREFIXES = (
    *("EXPO_PUBLIC_", "GATSBY_", "NEXT_PUBLIC_", "NUXT_PUBLIC_", "PUBLIC_", "REACT_APP_"),
    *("STORYBOOK_", "VITE_", "VUE_APP_"),
)
"""Names that build tools copy into what they send to browsers, by their own documentation."""

SECRET_STARTS = (
    *("sb_secret_", "sk_live_", "sk_test_", "rk_live_", "rk_test_", "whsec_", "sk-ant-"),
    *("sk-proj-", "sk-svcacct-", "ghp_", "gho_", "ghr_", "ghs_", "ghu_", "github_pat_", "glpat-"),
    *("xapp-", "xoxb-", "xoxp-", "SG.", "-----BEGIN PRIVATE KEY", "-----BEGIN RSA PRIVATE KEY"),
    *("-----BEGIN EC PRIVATE KEY", "-----BEGIN OPENSSH PRIVATE KEY"),
    "-----BEGIN ENCRYPTED PRIVATE KEY",
)
"""How keys begin that their issuers call secret."""

PUBLISHABLE_STARTS = ("AIza", "pk_live_", "pk_test_", "sb_publishable_")
"""How keys begin that their issuers mean for browsers, though a type may call them secret: those of
Firebase and Google Maps are held by restrictions (firebase.google.com/docs/projects/api-keys)."""

VENDORS = {
    "ANTHROPIC": "Anthropic",
    "GITHUB": "GitHub",
    "GITLAB": "GitLab",
    "RESEND": "Resend",
    "SENDGRID": "SendGrid",
    "SLACK": "Slack",
    "STRIPE": "Stripe",
    "SUPABASE": "Supabase",
}
"""Words of names that say who issues a key, where no other issuer's key is of any use."""

VENDOR_STARTS = {
    "sk-ant-": "Anthropic",
    **dict.fromkeys(("ghp_", "gho_", "ghs_", "ghu_", "ghr_", "github_pat_"), "GitHub"),
    "glpat-": "GitLab",
    "sk-proj-": "OpenAI",
    "re_": "Resend",
    "SG.": "SendGrid",
    **dict.fromkeys(("xoxb-", "xoxp-", "xapp-"), "Slack"),
    **dict.fromkeys(("sk_live_", "sk_test_", "rk_live_", "rk_test_"), "Stripe"),
    "sb_secret_": "Supabase",
}
"""How keys begin, and whose they are."""

_STRIPE_DOCS = "Stripe's documentation"
_AWS_DOCS = "the AWS documentation"
_DARAJA = "the Daraja sandbox documentation"
_SUPABASE_LOCAL = "Supabase's local development stack"
_AZURITE = "Azurite, the emulator of Azure Storage"
_COSMOS = "the emulator of Azure Cosmos DB"
_RECAPTCHA = "reCAPTCHA's documentation (everyone passes with it)"
_TURNSTILE = "Turnstile's documentation (a test key)"
_HS256 = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."

PUBLISHED = {
    "174379": _DARAJA,
    "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919": _DARAJA,
    "Safaricom999!*!": _DARAJA,
    "254708374149": _DARAJA,
    "AKIAIOSFODNN7EXAMPLE": _AWS_DOCS,
    "AKIAI44QH8DHBEXAMPLE": _AWS_DOCS,
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY": _AWS_DOCS,
    "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY": _AWS_DOCS,
    "sk_test_4eC39HqLyjWDarjtT1zdp7dc": _STRIPE_DOCS,
    "sk_test_BQokikJOvBiI2HlWgH4olfQ2": _STRIPE_DOCS,
    "pk_test_TYooMQauvdEDq54NiTphI7jx": _STRIPE_DOCS,
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/"
    "K1SZFPTOtr/KBHBeksoGMGw==": _AZURITE,
    "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyP"
    "MbIZnqyMsEcaGQy67XIw/Jw==": _COSMOS,
    "6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI": _RECAPTCHA,
    "6LeIxAcTAAAAAGG-vFI1TnRWxMZNFuojJ4WifJWe": _RECAPTCHA,
    "1x00000000000000000000AA": _TURNSTILE,
    "2x00000000000000000000AB": _TURNSTILE,
    "1x00000000000000000000BB": _TURNSTILE,
    "2x00000000000000000000BB": _TURNSTILE,
    "3x00000000000000000000FF": _TURNSTILE,
    "1x0000000000000000000000000000000AA": _TURNSTILE,
    "2x0000000000000000000000000000000AA": _TURNSTILE,
    "3x0000000000000000000000000000000AA": _TURNSTILE,
    "super-secret-jwt-token-with-at-least-32-characters-long": _SUPABASE_LOCAL,
    _HS256
    + "eyJpc3MiOiJzdXBhYmFzZS1kZW1vIiwicm9sZSI6ImFub24iLCJleHAiOjE5ODM4MTI5OTZ9."
    + "CRXP1A7WOeoJeXxjNni43kdQwgnWNReilDMblYTn_I0": _SUPABASE_LOCAL,
    _HS256
    + "eyJpc3MiOiJzdXBhYmFzZS1kZW1vIiwicm9sZSI6InNlcnZpY2Vfcm9sZSIsImV4cCI6MTk4MzgxMjk5Nn0."
    + "EGIM96RAZx35lJzdJsyH-qQwv8Hdp7fsn3W0YpN81IU": _SUPABASE_LOCAL,
}
"""Values that anyone can look up, and where; they work in no live environment."""

_AES = "NIST's test vectors for AES"
_GCM = "the test vectors of AES-GCM"
_JWT_IO = "the debugger at jwt.io"

PUBLISHED_KEYS = {
    bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c"): _AES,
    bytes.fromhex("8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b"): _AES,
    bytes.fromhex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"): _AES,
    bytes.fromhex("feffe9928665731c6d6a8f9467308308"): _GCM,
    bytes.fromhex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"): _GCM,
    bytes.fromhex(
        "730ff4c7af3d46923e8ed451ee813c87f790b0a226bc96a92de49b5e9c05e1ee"
    ): "the specification of Fernet",
    b"vOVH6sdmpNWjRRIqCc7rdxs01lwHzfr3": "tutorials on Node's crypto module",
    b"your-256-bit-secret": _JWT_IO,
    b"a-string-secret-at-least-256-bits-long": _JWT_IO,
}
"""Keys that anyone can look up, by the bytes that the cipher gets, and where."""


def other_vendor(name: str, value: str) -> tuple[str, str]:
    """Whose key a value is, and whose the name asks for; empty texts unless those differ."""
    found = next((who for start, who in VENDOR_STARTS.items() if value.startswith(start)), "")
    if found:
        asked = [VENDORS[word] for word in name.split("_") if word in VENDORS]
        if asked and found not in asked:
            return found, asked[0]
    return "", ""


def public_prefix(name: str) -> str:
    """The public prefix of a name, or an empty text."""
    return next((prefix for prefix in PUBLIC_PREFIXES if name.startswith(prefix)), "")
