"""The clock in the admin: what ran, how it went, what is next, and "run now"."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from vault.host import run_log
from vault.wire.errors import ErrorCode, VaultError
from webapp.server.celery import app
from webapp.server.notices import feed
from webapp.server.notices.tasks import deliver_outbox, tell_owners
from webapp.server.ops.models import TaskRun

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])
LIST = "admin:ops_taskrun_changelist"


@pytest.fixture
def superuser(django_user_model):
    account = django_user_model(email="operator@example.org", is_staff=True, is_superuser=True)
    account.set_unusable_password()
    account.save()
    client = Client()
    client.force_login(account)
    return client


def queued():
    """The names of the tasks that lie in the embedded broker's folder."""
    return [
        json.loads(path.read_text())["headers"]["task"]
        for path in sorted(Path(settings.BROKER_FOLDER, "messages").iterdir())
        if path.suffix == ".msg"
    ]


@pytest.fixture(autouse=True)
def empty_queue():
    for path in Path(settings.BROKER_FOLDER, "messages").iterdir():
        path.unlink()


def test_a_run_is_noted_with_its_duration_and_result():
    deliver_outbox.apply()
    run = TaskRun.objects.get(name="notices.deliver_outbox")
    assert (run.outcome, run.result, run.error, run.runs) == ("success", 0, "", 1)
    assert 0 <= run.seconds < 10
    assert run.ended >= run.started


def test_a_run_that_fails_is_noted_by_type_and_code_and_never_by_its_text(monkeypatch, vault_of_tests):
    def refused(*args, **given):
        raise VaultError(ErrorCode.UNREACHABLE, secret="hunter2")

    monkeypatch.setattr(feed, "ask", refused)
    tell_owners.apply()
    run = TaskRun.objects.get(name="notices.tell_owners")
    assert (run.outcome, run.error, run.result) == ("failure", "VaultError: vault_unreachable", None)
    assert "hunter2" not in json.dumps(run.recent)


def test_the_last_runs_are_kept_and_no_more():
    for _ in range(run_log.RECENT + 5):
        deliver_outbox.apply()
    run = TaskRun.objects.get(name="notices.deliver_outbox")
    assert (len(run.recent), run.runs) == (run_log.RECENT, run_log.RECENT + 5)


def test_every_task_of_the_schedule_is_listed_even_if_it_never_ran(superuser):
    page = superuser.get(reverse(LIST)).content.decode()
    for entry in app.conf.beat_schedule.values():
        assert entry["task"] in page
    assert "never ran" in page
    assert "No worker has ever run anything here." in page


def test_last_and_next_run_are_shown(superuser):
    deliver_outbox.apply()
    run = TaskRun.objects.get(name="notices.deliver_outbox")
    assert run_log.due(run.name, run.started).at == run.started + timedelta(seconds=10)
    page = superuser.get(reverse(LIST)).content.decode()
    assert "success" in page
    assert "No worker has" not in page


def test_a_task_that_never_ran_says_how_long_after_a_workers_start_it_does(superuser):
    page = superuser.get(reverse(LIST)).content.decode()
    assert "10 s after a worker&#x27;s start" in page
    assert "60 min after a worker&#x27;s start" in page


def test_run_now_really_enqueues(superuser):
    deliver_outbox.apply()
    run = TaskRun.objects.get(name="notices.deliver_outbox")
    reply = superuser.post(reverse("admin:ops_taskrun_run", args=[run.pk]), follow=True)
    assert "is in the queue; reload in a moment." in reply.content.decode()
    assert queued() == ["notices.deliver_outbox"]


def test_without_a_worker_it_says_so(superuser):
    deliver_outbox.apply()
    TaskRun.objects.update(started=timezone.now() - timedelta(minutes=10))
    run = TaskRun.objects.get()
    reply = superuser.post(reverse("admin:ops_taskrun_run", args=[run.pk]), follow=True).content.decode()
    assert "is in the queue. No worker has begun anything since" in reply
    assert queued() == ["notices.deliver_outbox"]


def test_a_run_that_was_killed_shows_as_such(superuser):
    run_log.note_start(TaskRun, "default", "notices.deliver_outbox")
    TaskRun.objects.update(started=timezone.now() - timedelta(hours=1))
    assert "did not end" in superuser.get(reverse(LIST)).content.decode()
    deliver_outbox.apply()
    assert "did not end" not in superuser.get(reverse(LIST)).content.decode()


def test_opening_the_address_runs_nothing(superuser):
    deliver_outbox.apply()
    run = TaskRun.objects.get()
    assert superuser.get(reverse("admin:ops_taskrun_run", args=[run.pk])).status_code == 405
    assert queued() == []


def test_a_foreign_page_runs_nothing(superuser):
    deliver_outbox.apply()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = superuser.cookies
    address = reverse("admin:ops_taskrun_run", args=[TaskRun.objects.get().pk])
    assert strict.post(address).status_code == 403
    assert queued() == []


def test_staff_without_the_right_to_look_run_nothing(django_user_model):
    deliver_outbox.apply()
    account = django_user_model(email="staff@example.org", is_staff=True)
    account.save()
    client = Client()
    client.force_login(account)
    assert client.post(reverse("admin:ops_taskrun_run", args=[TaskRun.objects.get().pk])).status_code == 403
    assert queued() == []


def test_a_task_that_is_not_on_the_schedule_is_not_run(superuser):
    run = TaskRun.objects.create(name="somewhere.else")
    reply = superuser.post(reverse("admin:ops_taskrun_run", args=[run.pk]), follow=True)
    assert "is not on the schedule" in reply.content.decode()
    assert queued() == []


@pytest.mark.parametrize("name", sorted(entry["task"] for entry in app.conf.beat_schedule.values()))
def test_every_sweep_runs_twice_over_nothing_and_ends_alike(name, vault_of_tests):
    app.loader.import_default_modules()
    task = app.tasks[name]
    first, second = task.apply(), task.apply()
    assert (first.state, second.state) == ("SUCCESS", "SUCCESS")
    assert first.result == second.result or name == "vault.rotate_epoch"


@pytest.fixture
def vault_of_tests(settings, tmp_path):
    """An empty vault whose tickets this site may sign."""
    from django.core.management import call_command

    from webapp.server.signing import ensure_ticket_key

    settings.SITE_TICKET_KEY_PATH = tmp_path / "ticket-key"
    settings.VAULT_TICKET_PUBLIC_KEY = ensure_ticket_key(settings.SITE_TICKET_KEY_PATH)
    settings.VAULT_CUSTODY = {"kind": "software", "path": tmp_path / "custody"}
    settings.VAULT_DUMPS = tmp_path / "dumps"
    settings.CHUNK_STORE = tmp_path / "chunks"
    call_command("vault_setup", verbosity=0)
