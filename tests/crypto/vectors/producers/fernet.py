"""Fernet tokens of PyPI `cryptography`."""

import json

import cryptography
from cryptography.fernet import Fernet, MultiFernet

SECRET = "ej4VPr9aS9jX9xBpnVFUJrMysIYabupGJOKDxLjUvzc="
OTHER = "wekLX22IR6ObAvjUXjxxqltk5_0ZCMKzdk-h1eCTfCg="
RECIPE = {"cipher": "fernet", "encoding": "base64url"}
vectors = [
    {
        "name": name,
        "envelope": "fernet",
        "recipe": RECIPE,
        "secret": SECRET,
        "stored": sealing.encrypt(text.encode()).decode(),
        "plaintext": text,
    }
    for name, sealing, text in (
        ("a short text", Fernet(SECRET), "hello"),
        ("an empty text", Fernet(SECRET), ""),
        ("more than one block", Fernet(SECRET), "naïve café " * 9),
        ("of a MultiFernet", MultiFernet([Fernet(SECRET), Fernet(OTHER)]), "hello"),
    )
]
producer = f"cryptography {cryptography.__version__}"
print(json.dumps({"producer": producer, "vectors": vectors}))  # noqa: T201 - its output
