"""Scrubbing, expiry and quotas: rot is found before a restore finds it, and nothing expires unsaid."""

import hashlib
from pathlib import Path
from typing import Any

from tests.flows.backups.later_life import DAY, back_up, later, readable, sums_agree, tidy
from tests.flows.backups.site_client import Browser, chunk, code
from webapp.server.backups.models import Quota, Safe
from webapp.server.backups.services import expiry, scrubbing
from webapp.server.backups.storage import current_store
from webapp.server.notices.models import Mail


def test_rot_is_found_and_the_next_upload_replaces_it(browser: Browser, store: Path) -> None:
    good, bad = chunk(), chunk()
    back_up(browser, [good, bad])
    path = next(store.rglob(f"{bad[0].hex()}.*"))
    path.write_bytes(bytes([path.read_bytes()[0] ^ 1]) + path.read_bytes()[1:])
    done = scrubbing.scrub(current_store(), later(days=31))
    assert (done.chunks, done.damaged) == (2, 1)
    assert scrubbing.scrub(current_store(), later(days=31)).chunks == 0
    again = (bad[0], b"sealed anew")
    assert browser.put([again]).content == hashlib.sha256(again[1]).digest()
    assert readable(browser, [again])
    tidy(later(days=40))
    assert not path.exists()
    assert sums_agree()


def test_a_scrub_reads_a_bounded_amount_and_goes_on_next_time(browser: Browser) -> None:
    back_up(browser, [chunk(1000) for _ in range(5)])
    at = later(days=31)
    assert [scrubbing.scrub(current_store(), at, run_bytes=2000).chunks for _ in range(4)] == [2, 2, 1, 0]


def test_a_year_of_silence_is_told_three_times_and_then_it_goes_into_the_trash(browser: Browser) -> None:
    back_up(browser, [chunk()])
    told = []
    for day in range(300, 372):
        warned, trashed = expiry.warn_and_expire(later(days=day))
        told += [day] * warned
        if trashed:
            break
    assert told == [335, 358, 364]
    assert day == 365
    safe = Safe.objects.get()
    assert safe.purge_after - safe.trashed == 30 * DAY


def test_a_worker_that_slept_warns_before_anything_expires(browser: Browser) -> None:
    back_up(browser, [chunk()])
    assert expiry.warn_and_expire(later(days=500)) == (1, 0)
    assert expiry.warn_and_expire(later(days=500, hours=23)) == (0, 0)
    assert expiry.warn_and_expire(later(days=501)) == (0, 1)


def test_using_the_safe_or_saying_so_keeps_it(browser: Browser) -> None:
    back_up(browser, [chunk()])
    expiry.warn_and_expire(later(days=340))
    expiry.touch(Safe.objects.get(), later(days=341))
    assert expiry.warn_and_expire(later(days=366)) == (0, 0)
    assert Safe.objects.get().warned_days is None
    reply = browser.post(browser.path("touch"), {})
    assert reply.json()["expires"] is not None


def test_one_click_in_the_mail_keeps_it(browser: Browser, client: Any) -> None:
    back_up(browser, [chunk()])
    expiry.warn_and_expire(later(days=340))
    mail = Mail.objects.latest("pk")
    link = next(word for word in mail.text.split() if "/keep/" in word)
    path, token = "/" + link.split("/", 3)[3], link.partition("?t=")[2]
    assert client.get(path).status_code == 200
    assert Safe.objects.get().warned_days == 30
    assert client.post("/keep/", {"t": token}).status_code == 200
    assert Safe.objects.get().warned_days is None
    assert client.post("/keep/", {"t": "of nobody"}).status_code == 404


def test_an_empty_safe_and_a_site_without_expiry_tell_nobody(browser: Browser, settings: Any) -> None:
    assert expiry.warn_and_expire(later(days=400)) == (0, 0)
    back_up(browser, [chunk()])
    settings.BACKUP_EXPIRY_DAYS = 0
    assert expiry.warn_and_expire(later(days=4000)) == (0, 0)


def test_an_account_can_have_a_limit_of_its_own(browser: Browser) -> None:
    Quota.objects.create(account=browser.account, bytes=150)
    assert browser.put([chunk(100)]).status_code == 200
    assert code(browser.put([chunk(100)])) == "quota_exceeded"
