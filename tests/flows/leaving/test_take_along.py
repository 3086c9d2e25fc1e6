"""What is held, as one zip: made while it is sent, the same list that the operator sees."""

import hashlib
import io
import json
import time
import zipfile
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from tests.flows.circle.world import Visitor
from webapp.server.accounts.fresh_sign_in import SIGNED_IN_AT
from webapp.server.accounts.models import Account
from webapp.server.backups.models import Chunk
from webapp.server.backups.storage import current_store
from webapp.server.holdings import report
from webapp.server.leaving import take_along

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])

PAGE = "/accounts/your-data/"


def opened(client: Client, **fields: str) -> zipfile.ZipFile:
    reply = client.post(PAGE, fields)
    assert reply.status_code == 200
    assert reply["Content-Disposition"].startswith('attachment; filename="coffer-')
    assert "no-store" in reply["Cache-Control"]
    return zipfile.ZipFile(io.BytesIO(b"".join(reply.streaming_content)))


@pytest.fixture
def mira(backed_up: Visitor) -> Client:
    client = Client()
    client.force_login(backed_up.account)
    return client


def test_the_file_is_what_the_operator_sees(in_every_table: Account) -> None:
    client = Client()
    client.force_login(in_every_table)
    assert "/reauthenticate/" in client.post(PAGE)["Location"]  # whoever has a second factor shows it
    Authenticator.objects.all().delete()
    archive = opened(client)
    assert archive.testzip() is None
    assert archive.namelist() == ["held.json"]
    mine = json.loads(archive.read("held.json"))
    theirs = json.loads("".join(report.document(Account.objects.get(pk=in_every_table.pk))))
    different = {"accounts.Account", "usersessions.UserSession", "sessions.Session", "backups.Safe", "notices.Mail"}
    assert {**mine, "tables": [], "made": 0} == {**theirs, "tables": [], "made": 0}
    for one, other in zip(mine["tables"], theirs["tables"], strict=True):
        assert one == other or one["table"] in different


def test_the_sealed_pieces_come_bit_for_bit_where_they_are_wanted(mira: Client) -> None:
    archive = opened(mira, sealed="yes")
    names = archive.namelist()
    assert len(names) == 1 + Chunk.objects.count() + 2
    for chunk in Chunk.objects.all():
        name = next(name for name in names if chunk.chunk_id.hex() in name)
        assert hashlib.sha256(archive.read(name)).digest() == chunk.sha256


def test_a_lost_piece_does_not_spoil_the_rest(mira: Client, store: Any) -> None:
    next(store.rglob("*.manifest")).unlink()
    assert len(opened(mira, sealed="yes").namelist()) == 1 + Chunk.objects.count() + 1


def test_it_is_never_whole_in_memory(backed_up: Visitor) -> None:
    pieces = [len(piece) for piece in take_along.as_zip(backed_up.account, current_store(), sealed=True)]
    assert len(pieces) > 5
    assert max(pieces) <= take_along.PIECE + 1024


def test_a_session_that_is_not_fresh_downloads_nothing(mira: Client) -> None:
    session = mira.session
    session[SIGNED_IN_AT] = time.time() - 3600
    session.save()
    assert mira.post(PAGE)["Location"] == PAGE


def test_a_stranger_gets_nothing(db: None) -> None:
    assert Client().post(PAGE).status_code == 302


def test_the_page_counts_what_is_there(mira: Client) -> None:
    page = mira.get(PAGE).content.decode()
    for words in ("Sealed pieces", "Backups", "Safes", "E-mail", "Download"):
        assert words in page, words
