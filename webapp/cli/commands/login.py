"""`login`: keep the site's address, an app token and the vault's keys for the commands that follow."""

import argparse
import asyncio
import getpass
import json
import sys

from webapp.cli.asking import prompt
from webapp.cli.bar import Bar
from webapp.cli.config import Config, origin_of
from webapp.cli.connection import Connection
from webapp.cli.places import config_file
from webapp.cli.saying import say
from webapp.engine.crypto.secret import Secret

HELP = "Sign in with an app token, made on the site's account page “Command line”."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("site", help="the site's address, as in your browser: https://…")
    parser.add_argument("--token-stdin", action="store_true", help="read the token from standard input")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """→ 0. Raises SiteAddressWrong, SecretMissing, SiteRefused (token_refused), NetworkDown."""
    site = origin_of(args.site)
    token = sys.stdin.readline().strip() if args.token_stdin else prompt("App token: ").strip()
    return asyncio.run(_login(site, Secret(token.encode()), args.json))


async def _login(site: str, token: Secret, as_json: bool) -> int:
    connection = Connection(Config(site, token), Bar())
    try:
        me = await connection.site.me()
        pins = await connection.told_pins()
    finally:
        connection.close()
    Config(site, token, pins).save()
    told = {
        "site": site,
        "email": me["email"],
        "scopes": me["scopes"],
        "vault_key": pins.signing_public_key.hex(),
        "config": str(config_file()),
    }
    if as_json:
        print(json.dumps(told))
        return 0
    say(f"Signed in to {site} as {me['email']}; this token may: {', '.join(me['scopes'])}.")
    say(f"The vault's signing key is {pins.signing_public_key.hex()}. It is believed from now on; compare it once.")
    say(f"Kept in {config_file()}, for {getpass.getuser()} alone.")
    return 0
