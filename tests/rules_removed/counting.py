"""How the rules of counting are taken out: budget, refunds, login states."""

from .removal import Removal

REMOVALS = (
    Removal(
        "1. One key, one registration answer",
        "every registration is answered by the same key",
        (
            (
                "vault/server/services/registration.py",
                "    oprf_key = generate_oprf_key(configuration)\n",
                "    oprf_key = generate_oprf_key(configuration) and bytes([1]) + bytes(31)\n",
            ),
        ),
        ("tests/flows/vault/test_registration.py::test_one_key_answers_one_registration_request",),
    ),
    Removal(
        "1. One key, one registration answer",
        "a stored record answers another request",
        (
            (
                "vault/lockout.py",
                ("    if record.state is not State.NEW:\n        return record, Refused(Refusal.ANSWERED), None\n"),
                "",
            ),
        ),
        (
            "tests/unit/vault/test_lockout_rule.py::test_a_key_answers_one_registration_request",
            "tests/unit/vault/test_lockout_rule.py::test_no_stored_record_answers_a_registration_request",
            "tests/unit/vault/test_lockout_histories.py",
        ),
    ),
    Removal(
        "1. One key, one registration answer",
        "the key answers before its record is stored",
        (
            (
                "vault/server/services/registration.py",
                (
                    "    clock_mark.advance()\n"
                    "    end_spent_record(ticket)\n"
                    "    with durable():\n"
                    "        now = database_now()\n"
                    "        clock_mark.check(now)\n"
                ),
                (
                    "    create_registration_response(\n"
                    "        configuration, opaque_request, server_public_key=keys.opaque_public_key, oprf_key=oprf_key\n"
                    "    )\n"
                    "    clock_mark.advance()\n"
                    "    end_spent_record(ticket)\n"
                    "    with durable():\n"
                    "        now = database_now()\n"
                    "        clock_mark.check(now)\n"
                ),
            ),
        ),
        ("tests/flows/vault/test_registration.py::test_the_record_is_stored_before_its_key_answers",),
    ),
    Removal(
        "1. Every KE1 is charged, on disk before KE2, and no exception takes it back",
        "KE2 is computed inside the transaction of the charge",
        (
            (
                "vault/server/services/login.py",
                "                return _charge(ticket, request, asked, now)\n",
                (
                    "                charged = _charge(ticket, request, asked, now)\n"
                    "                generate_ke2(\n"
                    "                    native_configuration(),\n"
                    "                    _checked(request.ke1),\n"
                    "                    record=RegistrationRecord.from_bytes(charged.evaluation[1]),\n"
                    "                    oprf_key=charged.evaluation[0],\n"
                    "                    server_private_key=charged.keys.opaque_private_key,\n"
                    "                    server_public_key=charged.keys.opaque_public_key,\n"
                    "                    client_identity=ticket.account,\n"
                    "                    server_identity=charged.keys.opaque_public_key,\n"
                    "                )\n"
                    "                return charged\n"
                ),
            ),
        ),
        (
            "tests/flows/vault/test_guess_budget.py::test_the_charge_is_on_disk_before_ke2_is_computed",
            "tests/flows/vault/test_guess_budget.py::test_a_crash_between_charge_and_ke2_leaves_the_guess_charged",
        ),
    ),
    Removal(
        "1. Every KE1 is charged, on disk before KE2, and no exception takes it back",
        "a charge may be made inside another transaction",
        (
            (
                "vault/server/services/transactions.py",
                '    if connection.in_atomic_block or connection.settings_dict.get("ATOMIC_REQUESTS"):',
                "    if connection is None:",
            ),
        ),
        (
            "tests/flows/vault/test_guess_budget.py::test_a_guess_is_not_charged_inside_another_transaction",
            "tests/flows/vault/test_guess_budget.py::test_a_vault_with_atomic_requests_does_not_serve",
        ),
    ),
    Removal(
        "1. Every KE1 is charged, on disk before KE2, and no exception takes it back",
        "a PostgreSQL that forgets commits is accepted",
        (("vault/server/checks.py", "        return _postgresql_durable()\n", "        return []\n"),),
        ("tests/flows/vault/test_vault_commands.py::test_a_postgresql_that_does_not_wait_for_the_disk_is_refused",),
    ),
    Removal(
        "2. Ten, then destroyed; only a proof refills",
        "a charge takes no guess",
        (
            (
                "vault/lockout.py",
                "        guesses_left=record.guesses_left - 1,\n",
                "        guesses_left=record.guesses_left,\n",
            ),
        ),
        (
            "tests/flows/vault/test_guess_budget.py::test_ten_wrong_guesses_count_down_to_none",
            "tests/unit/vault/test_lockout_histories.py",
        ),
    ),
    Removal(
        "2. Ten, then destroyed; only a proof refills",
        "the tenth may end unproven",
        (
            (
                "vault/lockout.py",
                "    if record.guesses_left == 0 and request.charge == record.charges:",
                "    if record.guesses_left < 0:",
            ),
        ),
        (
            "tests/flows/vault/test_guess_budget.py::test_the_record_is_destroyed_when_the_tenth_ends_unproven",
            "tests/unit/vault/test_lockout_histories.py",
        ),
    ),
    Removal(
        "2. Ten, then destroyed; only a proof refills",
        "the counter is neither held nor compared",
        (
            (
                "vault/server/services/counter.py",
                'rows.table(Record).update(columns, {"id": record.pk, "counter_mac": before})',
                'rows.table(Record).update(columns, {"id": record.pk})',
            ),
            (
                "vault/server/services/login_rows.py",
                (
                    "f\"WHERE s.account_id = %s AND s.safe_id = %s{rows.locking('r')}\",\n"
                    "        )\n"
                    "    )\n"
                    "    return statement, (safe.width,"
                ),
                ('"WHERE s.account_id = %s AND s.safe_id = %s",\n        )\n    )\n    return statement, (safe.width,'),
            ),
        ),
        ("tests/flows/vault/test_parallel_guesses.py::test_forty_threads_get_ten_evaluations",),
    ),
    Removal(
        "2. Nobody refunds, the admin included",
        "the admin may change rows",
        (
            (
                "vault/server/admin.py",
                (
                    "    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:\n"
                    "        return False"
                ),
                (
                    "    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:\n"
                    "        return True"
                ),
            ),
        ),
        (
            "tests/flows/vault/test_vault_admin.py::test_nobody_adds_changes_or_deletes",
            "tests/flows/vault/test_every_admin_page.py::test_no_admin_of_the_vault_has_an_action_or_an_editable_column",
        ),
    ),
    Removal(
        "2. Nobody refunds, the admin included",
        "a counter is believed without custody's MAC",
        (
            (
                "vault/server/services/counter.py",
                "    sealing.verify_mac(record.epoch, _message(record, found), record.counter_mac, alive=alive)\n",
                "",
            ),
        ),
        ("tests/flows/vault/test_tampering.py::test_a_refund_in_sql_is_worth_nothing_even_after_the_last_guess",),
    ),
    Removal(
        "2. A safe beside another cannot touch that one's record",
        "a record is found whatever its safe",
        (
            (
                "vault/server/services/counter.py",
                ".filter(safe=safe, record_id=record_id)",
                ".filter(record_id=record_id)",
            ),
        ),
        (
            "tests/flows/vault/test_heads_and_destroying.py::test_nobody_destroys_another_safes_record",
            "tests/flows/vault/test_replacement.py::test_nothing_of_another_safe_is_promoted",
        ),
    ),
    Removal(
        "1–4. Whatever the order of requests, crashes, clocks and operators",
        "a proof gives eleven guesses",
        (
            (
                "vault/lockout.py",
                "    proved = replace(record, guesses_left=GUESSES, failures=0, locked_until=None)",
                "    proved = replace(record, guesses_left=GUESSES + 1, failures=0, locked_until=None)",
            ),
        ),
        (
            "tests/flows/vault/test_histories.py",
            "tests/unit/vault/test_lockout_histories.py",
        ),
    ),
    Removal(
        "4. A login state is bound, lives 60 s, is used once",
        "any ticket of the account finishes it",
        (
            (
                "vault/server/services/login_rows.py",
                '"WHERE l.login_id = %s AND l.ticket_id = %s AND l.sealed',
                '"WHERE l.login_id = %s AND (l.ticket_id = %s OR 1 = 1) AND l.sealed',
            ),
        ),
        ("tests/flows/vault/test_account_tickets.py::test_ke3_counts_only_with_the_ticket_of_its_ke1",),
    ),
    Removal(
        "4. A login state is bound, lives 60 s, is used once",
        "it is not consumed",
        (
            (
                "vault/server/services/login.py",
                "    if now >= login.expires or not login_rows.consume(login):",
                "    if now >= login.expires:",
            ),
        ),
        (
            "tests/flows/vault/test_account_tickets.py::test_a_login_is_finished_once",
            "tests/flows/vault/test_parallel_guesses.py::test_one_ke3_sent_ten_times_at_once_is_accepted_once",
        ),
    ),
    Removal(
        "4. A login state is bound, lives 60 s, is used once",
        "it lives for ever",
        (
            (
                "vault/server/services/login.py",
                "    if now >= login.expires or not login_rows.consume(login):",
                "    if not login_rows.consume(login):",
            ),
        ),
        ("tests/flows/vault/test_guess_budget.py::test_the_right_ke3_comes_too_late_after_its_minute",),
    ),
    Removal(
        "4. A login state is bound, lives 60 s, is used once",
        "its seal and MAC bind its record only",
        (
            (
                "vault/server/services/sealing.py",
                (
                    "            login.login_id,\n"
                    "            login.ticket_id,\n"
                    "            login.request_id,\n"
                    "            login.ke1_digest,\n"
                    '            login.charge.to_bytes(8, "big"),\n'
                    "            bytes([login.guesses_left]),\n"
                    '            login.expires.isoformat().encode("ascii"),\n'
                ),
                "",
            ),
        ),
        (
            "tests/flows/vault/test_tampering.py::test_an_edited_login_state_does_not_open",
            "tests/flows/vault/test_tampering.py::test_a_charged_login_state_cannot_be_made_to_stand_for_another_ke1",
        ),
    ),
    Removal(
        "4. A repeated request costs and gains nothing",
        "a repeated request is refused",
        (
            (
                "vault/server/services/login.py",
                "    same = hmac.compare_digest(login.ke1_digest, _digest(request)) and login.request_id == request.request_id\n",
                "    same = False\n",
            ),
        ),
        (
            "tests/flows/vault/test_guess_budget.py::test_a_repeated_request_is_answered_alike_and_charged_once",
            "tests/flows/vault/test_guess_budget.py::test_a_lost_reply_costs_the_person_nothing",
        ),
    ),
    Removal(
        "4. A repeated request costs and gains nothing",
        "another KE1 gets the stored answer",
        (
            (
                "vault/server/services/login.py",
                "    same = hmac.compare_digest(login.ke1_digest, _digest(request)) and login.request_id == request.request_id\n",
                "    same = True\n",
            ),
        ),
        ("tests/flows/vault/test_guess_budget.py::test_a_ticket_buys_one_evaluation_only",),
    ),
)
