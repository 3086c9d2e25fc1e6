"""Makes what compose.yaml expects in a folder of secrets: `python3 deploy/make_secrets.py [FOLDER]` (default: secrets).

Random passwords, the addresses that hold them, and a certificate for the vault (with the program openssl). Nothing
that is there already is changed. Standard library only, so that it runs where nothing of Coffer is installed.
"""

import json
import os
import secrets
import subprocess
import sys
from pathlib import Path

# Read inside the containers by users that this machine does not know: the folder is what keeps others out.
READABLE = 0o444
# What cannot be made up here.
ASKED_FOR = {
    "smtp": "the mail server's address, such as smtp://user:password@mail.example.org:587",
    "ticket-key": "what `manage.py ticket_key` prints on the site",
}


def main() -> None:
    """Make what is missing, and say what is still to be written by hand."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "secrets")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    passwords = {name: kept(folder / f"{name}-password") for name in ("site-db", "vault-db", "broker", "store")}
    kept(folder / "metrics-token")
    for name in ("site", "vault"):
        password = passwords[f"{name}-db"]
        write(folder / f"{name}-database", f"postgresql://coffer:{password}@{name}-db/coffer")
    write(folder / "broker", f"amqp://coffer:{passwords['broker']}@broker:5672//")
    write(folder / "broker.conf", f"default_user = coffer\ndefault_pass = {passwords['broker']}\n")
    write(folder / "store", f"s3+http://coffer:{passwords['store']}@store:8333/coffer?direct=no")
    write(folder / "store.json", json.dumps(users(passwords["store"])))
    certificate(folder)
    for name, what in ASKED_FOR.items():
        if not (folder / name).exists():
            sys.stdout.write(f"Still to be written into {folder / name}: {what}\n")


def kept(path: Path) -> str:
    """The secret in that file, made once: 32 random bytes in hexadecimal."""
    write(path, secrets.token_hex(32))
    return path.read_text(encoding="utf-8").strip()


def write(path: Path, text: str) -> None:
    """Unless it is there."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    path.chmod(READABLE)


def users(password: str) -> dict[str, object]:
    """The store's one user, in SeaweedFS's words."""
    credentials = [{"accessKey": "coffer", "secretKey": password}]
    return {
        "identities": [{"name": "coffer", "credentials": credentials, "actions": ["Admin", "Read", "Write", "List"]}]
    }


def certificate(folder: Path) -> None:
    """Signed by itself: the site trusts this one and no other."""
    key, made = folder / "vault-key.pem", folder / "vault-certificate.pem"
    if made.exists():
        return
    extensions = ["subjectAltName=DNS:vault,DNS:localhost", "keyUsage=critical,digitalSignature,keyCertSign"]
    command = ["openssl", "req", "-x509", "-newkey", "ed25519", "-noenc", "-days", "3650", "-subj", "/CN=vault"]
    for extension in extensions:
        command += ["-addext", extension]
    subprocess.run([*command, "-keyout", str(key), "-out", str(made)], check=True, capture_output=True)  # noqa: S603
    for path in (key, made):
        path.chmod(READABLE)


if __name__ == "__main__":
    main()
