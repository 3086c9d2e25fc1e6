"""The outbox: a mail is owed from the commit of its row, and goes out once, whoever sweeps and how often."""

import threading
from datetime import timedelta

import pytest
from django.core.mail import EmailMultiAlternatives, mailers
from django.db import connections, transaction
from django.utils import timezone

from webapp.server.notices import outbox
from webapp.server.notices.models import Mail


@pytest.fixture
def smtp(settings):
    """Delivery as in production, by Django's mail machinery, into a mailbox in memory at its end."""
    from django.core import mail

    settings.NOTICES_DELIVERY = "smtp"
    settings.MAILERS = {
        "default": {"BACKEND": "webapp.server.notices.backend.OutboxBackend"},
        "smtp": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"},
    }
    mail.outbox = []
    return mail


@pytest.fixture
def dead_smtp(settings, unused_tcp_port):
    settings.NOTICES_DELIVERY = "smtp"
    settings.MAILERS = {
        "default": {"BACKEND": "webapp.server.notices.backend.OutboxBackend"},
        "smtp": {"OPTIONS": {"host": "127.0.0.1", "port": unused_tcp_port, "timeout": 2}},
    }


@pytest.fixture
def unused_tcp_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def owe(address: str = "ana@example.org", text: str = "1234-5678") -> Mail:
    return outbox.write(
        recipients=[address], sender="Coffer <c@example.org>", subject="Hello", text=text, html="<p>1</p>", headers={}
    )


@pytest.mark.django_db
def test_what_is_sent_becomes_a_row_and_nothing_leaves(smtp):
    message = EmailMultiAlternatives("Sub\tject", "text", "c@example.org", ["ana@example.org"], headers={"X-A": "b"})
    message.attach_alternative("<p>html</p>", "text/html")
    assert message.send() == 1
    mail = Mail.objects.get()
    assert (mail.text, mail.html, mail.headers) == ("text", "<p>html</p>", {"X-A": "b"})
    assert mail.state == Mail.State.WAITING
    assert smtp.outbox == []


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_transaction_takes_its_mail_along(smtp):
    def order_that_fails() -> None:
        with transaction.atomic():
            owe()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        order_that_fails()
    assert not Mail.objects.exists()


@pytest.mark.django_db
def test_repeated_sweeps_send_a_mail_once(smtp):
    owe()
    assert outbox.deliver_due() == 1
    assert outbox.deliver_due() == 0
    assert len(smtp.outbox) == 1
    assert smtp.outbox[0].to == ["ana@example.org"]
    assert smtp.outbox[0].alternatives[0].content == "<p>1</p>"


@pytest.mark.django_db
def test_a_delivered_mail_keeps_no_body(smtp):
    mail = owe()
    outbox.deliver_due()
    mail.refresh_from_db()
    assert (mail.state, mail.text, mail.html) == (Mail.State.SENT, "", "")
    assert mail.sent is not None


@pytest.mark.django_db(transaction=True)
def test_sweeps_at_the_same_time_send_every_mail_once(smtp):
    for number in range(12):
        owe(f"a{number}@example.org")
    start = threading.Barrier(4)
    sent = []

    def sweep():
        try:
            start.wait()
            sent.append(outbox.deliver_due())
        finally:
            connections.close_all()

    sweeps = [threading.Thread(target=sweep) for _ in range(4)]
    for thread in sweeps:
        thread.start()
    for thread in sweeps:
        thread.join()
    assert (len(sent), sum(sent)) == (4, 12)
    assert sorted(message.to[0] for message in smtp.outbox) == sorted(f"a{n}@example.org" for n in range(12))
    assert not Mail.objects.exclude(state=Mail.State.SENT).exists()


@pytest.mark.django_db
def test_a_sweep_that_died_leaves_a_lease_that_runs_out(smtp):
    owe()
    taken = outbox._lease_one(timezone.now())
    assert taken is not None
    assert outbox.deliver_due() == 0
    assert outbox.deliver_due(timezone.now() + outbox.LEASE + timedelta(seconds=1)) == 1


@pytest.mark.django_db
def test_a_sweep_that_lost_its_lease_does_not_mark_the_mail(smtp):
    owe()
    slow = outbox._lease_one(timezone.now())
    outbox._lease_one(timezone.now() + outbox.LEASE + timedelta(seconds=1))
    outbox._deliver(slow)
    assert Mail.objects.get().state == Mail.State.SENDING


@pytest.mark.django_db
def test_a_mail_server_that_is_down_means_later_and_the_log_names_nobody(dead_smtp, caplog):
    mail = owe()
    before = timezone.now()
    assert outbox.deliver_due() == 0
    mail.refresh_from_db()
    assert mail.state == Mail.State.WAITING
    assert mail.text == "1234-5678"
    assert mail.next_attempt >= before + timedelta(minutes=1)
    assert "ana@example.org" not in caplog.text
    assert "1234-5678" not in caplog.text


@pytest.mark.django_db
def test_after_eight_tries_a_mail_is_given_up_and_emptied(dead_smtp):
    mail = owe()
    Mail.objects.update(attempts=outbox.MAX_ATTEMPTS - 1)
    outbox.deliver_due()
    mail.refresh_from_db()
    assert (mail.state, mail.text, mail.html) == (Mail.State.FAILED, "", "")
    assert outbox.deliver_due(timezone.now() + timedelta(days=9)) == 0


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 4), (3, 16), (5, 256), (8, 24 * 60)])
def test_the_wait_grows_up_to_a_day(attempts, minutes):
    assert outbox.wait_after(attempts) == timedelta(minutes=minutes)


@pytest.mark.django_db
def test_in_development_the_row_itself_is_the_delivery(settings):
    settings.NOTICES_DELIVERY = "inbox"
    mail = owe()
    assert outbox.deliver_due() == 1
    mail.refresh_from_db()
    assert (mail.state, mail.text) == (Mail.State.SENT, "1234-5678")


@pytest.mark.django_db(transaction=True)
def test_a_commit_rings_the_worker_through_the_broker(settings):
    from webapp.server.celery import app

    with app.connection_for_read() as connection:
        channel = connection.default_channel
        channel.queue_declare("coffer", passive=False)
        channel.queue_purge("coffer")
        settings.MAILERS = {"default": {"BACKEND": "webapp.server.notices.backend.OutboxBackend"}}
        with transaction.atomic():
            mailers.default.send_messages([EmailMultiAlternatives("s", "t", "c@example.org", ["ana@example.org"])])
            assert channel._size("coffer") == 0
        assert channel._size("coffer") == 1
        channel.queue_purge("coffer")
