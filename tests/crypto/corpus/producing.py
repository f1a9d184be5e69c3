"""Starts the producers, and asks them to encrypt."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HERE = Path(__file__).parent
ROOT = HERE.parents[2]


class App(NamedTuple):
    """An application: what encrypts, and how its spec declares that."""

    language: str
    name: str
    envelope: Any
    recipe: Mapping[str, Any]
    env: str
    """The right text of its variable."""


KEY = "9f1c64b0e83d27a5510b7be94ac2d8f6037d5e21b94f8a6cc0d2137be45a98f3"
KEY64 = base64.b64encode(bytes.fromhex(KEY)).decode()
PHRASE = "correct-horse-battery-staple-2031"
HEX = {"cipher": "aes-256-gcm", "encoding": "hex"}
CBC = {"cipher": "aes-256-cbc", "encoding": "hex"}
_TEXT = {"cipher": "aes-256-gcm", "encoding": "utf8"}
PASSPHRASE = {"cipher": "passphrase", "encoding": "utf8"}
JOINED = {"cipher": "aes-256-gcm", "layout": ["iv:12", "ciphertext", "tag:16"]}
IN_BASE64 = {**JOINED, "encoding": "base64"}

APPS = {
    "node gcm, hex key": App("node", "gcm-hex", "node-gcm-hex", HEX, KEY),
    "node gcm, base64 key": App(
        "node", "gcm-base64-key", "node-gcm-hex", {**HEX, "encoding": "base64"}, KEY64
    ),
    "node gcm, lenient hex": App(
        "node", "gcm-hex", "node-gcm-hex", {**HEX, "decoder": "node"}, KEY
    ),
    "node gcm, sha256": App("node", "gcm-sha256", IN_BASE64, {**_TEXT, "derive": "sha256"}, PHRASE),
    "node gcm, utf8": App("node", "gcm-utf8", "node-gcm-hex", _TEXT, PHRASE[:32]),
    "node gcm, scrypt": App(
        "node",
        "gcm-scrypt",
        "node-gcm-hex",
        {**_TEXT, "derive": {"scrypt": {"salt": "salt"}}},
        PHRASE,
    ),
    "node gcm, bytes": App("node", "gcm-joined", JOINED, HEX, KEY),
    "node gcm, json": App("node", "gcm-json", "node-gcm-json", HEX, KEY),
    "node cbc": App("node", "cbc-hex", "node-cbc-hex", CBC, KEY),
    "node cbc, sha256": App(
        "node",
        "cbc-sha256",
        "node-cbc-hex",
        {**CBC, "encoding": "utf8", "derive": "sha256"},
        PHRASE,
    ),
    "cryptr": App("node", "cryptr", "cryptr", PASSPHRASE, PHRASE),
    "crypto-js": App("node", "cryptojs", "cryptojs", PASSPHRASE, PHRASE),
    "cloak": App(
        "node",
        "cloak",
        "cloak",
        {"cipher": "aes-256-gcm", "encoding": "base64url", "prefix": "k1.aesgcm256."},
        "k1.aesgcm256." + base64.urlsafe_b64encode(bytes.fromhex(KEY)).decode(),
    ),
    "jose": App("node", "jwe", "jwe", HEX, KEY),
    "iron-session": App("node", "iron", "iron-session", PASSPHRASE, PHRASE),
    "secretbox": App(
        "node",
        "secretbox",
        {"format": "secretbox", "encoding": "base64"},
        {"cipher": "secretbox", "encoding": "hex"},
        KEY,
    ),
    "xchacha": App(
        "node",
        "xchacha",
        {"format": "xchacha20-poly1305", "encoding": "base64"},
        {"cipher": "xchacha20-poly1305", "encoding": "hex"},
        KEY,
    ),
    "fernet": App(
        "python",
        "fernet",
        "fernet",
        {"cipher": "fernet", "encoding": "base64url"},
        base64.urlsafe_b64encode(bytes.fromhex(KEY)).decode(),
    ),
    "python gcm": App("python", "gcm-joined", IN_BASE64, HEX, KEY),
    "laravel": App(
        "php",
        "laravel",
        "laravel",
        {"cipher": "aes-256-cbc", "encoding": "base64", "prefix": "base64:"},
        f"base64:{KEY64}",
    ),
    "php cbc": App(
        "php",
        "cbc-joined",
        {"cipher": "aes-256-cbc", "layout": ["iv:16", "ciphertext"], "encoding": "base64"},
        CBC,
        KEY,
    ),
    "php gcm": App(
        "php",
        "gcm-joined",
        {
            "cipher": "aes-256-gcm",
            "layout": ["iv:12", "tag:16", "ciphertext"],
            "encoding": "base64",
        },
        HEX,
        KEY,
    ),
    "rails": App("ruby", "rails", "rails", HEX, KEY),
    "ruby gcm": App(
        "ruby",
        "gcm-joined",
        {
            "cipher": "aes-256-gcm",
            "layout": ["iv:12", "tag:16", "ciphertext"],
            "encoding": "base64",
        },
        HEX,
        KEY,
    ),
    "go gcm": App("go", "gcm", IN_BASE64, HEX, KEY),
    "go gcm, sha256": App("go", "gcm-sha256", IN_BASE64, {**_TEXT, "derive": "sha256"}, PHRASE),
    "java gcm": App("java", "gcm-joined", IN_BASE64, HEX, KEY),
    "java cbc": App(
        "java",
        "cbc-joined",
        {"cipher": "aes-256-cbc", "layout": ["iv:16", "ciphertext"], "encoding": "base64"},
        CBC,
        KEY,
    ),
}


class Producers:
    """The programs that encrypt, each started once."""

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory()
        folder = self._folder.name
        subprocess.run(["javac", "-d", folder, HERE / "producers/Producer.java"], check=True)
        go = f"{folder}/producer"
        subprocess.run(["go", "build", "-o", go, HERE / "producers/producer.go"], check=True)
        node = {"NODE_PATH": str(ROOT / ".peers/node_modules")}
        commands: dict[str, list[str]] = {
            "node": ["node", str(HERE / "producers/node.cjs")],
            "php": ["php", str(HERE / "producers/php.php")],
            "ruby": ["ruby", str(HERE / "producers/ruby.rb")],
            "go": [go],
            "java": ["java", "-cp", folder, "Producer"],
        }
        self._running = {
            name: subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                env={**os.environ, **node},
            )
            for name, command in commands.items()
        }
        self.versions = {
            "node": _printed("node", "--version"),
            "php": _printed("php", "-r", "echo PHP_VERSION;"),
            "ruby": _printed("ruby", "--version"),
            "go": _printed("go", "version"),
            "java": _printed("javac", "-version"),
        }
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._running.values():
            assert process.stdin
            process.stdin.close()
            process.wait()
        self._folder.cleanup()

    def sealed(
        self, app: App, texts: Sequence[str], env: str = "", aads: Sequence[str] | None = None
    ) -> list[dict[str, str]]:
        """What an application stores of these texts, with this value of its variable."""
        env = env or app.env
        if app.language == "python":
            return [{"text": _python(app.name, env, text)} for text in texts]
        process = self._running[app.language]
        assert process.stdin
        assert process.stdout
        if app.language == "java":
            encoded = [base64.b64encode(text.encode()).decode() for text in texts]
            process.stdin.write("\t".join((app.name, env, *encoded)) + "\n")
        else:
            asked = {"app": app.name, "env": env, "texts": list(texts), "aads": aads}
            process.stdin.write(json.dumps(asked) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        assert line, f"{app} stopped"
        stored = line.strip().split("\t") if app.language == "java" else json.loads(line)["stored"]
        return [one if isinstance(one, dict) else {"text": one} for one in stored]


def _python(name: str, env: str, text: str) -> str:
    from cryptography.fernet import Fernet
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if name == "fernet":
        return Fernet(env.encode()).encrypt(text.encode()).decode()
    nonce = os.urandom(12)
    made = AESGCM(bytes.fromhex(env)).encrypt(nonce, text.encode(), b"")
    return base64.b64encode(nonce + made).decode()


def _printed(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
