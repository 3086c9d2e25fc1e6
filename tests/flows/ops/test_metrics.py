"""/metrics: figures for this machine or for a token, without a person in any of them, over all processes."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from webapp.server.accounts.models import Account
from webapp.server.backups.models import Safe
from webapp.server.notices import outbox
from webapp.server.notices.models import Mail, VaultEvent
from webapp.server.ops import reachable, request_metrics
from webapp.server.ops.models import TaskRun
from webapp.server.vault_link.views import vault

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
TOKEN = "a-token-of-the-monitor"


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    cache.clear()
    reachable._kept.clear()
    vault.cache_clear()
    yield
    reachable._kept.clear()
    vault.cache_clear()


def figures(client: Client, **headers: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    reply = client.get("/metrics", headers=headers)
    assert reply.status_code == 200
    assert "no-store" in reply["Cache-Control"]
    families = text_string_to_metric_families(reply.content.decode())
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for family in families for s in family.samples}


def test_a_program_on_this_machine_may_ask(client: Client) -> None:
    assert figures(client)[("coffer_accounts", ())] == 0


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("203.0.113.9", {}),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}),
        ("127.0.0.1", {"Forwarded": "for=203.0.113.9"}),
        ("127.0.0.1", {"Authorization": "Bearer wrong"}),
        ("::ffff:203.0.113.9", {}),
        ("", {}),
    ],
)
def test_nobody_else_sees_that_it_is_there(
    client: Client, settings: Any, address: str, headers: dict[str, str]
) -> None:
    settings.COFFER_METRICS_TOKEN = TOKEN
    reply = client.get("/metrics", REMOTE_ADDR=address, headers=headers)
    assert reply.status_code == 404
    assert b"coffer_" not in reply.content


def test_the_token_opens_it_from_anywhere_and_an_unset_one_opens_nothing(client: Client, settings: Any) -> None:
    given = {"Authorization": f"Bearer {TOKEN}", "X-Forwarded-For": "203.0.113.9"}
    settings.COFFER_METRICS_TOKEN = TOKEN
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9", headers=given).status_code == 200
    settings.COFFER_METRICS_TOKEN = ""
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9", headers=given).status_code == 404
    empty = {"Authorization": "Bearer ", "X-Forwarded-For": "203.0.113.9"}
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9", headers=empty).status_code == 404


def test_requests_are_counted_by_route_and_class_of_status(client: Client) -> None:
    before = figures(client)
    client.get("/limits/")
    client.get("/nowhere/mira@example.org/")
    client.post("/accounts/login/", {"login": "mira@example.org"})
    after = figures(client)

    def grown(name: str, **labels: str) -> float:
        key = (name, tuple(sorted(labels.items())))
        return after.get(key, 0) - before.get(key, 0)

    assert grown("coffer_requests_total", route="limits", status="2xx") == 1
    assert grown("coffer_requests_total", route="none", status="4xx") == 1
    assert grown("coffer_response_bytes_total", route="limits") > 1000
    assert grown("coffer_request_bytes_total", route="account_login") > 20
    assert grown("coffer_request_seconds_count", route="limits") == 1


def test_a_streamed_answer_is_counted_as_it_goes(client: Client) -> None:
    account = Account.objects.create_user("mira@example.org")
    client.force_login(account)
    key = ("coffer_response_bytes_total", (("route", "your_data"),))
    before = figures(client).get(key, 0)
    sent = len(b"".join(client.post("/accounts/your-data/").streaming_content))
    assert figures(client)[key] - before == sent


def test_no_label_names_a_person_a_safe_or_an_address(client: Client) -> None:
    account = Account.objects.create_user("mira@example.org")
    safe = Safe.objects.create(account=account, safe_id=b"s" * 16, owner_public_key=b"o" * 32, key_check=b"k" * 16)
    client.force_login(account)
    for path in (
        f"/api/v1/safes/{safe.safe_id.hex()}/snapshots",
        "/app/safes/x",
        "/?q=mira@example.org",
        "/accounts/email/",
    ):
        client.get(path)
    text = client.get("/metrics").content.decode()
    assert "mira" not in text
    assert safe.safe_id.hex() not in text
    assert bytes(account.public_id).hex() not in text
    assert set(re.findall(r"[{,](\w+)=\"", text)) <= {"route", "status", "task", "kind", "le"}


def test_tasks_outbox_and_store_are_in_it(client: Client) -> None:
    now = timezone.now()
    TaskRun.objects.create(
        name="backups.scrub",
        started=now - timedelta(minutes=5),
        seconds=2.5,
        runs=7,
        error="OSError",
        outcome="failure",
    )
    outbox.write(recipients=["a@example.org"], sender="b", subject="", text="", headers={})
    Mail.objects.update(created=now - timedelta(minutes=3))
    account = Account.objects.create_user("mira@example.org")
    Safe.objects.create(
        account=account, safe_id=b"s" * 16, owner_public_key=b"o" * 32, key_check=b"k" * 16, stored_bytes=1234
    )
    for number, kind in enumerate(("guess_charged", "locked", "guess_charged")):
        VaultEvent.objects.create(
            head=bytes([number]) * 32, account_id=b"a" * 16, safe_id=b"s" * 16, record_id=b"r" * 16,
            number=number, kind=kind, at=now, guesses_left=1, received=now,
        )  # fmt: skip
    found = figures(client)
    scrub = (("task", "backups.scrub"),)
    assert found[("coffer_task_runs_total", scrub)] == 7
    assert found[("coffer_task_failing", scrub)] == 1
    assert 299 < found[("coffer_task_age_seconds", scrub)] < 330
    assert found[("coffer_mails_owed", ())] == 1
    assert found[("coffer_mail_oldest_seconds", ())] > 179
    assert found[("coffer_stored_bytes", ())] == 1234
    assert found[("coffer_vault_events", (("kind", "guess_charged"),))] == 2
    assert found[("coffer_vault_events", (("kind", "locked"),))] == 1


COUNT = """
import django; django.setup()
from webapp.server.ops import request_metrics
request_metrics.REQUESTS.labels("elsewhere", "2xx").inc(3)
"""


def test_what_another_process_counted_is_in_it(client: Client, settings: Any) -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "webapp.server.settings.development"}
    environment["COFFER_DATA"] = str(settings.COFFER_DATA)
    subprocess.run(
        [sys.executable, "-c", COUNT], env=environment, check=True, timeout=60, cwd=settings.APP_BUNDLE.parents[1]
    )
    key = ("coffer_requests_total", (("route", "elsewhere"), ("status", "2xx")))
    assert figures(client)[key] == 3


def test_what_was_counted_before_is_forgotten_at_the_next_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(request_metrics, "FOLDER", tmp_path)
    tmp_path.joinpath("counter_1.db").write_bytes(b"")
    request_metrics.forget_ended_processes()
    assert list(tmp_path.iterdir()) == []


def test_ready_names_what_the_site_goes_on_without(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BROKER_URL = "amqp://nobody:nothing@127.0.0.1:1//"
    monkeypatch.setattr(reachable, "current_app", Celery(broker=settings.BROKER_URL, set_as_current=False))
    settings.VAULT_URL = "http://127.0.0.1:1"
    reply = client.get("/health/ready")
    assert reply.status_code == 200
    assert reply.json() == {"ready": True, "down": [], "impaired": ["broker", "vault"]}


def test_without_its_store_the_site_is_not_ready(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.CHUNK_STORE = tmp_path / "gone" / "chunks"
    reply = client.get("/health/ready")
    assert reply.status_code == 503
    assert reply.json()["down"] == ["store"]
    assert str(tmp_path) not in reply.content.decode()
