"""`manage.py make_admin ADDRESS`: the first administrator of a server."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from webapp.server.accounts.models import Account


class Command(BaseCommand):
    help = "Let an account open the admin pages; makes the account when there is none for the address."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="the e-mail address that signs in")

    def handle(self, *args: Any, **options: Any) -> None:
        address = options["address"].strip().lower()
        account = Account.objects.filter(email=address).first() or Account.objects.create_user(address)
        account.is_staff = account.is_superuser = True
        account.save(update_fields=["is_staff", "is_superuser"])
        self.stdout.write(f"{address} may open /admin/ after signing in by a code (and a second factor, if asked).")
