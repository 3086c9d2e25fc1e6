"""How the rules of waiting are taken out: locks, their marks, the clock."""

from .removal import Removal

REMOVALS = (
    Removal(
        "3. Waits inside the budget, as the table says",
        "a lock refuses nothing",
        (
            (
                "vault/lockout.py",
                ("    if record.locked_until is not None and now < record.locked_until:\n        wait"),
                ("    if record.locked_until is not None and now is None:\n        wait"),
            ),
        ),
        (
            "tests/flows/vault/test_back_off.py::test_every_guess_waits_as_long_as_the_table_says",
            "tests/flows/vault/test_back_off.py::test_twenty_guesses_at_once_are_three",
            "tests/unit/vault/test_lockout_rule.py::test_a_locked_record_refuses_charges_until_its_time_but_takes_proofs",
        ),
    ),
    Removal(
        "3. Waits inside the budget, as the table says",
        "the last wait is an hour",
        (("vault/lockout.py", "    9: timedelta(hours=24),", "    9: timedelta(hours=1),"),),
        (
            "tests/unit/vault/test_lockout_rule.py::test_ten_guesses_take_at_least_53_hours",
            "tests/unit/vault/test_lockout_rule.py::test_the_table_of_waits_is_the_protocols",
        ),
    ),
    Removal(
        "3. A proof counts while locked",
        "a lock refuses proofs, too",
        (
            (
                "vault/lockout.py",
                (
                    "def _prove(record: GuessRecord, request: Prove) -> Outcome:\n"
                    "    refusal = _unknown(record, request)\n"
                ),
                (
                    "def _prove(record: GuessRecord, request: Prove) -> Outcome:\n"
                    "    refusal = _unknown(record, request) or (Refusal.LOCKED if record.locked_until else None)\n"
                ),
            ),
        ),
        ("tests/flows/vault/test_back_off.py::test_the_right_password_of_an_earlier_login_counts_while_locked",),
    ),
    Removal(
        "3. The worker only clears marks",
        "clearing a mark gives guesses back",
        (
            (
                "vault/lockout.py",
                "    return replace(record, locked_until=None), Granted(), Event.LOCK_LIFTED",
                "    return replace(record, locked_until=None, guesses_left=GUESSES), Granted(), Event.LOCK_LIFTED",
            ),
        ),
        (
            "tests/flows/vault/test_back_off.py::test_the_worker_clears_an_elapsed_mark_and_nothing_else",
            "tests/unit/vault/test_lockout_rule.py::test_only_an_elapsed_lock_loses_its_mark_and_nothing_else_changes",
        ),
    ),
    Removal(
        "3. The worker only clears marks",
        "a lock lasts until the worker clears it",
        (
            (
                "vault/lockout.py",
                ("    if record.locked_until is not None and now < record.locked_until:\n        wait"),
                ("    if record.locked_until is not None:\n        wait"),
            ),
        ),
        ("tests/flows/vault/test_back_off.py::test_a_dead_worker_neither_opens_nor_prolongs_a_lock",),
    ),
    Removal(
        "3. A clock gone backwards stops everything until full waits begin again",
        "the mark is not compared with the clock",
        (
            (
                "vault/server/services/clock_mark.py",
                (
                    "        if mark.stopped is None and now < mark.latest - TOLERANCE:\n"
                    "            mark.stopped = now\n"
                ),
                "",
            ),
            (
                "vault/server/services/clock_mark.py",
                "    if mark.stopped is not None or now < mark.latest - TOLERANCE:\n",
                "    if mark.stopped is not None:\n",
            ),
        ),
        ("tests/flows/vault/test_back_off.py::test_after_a_clock_jump_backwards_nothing_is_evaluated",),
    ),
    Removal(
        "3. A clock gone backwards stops everything until full waits begin again",
        "a stopped vault goes on when its clock is right again",
        (
            (
                "vault/server/services/clock_mark.py",
                (
                    "        if mark.stopped is not None:\n"
                    "            raise VaultError(ErrorCode.CLOCK_STOPPED)\n"
                    "        if fresh"
                ),
                "        if fresh",
            ),
            (
                "vault/server/services/clock_mark.py",
                "    return mark is not None and mark.stopped is None and",
                "    return mark is not None and",
            ),
            (
                "vault/server/services/clock_mark.py",
                "    if mark.stopped is not None or now < mark.latest - TOLERANCE:\n",
                "    if now < mark.latest - TOLERANCE:\n",
            ),
            (
                "vault/server/services/clock_mark.py",
                "    if mark.stopped is not None:\n        log.error",
                "    if mark.stopped is not None and now < mark.latest - TOLERANCE:\n        log.error",
            ),
        ),
        ("tests/flows/vault/test_back_off.py::test_a_stopped_vault_stays_stopped_when_its_clock_catches_up",),
    ),
    Removal(
        "3. A clock gone backwards stops everything until full waits begin again",
        "re-armed waits are over at once",
        (
            (
                "vault/lockout.py",
                "    return replace(record, locked_until=now + wait), Granted(), Event.LOCKED",
                "    return replace(record, locked_until=now), Granted(), Event.LOCKED",
            ),
        ),
        (
            "tests/flows/vault/test_back_off.py::test_rearming_begins_every_wait_again_in_full",
            "tests/unit/vault/test_lockout_rule.py::test_rearming_begins_the_wait_of_the_last_failure_again_in_full",
        ),
    ),
)
