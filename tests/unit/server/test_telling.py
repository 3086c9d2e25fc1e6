"""Which events become mail: nothing important is left out, and nobody learns to ignore the mails."""

from datetime import UTC, datetime, timedelta

import pytest

from webapp.server.notices.telling import Entry, decide

START = datetime(2026, 11, 24, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class Story:
    """A record's events as the feed brings them, told to by a sweep every ten seconds."""

    def __init__(self):
        self.entries = [
            Entry(1, "answered", START, 10, waiting=False),
            Entry(2, "registered", START, 10, waiting=False),
        ]
        self.now = START
        self.letters = []

    def sweep(self):
        decision = decide(self.entries, self.now)
        told = {letter.number for letter in decision.letters}
        self.letters += decision.letters
        self.entries = [
            Entry(e.number, e.kind, e.at, e.guesses_left, e.locked_until, False, e.number in told)
            if e.number in decision.settled
            else e
            for e in self.entries
        ]

    def wait(self, seconds):
        until = self.now + seconds * SECOND
        while self.now < until:
            self.now = min(until, self.now + 10 * SECOND)
            self.sweep()
        return self

    def __call__(self, kind, left, lock=0):
        until = self.now + lock * SECOND if lock else None
        self.entries.append(Entry(len(self.entries) + 1, kind, self.now, left, until))
        return self

    def told(self):
        return [letter.event for letter in self.letters]


@pytest.fixture
def story():
    return Story()


def test_a_wrong_guess_is_told_when_its_login_has_ended_and_not_before(story):
    story("guess_charged", 9).wait(60)
    assert story.told() == []
    story.wait(30)
    assert story.told() == ["wrong_guess"]
    assert (story.letters[0].wrong, story.letters[0].guesses_left) == (1, 9)


def test_an_unlock_is_one_mail(story):
    story("guess_charged", 9).wait(2)("recovered", 10).wait(200)
    assert story.told() == ["safe_unlocked"]
    assert story.letters[0].wrong == 0


def test_a_mistyped_password_and_the_right_one_after_it_are_one_mail(story):
    story("guess_charged", 9).wait(20)("guess_charged", 8).wait(2)("recovered", 10).wait(200)
    assert story.told() == ["safe_unlocked"]
    assert story.letters[0].wrong == 1


def test_three_quick_tries_of_which_the_last_is_right_tell_no_lock(story):
    story("guess_charged", 9).wait(10)("guess_charged", 8).wait(10)("locked", 7, 60).wait(1)("recovered", 10).wait(300)
    assert story.told() == ["safe_unlocked"]
    assert story.letters[0].wrong == 2


def test_unlocking_all_day_is_one_mail_and_the_next_day_another(story):
    for _ in range(5):
        story("guess_charged", 9).wait(2)("recovered", 10).wait(3600)
    assert story.told() == ["safe_unlocked"]
    story.wait(86_400)("guess_charged", 9).wait(2)("recovered", 10).wait(100)
    assert story.told() == ["safe_unlocked"] * 2


def test_an_unlock_after_wrong_guesses_is_told_whatever_was_told_before(story):
    story("guess_charged", 9).wait(2)("recovered", 10).wait(600)
    story("guess_charged", 9).wait(600)("guess_charged", 8).wait(2)("recovered", 10).wait(100)
    assert story.told() == ["safe_unlocked", "wrong_guess", "safe_unlocked"]


def test_a_second_wrong_guess_is_not_told_again(story):
    story("guess_charged", 9).wait(200)("guess_charged", 8).wait(200)
    assert story.told() == ["wrong_guess"]


def test_a_short_lock_is_told_by_its_lifting(story):
    story("guess_charged", 9).wait(200)("guess_charged", 8).wait(200)("locked", 7, 60).wait(80)("lock_lifted", 7).wait(
        100
    )
    assert story.told() == ["wrong_guess", "guessing_unlocked"]
    assert (story.letters[1].wrong, story.letters[1].guesses_left) == (3, 7)


def test_a_long_lock_is_told_with_its_end_and_again_when_it_lifts(story):
    for left in (9, 8, 7, 6):
        story("guess_charged", left).wait(200)
    story("locked", 5, 900).wait(910)("lock_lifted", 5).wait(100)
    assert story.told() == ["wrong_guess", "guessing_locked", "guessing_unlocked"]
    assert story.letters[1].until - story.letters[1].at == timedelta(seconds=900)


def test_guesses_that_wait_together_are_one_mail_about_the_gravest(story):
    for left in range(9, 2, -1):
        story("guess_charged", left).wait(1)
    story.wait(200)
    assert story.told() == ["last_guesses"]
    assert (story.letters[0].wrong, story.letters[0].guesses_left) == (7, 3)


def test_each_of_the_last_guesses_is_told(story):
    for left in (9, 8, 7, 6, 5, 4):
        story("guess_charged", left).wait(100)
    for left in (3, 2, 1, 0):
        story("locked", left, 3600).wait(100)
    assert story.told() == ["wrong_guess", *["last_guesses"] * 4]


def test_the_tenth_wrong_guess_is_told_as_the_end(story):
    for left in range(9, -1, -1):
        story("guess_charged", left).wait(1)
    story.wait(58)("destroyed", 0).wait(100)
    assert story.told() == ["password_used_up"]


def test_a_password_that_its_owner_removed_is_told_as_that(story):
    story("guess_charged", 9).wait(2)("recovered", 10).wait(10)("destroyed", 0).wait(100)
    assert story.told() == ["safe_unlocked", "password_removed"]


def test_proving_a_new_password_before_it_replaces_the_old_one_is_no_unlock(story):
    story("staged", 10)("guess_charged", 9).wait(2)("recovered", 10).wait(2)("promoted", 10).wait(100)
    assert story.told() == []
    story("guess_charged", 9).wait(2)("recovered", 10).wait(100)
    assert story.told() == ["safe_unlocked"]


@pytest.mark.parametrize(("kind", "event"), [("restored", "vault_restored"), ("replaced", "password_changed")])
def test_what_speaks_for_itself_is_told_at_once(story, kind, event):
    story(kind, 3).wait(10)
    assert story.told() == [event]


@pytest.mark.parametrize(
    "kind", ["answered", "registered", "staged", "promoted", "dropped", "paused", "resumed", "of_a_later_vault"]
)
def test_what_needs_no_mail_waits_for_none(story, kind):
    story(kind, 10).wait(10)
    assert story.told() == []
    assert not any(entry.waiting for entry in story.entries)


def test_a_wait_that_the_operator_began_again_is_no_guess(story):
    story("guess_charged", 9).wait(100)("locked", 9, 3600).wait(100)
    assert story.told() == ["wrong_guess"]


def test_old_news_is_not_told(story):
    story("guess_charged", 9)("guess_charged", 8)("destroyed", 0)
    story.now += timedelta(days=3)
    story.wait(100)
    assert story.told() == []
    assert not any(entry.waiting for entry in story.entries)


def test_a_worker_that_comes_late_tells_the_same(story):
    story("guess_charged", 9)
    story.now += timedelta(seconds=20)
    story("guess_charged", 8)
    story.now += timedelta(seconds=2)
    story("recovered", 10)
    story.now += timedelta(hours=3)
    story.sweep()
    assert story.told() == ["safe_unlocked"]


def test_a_whole_attack_of_53_hours_is_a_handful_of_mails(story):
    waits = {3: 60, 4: 300, 5: 900, 6: 3600, 7: 14_400, 8: 86_400, 9: 86_400}
    for failure in range(1, 11):
        lock = waits.get(failure, 0)
        story("locked" if lock else "guess_charged", 10 - failure, lock).wait(lock or 30)
        if lock:
            story("lock_lifted", 10 - failure).wait(30)
    story.wait(30)("destroyed", 0).wait(100)
    assert story.told()[-1] == "password_used_up"
    assert len(story.told()) <= 15
