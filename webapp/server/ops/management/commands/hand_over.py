"""`manage.py hand_over EMAIL`: exactly what this site holds about one account."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from webapp.server.accounts.models import Account
from webapp.server.holdings import report, vault

NEWEST = 20


class Command(BaseCommand):
    help = "Show everything this site holds about one account: ciphertext by name and size, times, addresses."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the account's e-mail address")
        parser.add_argument("--json", action="store_true", help="every row, as one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        account = Account.objects.filter(email__iexact=options["email"].strip()).first()
        if account is None:
            raise CommandError("There is no account with this address, and nothing about it but what mails show.")
        if options["json"]:
            for piece in report.document(account):
                self.stdout.write(piece, ending="")
            return
        for part in report.overview(account, NEWEST):
            self.stdout.write(f"\n{part.table.title} ({part.table.model}): {part.count}")
            for row in part.newest:
                self.stdout.write("  " + ", ".join(f"{name} {value}" for name, value in row.items()))
            if part.count > len(part.newest):
                self.stdout.write(f"  … the newest {len(part.newest)}; --json has all")
            for column, why in part.table.withheld.items() if part.count else ():
                self.stdout.write(f"  ({column}: {why})")
        self.stdout.write("\nThe key vault, asked for the status of each safe:")
        for answer in vault.asked(account):
            self.stdout.write("  " + ", ".join(f"{name} {value}" for name, value in answer.items()))
        self.stdout.write("It keeps:")
        for name, what in vault.KEPT_THERE.items():
            self.stdout.write(f"  {name}: {what}")
        self.stdout.write("\nBesides:")
        for line in report.BESIDES:
            self.stdout.write(f"  {line}")
        self.stdout.write("\nNot held, and so not to be handed over:")
        for line in report.NOT_HELD:
            self.stdout.write(f"  {line}")
