"""OpenPGP messages of PostgreSQL's pgcrypto, by a server that lives for it."""

import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

BIN = max(Path("/usr/lib/postgresql").glob("*/bin"))
SECRET = "correct horse battery staple"
PLAIN = "hello naïve café"
LONG, TIMES = "armoured, in parts", 900  # more than 16 KiB
OPTIONS = (
    "",
    "cipher-algo=aes256",
    "cipher-algo=aes192",
    "compress-algo=1",
    "compress-algo=2, compress-level=9",
    "compress-algo=1, cipher-algo=aes256",
    "s2k-mode=0",
    "s2k-mode=1",
    "s2k-digest-algo=sha256",
    "sess-key=1",
    "sess-key=1, cipher-algo=aes256",
    "unicode-mode=1",
    "convert-crlf=1",
)


def ran(folder: Path, *words: str) -> str:
    """What a program of PostgreSQL prints; as root it is run as the user postgres."""
    drop = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    command = [*(drop if os.getuid() == 0 else []), str(BIN / words[0]), *words[1:]]
    return subprocess.run(
        command, check=True, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, cwd=folder
    ).stdout.strip()


def made(folder: Path) -> list[dict[str, Any]]:
    """The vectors."""
    connection = ["psql", "-h", str(folder), "-U", "postgres", "-Atc"]
    ran(folder, *connection, "CREATE EXTENSION pgcrypto")
    calls = {
        options or "as it is": f"encode(pgp_sym_encrypt('{PLAIN}', '{SECRET}', '{options}'), 'hex')"
        for options in OPTIONS
    }
    calls[LONG] = f"armor(pgp_sym_encrypt(repeat('{PLAIN}', {TIMES}), '{SECRET}'))"
    calls["bytes"] = f"encode(pgp_sym_encrypt_bytea('{PLAIN}', '{SECRET}'), 'hex')"
    calls["armoured"] = f"armor(pgp_sym_encrypt('{PLAIN}', '{SECRET}'))"
    calls["armoured with headers"] = (
        f"armor(pgp_sym_encrypt('{PLAIN}', '{SECRET}'), array['Comment'], array['made up'])"
    )
    vectors: list[dict[str, Any]] = []
    for name, call in calls.items():
        stored = ran(folder, *connection, f"SELECT {call}")
        vectors.append(
            {
                "name": name,
                "envelope": "pgcrypto",
                "recipe": {"cipher": "passphrase", "encoding": "utf8"},
                "secret": SECRET,
                "stored" if name.startswith("armoured") else "stored_hex": stored,
                "plaintext": PLAIN * TIMES if name == LONG else PLAIN,
            }
        )
    return vectors


with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    if os.getuid() == 0:
        subprocess.run(["chown", "postgres:postgres", name], check=True)
    options = ["-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"]
    ran(folder, "initdb", "-D", f"{name}/data", *options)
    server = f"-k {name} -c listen_addresses="
    control = ["pg_ctl", "-D", f"{name}/data", "-w", "-l", f"{name}/log"]
    ran(folder, *control, "-o", server, "start")
    try:
        vectors = made(folder)
        version = ran(folder, "postgres", "--version")
    finally:
        ran(folder, *control, "-m", "immediate", "stop")
print(json.dumps({"producer": f"{version}, pgcrypto", "vectors": vectors}))  # noqa: T201 - output
