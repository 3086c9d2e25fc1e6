"""Runs on a site's own data: makes an account with a safe and an app token, and prints what its owner knows as JSON.

python -m tests.flows.cli.make_person SCOPES [PASSWORD]
"""

import asyncio
import json
import os
import secrets
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.server.settings.development")
    import django

    django.setup()
    from tests.flows.circle.world import Visitor
    from vault.server.services import identity
    from vault.server.sodium import native_configuration
    from webapp.engine.recovery_key import format_digits
    from webapp.engine.vault_client import VaultClient, VaultPins
    from webapp.server.accounts.app_tokens import make_token
    from webapp.server.accounts.models import Account

    scopes, password = sys.argv[1].split(","), (sys.argv[2] if len(sys.argv) > 2 else None)
    account = Account.objects.create_user(f"person-{secrets.token_hex(4)}@example.org")
    public = identity.public()
    pins = VaultPins(public.opaque_public_key, public.signing_public_key)
    visitor = Visitor(account, pins)
    visitor.http.client.defaults["HTTP_HOST"] = "localhost"
    owner = bytes(account.public_id)
    visitor.vault = VaultClient(
        visitor.http, visitor.provider, native_configuration(), pins, visitor.site.ticket, owner
    )
    safe = asyncio.run(visitor.make_safe(password))
    _, token = make_token(account, "nightly", scopes)
    told = {"email": account.email, "safe": safe.safe.hex(), "digits": format_digits(safe.key), "token": token}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
