"""An exported list of events: whatever is changed in it, it is noticed and named."""

import copy
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from vault.wire import messages
from vault.wire.encoding import to_text
from vault.wire.event_chain import ChainEnd, event_head
from webapp.cli.__main__ import main
from webapp.cli.crypto import NativeCrypto
from webapp.engine.activity import readable
from webapp.engine.activity_file import FORMAT, ActivityFile, ActivityUnreadable, RecordActivity, faults, parse

VAULT = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = VAULT.public_key().public_bytes_raw()
ACCOUNT, SAFE = b"a" * 16, b"s" * 16
FIRST = [("answered", 10), ("registered", 10), ("guess_charged", 9), ("recovered", 10), ("destroyed", 0)]
SECOND = [
    ("answered", 10),
    ("registered", 10),
    ("guess_charged", 9),
    ("guess_charged", 8),
    ("locked", 7),
    ("lock_lifted", 7),
]


def record_of(version, asked, following, told, key=VAULT):
    name = bytes([version]) * 16
    events, before = [], b""
    for number, (kind, left) in enumerate(told, 1):
        at = f"2026-11-{version:02d}T08:{number:02d}:00.000001+00:00"
        before = event_head(name, before, number, kind, at, left)
        events.append(messages.Event(number, kind, at, left, before))
    end = ChainEnd(bytes([9]) * 32, ACCOUNT, SAFE, asked, name, version, "active", len(events), before, following)
    return RecordActivity(
        asked,
        name,
        version,
        "active",
        len(events),
        before,
        following,
        end.nonce,
        key.sign(end.message()),
        tuple(events),
    )


def whole():
    records = (record_of(1, 0, 3, FIRST), record_of(3, 3, None, SECOND))
    return ActivityFile(FORMAT, ACCOUNT, SAFE, KEY, records)


def found_in(value, key=KEY):
    """The codes of all faults of a file given as JSON."""
    file = parse(json.dumps(value).encode())
    return [(fault.code, fault.version, fault.number) for fault in faults(file, NativeCrypto().ed25519_verify, key)]


def changed(change):
    value = json.loads(whole().text())
    change(value)
    return found_in(value)


def leaves(value, path=()):
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, (*path, name))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from leaves(inner, (*path, place))
    else:
        yield path, value


def others(value):
    """Other values that the same place could hold: every letter's place of a text is changed once."""
    if isinstance(value, int):
        return [value + 1, max(0, value - 1), 0] if value else [1]
    if value is None:
        return [1, "00" * 32, "00" * 16]
    result = []
    for place in range(len(value)):
        for letter in ("0", "1", "a", "A", "Q"):
            if value[place] != letter:
                result.append(value[:place] + letter + value[place + 1 :])
    return [*result, None, value[:-1], value + "0", ""]


def test_an_untouched_file_has_no_fault():
    assert found_in(json.loads(whole().text())) == []


def test_a_safe_that_never_had_a_password_is_signed_too():
    end = ChainEnd(bytes(32), ACCOUNT, SAFE, 0, None, None, "none", 0, None, None)
    nothing = RecordActivity(0, None, None, "none", 0, None, None, end.nonce, VAULT.sign(end.message()), ())
    assert found_in(ActivityFile(FORMAT, ACCOUNT, SAFE, KEY, (nothing,)).to_json()) == []
    assert found_in(ActivityFile(FORMAT, ACCOUNT, SAFE, KEY, ()).to_json()) == [("record_missing", 0, 0)]


def test_every_letter_of_the_file_counts():
    good = json.loads(whole().text())
    tried = 0
    for path, value in leaves(good):
        for other in others(value):
            bad = copy.deepcopy(good)
            place = bad
            for step in path[:-1]:
                place = place[step]
            if other == value:
                continue
            place[path[-1]] = other
            tried += 1
            try:
                assert found_in(bad), (path, value, other)
            except ActivityUnreadable:
                pass
    assert tried > 8_000


def test_a_changed_event_is_named():
    for field, other in (("kind", "recovered"), ("at", "2026-11-03T08:04:00.000002+00:00"), ("guesses_left", 9)):
        assert changed(lambda file: file["records"][1]["events"][3].update({field: other})) == [("event_changed", 3, 4)]  # noqa: B023


def test_a_changed_head_is_named_and_the_events_around_it_are_not_blamed():
    for number in (1, 4, 6):
        assert changed(lambda file: file["records"][1]["events"][number - 1].update(head="00" * 32)) == [  # noqa: B023
            ("head_changed", 3, number)
        ]


def test_a_missing_event_is_named():
    assert changed(lambda file: file["records"][1]["events"].pop(0)) == [("event_missing", 3, 1)]
    assert changed(lambda file: file["records"][1]["events"].pop(3)) == [("event_missing", 3, 4)]


def test_a_cut_off_list_is_named():
    assert changed(lambda file: file["records"][1]["events"].pop()) == [("cut_off", 3, 6)]
    assert changed(lambda file: file["records"][1]["events"].clear()) == [("cut_off", 3, 1)]


def test_a_cut_off_list_whose_count_and_head_were_set_to_match_has_a_wrong_signature():
    def cut(file):
        record = file["records"][1]
        record["events"].pop()
        record.update(count=5, head=record["events"][-1]["head"])

    assert changed(cut) == [("signature_wrong", 3, 0)]


def test_a_rewritten_chain_does_not_lead_to_the_signed_head():
    def rewrite(file):
        forged = record_of(3, 3, None, [*SECOND[:2], *SECOND[2:4], ("recovered", 10), ("registered", 10)]).to_json()
        file["records"][1]["events"] = forged["events"]

    assert changed(rewrite) == [("head_changed", 3, 6)]


def test_an_event_twice_or_too_many_is_named():
    assert ("event_doubled", 3, 2) in changed(
        lambda file: file["records"][1]["events"].insert(2, file["records"][1]["events"][1])
    )

    def add(file):
        longer = record_of(3, 3, None, [*SECOND, ("recovered", 10)]).to_json()
        file["records"][1]["events"].append(longer["events"][-1])

    assert changed(add) == [("event_added", 3, 7)]


def test_a_whole_password_left_out_is_noticed():
    assert changed(lambda file: file["records"].pop(0)) == [("record_missing", 3, 0)]
    assert changed(lambda file: file["records"].pop()) == [("record_missing", 3, 0)]
    assert changed(lambda file: file["records"].reverse())[0][0] == "record_missing"


def test_another_vaults_signature_is_refused():
    other = Ed25519PrivateKey.generate()
    assert [code for code, _, _ in found_in(whole().to_json(), other.public_key().public_bytes_raw())] == [
        "other_vault",
        "signature_wrong",
        "signature_wrong",
    ]


@pytest.mark.parametrize("text", [b"", b"{}", b"[]", b"\xff", b'{"format": "coffer/v2/activity"}', b"{" * 9999])
def test_something_else_is_not_read(text):
    with pytest.raises(ActivityUnreadable):
        parse(text)


def test_what_each_event_meant():
    told = [
        ("answered", 10), ("registered", 10), ("guess_charged", 9), ("guess_charged", 8), ("recovered", 10),
        ("guess_charged", 9), ("locked", 9), ("locked", 0), ("destroyed", 0),
    ]  # fmt: skip
    meant = [(happening.what, happening.attempt) for happening in readable(record_of(1, 0, None, told))]
    assert meant == [
        ("answered", 0), ("registered", 0), ("wrong_guess", 1), ("unlock_try", 2), ("recovered", 0),
        ("wrong_guess", 1), ("wait_again", 1), ("wrong_guess", 2), ("guesses_used_up", 2),
    ]  # fmt: skip


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "activity.json"
    path.write_text(whole().text())
    return path


def test_the_command_says_that_all_is_there(saved, capsys):
    assert main(["verify-activity", str(saved), "--vault-key", KEY.hex()]) == 0
    assert capsys.readouterr().out == "Complete and unchanged: 11 events of 2 passwords, each signed by the vault.\n"


def test_without_a_key_it_says_what_that_proves(saved, capsys):
    assert main(["verify-activity", str(saved)]) == 0
    assert f"Checked against the key in the file, {KEY.hex()}." in capsys.readouterr().out


def test_the_command_names_every_fault(saved, capsys):
    value = json.loads(saved.read_text())
    value["records"][0]["events"][2]["guesses_left"] = 10
    value["records"][1]["events"].pop()
    value["records"][1]["signature"] = to_text(bytes(64))
    saved.write_text(json.dumps(value))
    assert main(["verify-activity", str(saved), "--vault-key", KEY.hex()]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "Password number 1: event 3 was changed."
    assert said[1].startswith("Password number 3: the vault's signature does not match.")
    assert said[2] == "Password number 3: cut off after event 5; the vault has signed 6."
    assert main(["verify-activity", str(saved), "--json"]) == 1
    assert [fault["code"] for fault in json.loads(capsys.readouterr().out)["faults"]] == [
        "event_changed",
        "signature_wrong",
        "cut_off",
    ]


def test_a_file_that_is_no_such_file_or_not_there_is_a_sentence(tmp_path, capsys):
    assert main(["verify-activity", str(tmp_path / "none.json")]) == 1
    assert capsys.readouterr().err == "The file cannot be read.\nCheck its name and whether you may read it.\n"
    (tmp_path / "other.json").write_text("{}")
    assert main(["verify-activity", str(tmp_path / "other.json")]) == 1
    assert "not an activity file" in capsys.readouterr().err


@pytest.mark.parametrize("key", ["", "zz", "00" * 31])
def test_a_key_of_another_form_is_wrong_usage(saved, key, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["verify-activity", str(saved), "--vault-key", key])
    assert ended.value.code == 2
