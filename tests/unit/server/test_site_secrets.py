"""Secrets in files, and second factors sealed by one of them."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from webapp.server import second_factor_secrets
from webapp.server.secret_files import random_secret, read_or_make


def test_a_secret_is_made_once_and_closed_to_others(tmp_path):
    path = tmp_path / "secrets" / "key"
    first = random_secret(path)
    assert len(first) == 32
    assert random_secret(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [entry.name for entry in path.parent.iterdir()] == ["key"]


def test_processes_that_start_together_agree(tmp_path):
    path = tmp_path / "key"
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: random_secret(path), range(32)))) == 1


def test_a_truncated_secret_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "key"
    path.write_bytes(b"short")
    with pytest.raises(ValueError, match="32 bytes"):
        random_secret(path)
    assert path.read_bytes() == b"short"


def test_what_is_there_is_never_overwritten(tmp_path):
    path = tmp_path / "key"
    path.write_bytes(b"kept")
    assert read_or_make(path, lambda: b"new") == b"kept"


@pytest.fixture
def key(settings, tmp_path):
    settings.SITE_SECOND_FACTOR_KEY_PATH = tmp_path / "second-factor-key"
    return settings.SITE_SECOND_FACTOR_KEY_PATH


def test_a_sealed_secret_opens_and_differs_each_time(key):
    one, two = second_factor_secrets.seal("JBSWY3DP"), second_factor_secrets.seal("JBSWY3DP")
    assert one != two
    assert "JBSWY3DP" not in one
    assert second_factor_secrets.unseal(one) == second_factor_secrets.unseal(two) == "JBSWY3DP"


@pytest.mark.parametrize(
    "damage", [lambda s: "JBSWY3DP", lambda s: s[:-4] + "AAAA", lambda s: s[:12], lambda s: s + "!"]
)
def test_anything_else_is_refused_plaintext_first_of_all(key, damage):
    sealed = second_factor_secrets.seal("JBSWY3DP")
    with pytest.raises(second_factor_secrets.SecondFactorKeyMismatch):
        second_factor_secrets.unseal(damage(sealed))


def test_another_servers_key_does_not_open_it(key, settings, tmp_path):
    sealed = second_factor_secrets.seal("JBSWY3DP")
    settings.SITE_SECOND_FACTOR_KEY_PATH = tmp_path / "other-key"
    with pytest.raises(second_factor_secrets.SecondFactorKeyMismatch):
        second_factor_secrets.unseal(sealed)
