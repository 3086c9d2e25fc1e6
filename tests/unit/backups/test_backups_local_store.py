"""The local folder as a store: whole objects or none, and nothing temporary left behind."""

from pathlib import Path

import pytest

from webapp.server.backups.storage import ObjectMissing
from webapp.server.backups.storage.local import LocalStore


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "objects")


def files(tmp_path: Path) -> list[Path]:
    return [path for path in tmp_path.rglob("*") if path.is_file()]


def put(store: LocalStore, name: str, *pieces: bytes) -> None:
    with store.stage() as staging:
        staging.publish({staging.write(pieces): name})


def test_what_was_published_is_read_back(store: LocalStore) -> None:
    put(store, "a/b/one", b"he", b"", b"llo")
    assert store.size("a/b/one") == 5
    with store.open("a/b/one") as file:
        assert file.read() == b"hello"


def test_what_was_not_published_leaves_nothing(store: LocalStore, tmp_path: Path) -> None:
    with store.stage() as staging:
        staging.write([b"hello"])
    assert not files(tmp_path)


def test_what_broke_on_the_way_leaves_nothing(store: LocalStore, tmp_path: Path) -> None:
    def pieces() -> object:
        yield b"he"
        raise ConnectionError

    with pytest.raises(ConnectionError), store.stage() as staging:
        staging.write(pieces())  # type: ignore[arg-type]
    assert not list((tmp_path / "objects" / "staging").iterdir())


def test_staged_bytes_can_be_read_before_and_after_they_are_published(store: LocalStore) -> None:
    with store.stage() as staging:
        number = staging.write([b"hello"])
        for _ in range(2):
            with staging.read(number) as file:
                assert file.read() == b"hello"
            staging.publish({number: "a/one"} if not _ else {})


def test_only_named_objects_are_published(store: LocalStore, tmp_path: Path) -> None:
    with store.stage() as staging:
        numbers = [staging.write([bytes([value])]) for value in range(3)]
        staging.publish({numbers[1]: "kept"})
    assert [path.name for path in files(tmp_path)] == ["kept"]


def test_writing_the_same_object_again_is_harmless(store: LocalStore) -> None:
    for _ in range(2):
        put(store, "a/one", b"hello")
    assert store.size("a/one") == 5


def test_a_missing_object_is_an_error_of_its_own(store: LocalStore) -> None:
    with pytest.raises(ObjectMissing):
        store.open("a/none")
    with pytest.raises(ObjectMissing):
        store.size("a/none")


def test_deleting_is_done_once_and_for_all(store: LocalStore) -> None:
    put(store, "a/one", b"hello")
    store.delete("a/one")
    store.delete("a/one")
    with pytest.raises(ObjectMissing):
        store.size("a/one")


def test_others_on_the_machine_cannot_read(store: LocalStore, tmp_path: Path) -> None:
    put(store, "a/one", b"hello")
    assert all(path.stat().st_mode & 0o077 == 0 for path in files(tmp_path))
