"""What counts as a backup that shrank, and which backups are of the same chats."""

import pytest

from webapp.engine.completeness import BackupShrank, Change, Totals, mismatches, require_not_shrunk, same_chats, shrunk

MIB = 1 << 20


def test_less_than_half_of_messages_media_or_bytes_is_strange() -> None:
    before = Totals(1000, 200, 3000 * MIB)
    assert shrunk(before, Totals(500, 100, 1500 * MIB)) == []
    assert shrunk(before, Totals(499, 200, 3000 * MIB)) == [Change("messages", 1000, 499)]
    assert shrunk(before, Totals(1000, 99, 3000 * MIB)) == [Change("media", 200, 99)]
    assert shrunk(before, Totals(1000, 200, 17 * MIB)) == [Change("bytes", 3000 * MIB, 17 * MIB)]


def test_a_few_less_is_no_question_but_nothing_left_is() -> None:
    assert shrunk(Totals(4, 2, 1000), Totals(1, 0, 400)) == [Change("media", 2, 0)]
    assert shrunk(Totals(4, 2, 1000), Totals(1, 1, 400)) == []
    assert shrunk(Totals(4, 0, 1000), Totals(0, 0, 1000)) == [Change("messages", 4, 0)]


def test_growing_and_staying_are_fine() -> None:
    require_not_shrunk(Totals(10, 10, 10 * MIB), Totals(10, 10, 10 * MIB))
    require_not_shrunk(Totals(0, 0, 0), Totals(0, 0, 0))


def test_the_refusal_says_what_shrank() -> None:
    with pytest.raises(BackupShrank) as caught:
        require_not_shrunk(Totals(1000, 0, 0), Totals(1, 0, 0))
    assert caught.value.data == {"shrunk": [{"what": "messages", "before": 1000, "now": 1}]}


def test_exports_of_single_chats_are_compared_only_by_a_file_in_common() -> None:
    assert same_chats("whatsapp_text", ["a.zip"], "whatsapp_text", ["a.zip", "b.zip"])
    assert not same_chats("whatsapp_text", ["a.zip"], "whatsapp_text", ["b.zip"])
    assert same_chats("whatsapp_android", ["msgstore.db"], "whatsapp_android", ["msgstore.db.crypt15"])
    assert not same_chats("whatsapp_android", ["x"], "signal", ["x"])


def test_counts_that_differ_from_the_archive_are_named() -> None:
    promised = {"chats": 1, "messages": 10, "media": 3}
    assert mismatches(promised, promised) == []
    assert mismatches(promised, {"chats": 1, "messages": 9, "media": 3}) == [Change("messages", 10, 9)]
    assert mismatches(promised, {}) == [Change("chats", 1, 0), Change("messages", 10, 0), Change("media", 3, 0)]
