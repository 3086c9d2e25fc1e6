"""Many wrong guesses at once, in threads and in processes, on one SQLite file: ten are answered, none more."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from tests.flows.vault.world import PASSWORD, WRONG, Guess
from vault.server.services import ending, login
from vault.wire.encoding import to_text

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.usefixtures("no_waits"),
    pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True),
]

PROCESS = """
import json, os, sys
import django
task = json.load(sys.stdin)
django.setup()
from django.conf import settings
from django.db import connections
connections.databases["vault"].update(task["database"])
settings.VAULT_BACKOFF = []
settings.VAULT_CUSTODY = {"kind": "software", "path": task["custody"]}
from vault.wire.encoding import from_text
settings.VAULT_TICKET_PUBLIC_KEY = from_text(task["site"])
from tests.flows.vault.world import post
print("ready", flush=True)
os.read(task["gate"], 1)
statuses = []
for ticket, body in task["guesses"]:
    reply = post("logins", body.encode(), ticket)
    statuses.append("answered" if reply.status == 200 else reply.code)
print(json.dumps(statuses), flush=True)
"""


@pytest.fixture
def evaluations(monkeypatch):
    counted = []
    real = login.generate_ke2

    def counting(*args, **kwargs):
        counted.append(1)
        return real(*args, **kwargs)

    monkeypatch.setattr(login, "generate_ke2", counting)
    return counted


def start_in_thread(guess):
    try:
        reply = guess.start()
        return "answered" if reply.status == 200 else reply.code
    finally:
        connections.close_all()


def test_forty_threads_get_ten_evaluations(person, run, evaluations, monkeypatch):
    run(person.set_up())
    guesses = [Guess(person, WRONG) for _ in range(40)]
    with ThreadPoolExecutor(20) as pool:
        outcomes = list(pool.map(start_in_thread, guesses))
    assert outcomes.count("answered") == len(evaluations) == 10
    assert outcomes.count("guesses_used") == 30
    record = person.record()
    assert (record.guesses_left, record.charges) == (0, 10)

    monkeypatch.setattr(ending, "database_now", a_minute_later(ending.database_now))
    assert ending.sweep().destroyed == 1
    assert person.record().sealed_evaluation is None


def a_minute_later(clock):
    from datetime import timedelta

    return lambda: clock() + timedelta(seconds=61)


def test_one_request_sent_twenty_times_at_once_is_charged_once(person, run):
    run(person.set_up())
    guess = Guess(person, PASSWORD)
    with ThreadPoolExecutor(20) as pool:
        outcomes = list(pool.map(start_in_thread, [guess] * 20))
    assert set(outcomes) == {"answered"}
    assert person.record().charges == 1
    assert guess.finish(guess.start()).status == 200


def test_one_ke3_sent_ten_times_at_once_is_accepted_once(person, run):
    run(person.set_up())
    guess = Guess(person, PASSWORD)
    started = guess.start()
    ke3 = guess.ke3(started)

    def finish(_):
        try:
            return guess.finish(started, ke3).status
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        statuses = list(pool.map(finish, range(10)))
    assert statuses.count(200) == 1
    assert statuses.count(410) == 9


def test_three_processes_get_ten_evaluations_between_them(person, run, settings):
    run(person.set_up())
    connections.close_all()
    gate, opening = os.pipe()
    workers = []
    for _ in range(3):
        guesses = [Guess(person, WRONG) for _ in range(12)]
        task = {
            "database": {
                key: str(value) if key == "NAME" else value
                for key, value in connections["vault"].settings_dict.items()
                if key in ("ENGINE", "NAME", "USER", "HOST", "OPTIONS")
            },
            "custody": str(settings.VAULT_CUSTODY["path"]),
            "site": to_text(person.site.public_key),
            "gate": gate,
            "guesses": [(guess.ticket, guess.request.to_bytes().decode()) for guess in guesses],
        }
        worker = subprocess.Popen(
            [sys.executable, "-c", PROCESS],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=[gate],
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "webapp.server.settings.testing"},
            text=True,
        )
        worker.stdin.write(json.dumps(task))
        worker.stdin.close()
        workers.append(worker)
    for worker in workers:
        assert worker.stdout.readline() == "ready\n"
    os.write(opening, b"go!")
    outcomes = []
    for worker in workers:
        outcomes += json.loads(worker.stdout.readline())
        assert worker.wait(30) == 0
        worker.stdout.close()
    os.close(gate)
    os.close(opening)
    assert outcomes.count("answered") == 10
    assert outcomes.count("guesses_used") == 26
    assert (person.record().guesses_left, person.record().charges) == (0, 10)
