"""How the rules of owning are taken out: replacement, what leaves and when, the vault recognised."""

from .removal import Removal

REMOVALS = (
    Removal(
        "6. The old password works until the new one was proved",
        "what was not proved is promoted",
        (
            (
                "vault/lockout.py",
                ("    if not is_proved(record):\n        return record, Refused(Refusal.UNPROVED), None\n"),
                "",
            ),
        ),
        (
            "tests/unit/vault/test_replacement_rule.py::test_a_record_that_never_proved_itself_is_not_promoted",
            "tests/flows/vault/test_replacement.py::test_what_was_not_proved_is_not_promoted",
            "tests/flows/vault/test_replacement.py::test_a_guess_begun_after_the_proof_stops_the_promotion",
        ),
    ),
    Removal(
        "6. The old password works until the new one was proved",
        "staging ends the old password",
        (
            (
                "vault/server/services/registration.py",
                ("        drop_staged(safe)\n        oprf_key"),
                (
                    "        for one in list(selectors.records_of(safe, State.ACTIVE)) * (into is State.STAGED):\n"
                    "            gone, _, told = lockout.decide(counter.read(one), lockout.Destroy(), now)\n"
                    "            counter.write(one, gone, told, now)\n"
                    "        drop_staged(safe)\n"
                    "        oprf_key"
                ),
            ),
        ),
        ("tests/flows/vault/test_replacement.py::test_until_the_last_step_the_old_password_works",),
    ),
    Removal(
        "6. Never two passwords, never none but by guesses, whatever dies on the way",
        "promotion takes two transactions",
        (
            (
                "vault/server/services/replacement.py",
                "        counter.write(staged, promoted, event, now, activated=now)\n",
                ("    with durable():\n        counter.write(staged, promoted, event, now, activated=now)\n"),
            ),
        ),
        ("tests/flows/vault/test_replacement.py::test_a_crash_within_the_last_step_leaves_the_old_password",),
    ),
    Removal(
        "6. Never two passwords, never none but by guesses, whatever dies on the way",
        "the old record does not give way",
        (
            (
                "vault/lockout.py",
                "    return _gone(record), Granted(), Event.REPLACED",
                "    return record, Granted(), Event.REPLACED",
            ),
        ),
        (
            "tests/unit/vault/test_replacement_small_model.py::test_no_interleaving_leaves_a_safe_without_password_or_with_two",
        ),
    ),
    Removal(
        "6. A staged record has its own budget, waits and hour",
        "its guesses are charged to the active record",
        (
            (
                "vault/server/services/replacement.py",
                "    return login.start(ticket, request, State.STAGED)",
                "    return login.start(ticket, request, State.ACTIVE)",
            ),
        ),
        (
            "tests/flows/vault/test_replacement.py::test_staged_and_active_record_count_their_guesses_apart",
            "tests/flows/vault/test_replacement.py::test_ten_unproven_guesses_destroy_a_staged_record_and_nothing_else",
            "tests/flows/vault/test_replacement.py::test_guesses_at_a_staged_record_wait_like_any",
        ),
    ),
    Removal(
        "6. A staged record has its own budget, waits and hour",
        "its hour has no end",
        (
            (
                "vault/lockout.py",
                "    return record.pending_until is None or now >= record.pending_until",
                "    return record.pending_until is None",
            ),
        ),
        (
            "tests/flows/vault/test_replacement.py::test_a_staged_record_lives_for_an_hour",
            "tests/unit/vault/test_replacement_rule.py::test_after_its_hour_a_staged_record_is_neither_promoted_nor_evaluated",
        ),
    ),
    Removal(
        "6. Only the owner stages and promotes, this record for that one",
        "promoting takes no signature",
        (
            (
                "vault/server/services/replacement.py",
                "        safes.check_owner(\n",
                "        (lambda *given, **named: None)(\n",
            ),
        ),
        ("tests/flows/vault/test_replacement.py::test_only_the_owners_signature_over_old_and_new_record_promotes",),
    ),
    Removal(
        "6. Only the owner stages and promotes, this record for that one",
        "staging takes no signature",
        (
            (
                "vault/server/services/registration.py",
                "        safes.check_owner(\n",
                "        (lambda *given, **named: None)(\n",
            ),
        ),
        ("tests/flows/vault/test_replacement.py::test_staging_needs_the_owners_signature_for_staging",),
    ),
    Removal(
        "6. Only the owner stages and promotes, this record for that one",
        "whatever record is active is replaced",
        (
            (
                "vault/server/services/replacement.py",
                (
                    "        if active is not None and active.pk != replaced.pk:\n"
                    "            raise VaultError(ErrorCode.RECORD_REPLACED)\n"
                ),
                "        replaced = active or replaced\n",
            ),
        ),
        (
            "tests/flows/vault/test_replacement.py::test_a_password_changed_elsewhere_meanwhile_is_not_replaced_unawares",
        ),
    ),
    Removal(
        "6. Rotation and restore see staged records",
        "a rotation leaves their secrets under the old key",
        (
            (
                "vault/server/services/resealing.py",
                ("    if evaluation:\n        row.sealed"),
                ('    if evaluation and row.state != "staged":\n        row.sealed'),
            ),
        ),
        ("tests/flows/vault/test_replacement.py::test_a_rotation_between_the_steps_loses_nothing",),
    ),
    Removal(
        "6. Rotation and restore see staged records",
        "a restore passes them over",
        (
            (
                "vault/server/services/restoring.py",
                "upkeep.keys(selectors.answering())",
                'upkeep.keys(selectors.answering().filter(state="active"))',
            ),
        ),
        ("tests/flows/vault/test_replacement.py::test_a_restore_cuts_the_staged_budget_too",),
    ),
    Removal(
        "7. Wrapped key and head leave after KE3, sealed",
        "a wrong KE3 counts",
        (
            (
                "vault/server/services/login.py",
                "        raise _WrongProof(login) from error\n",
                '        session_key = state[-64:] if error else b""\n',
            ),
        ),
        ("tests/flows/vault/test_guess_budget.py::test_a_wrong_ke3_before_the_tenth_only_ends_its_login",),
    ),
    Removal(
        "7. Wrapped key and head leave after KE3, sealed",
        "they leave in the clear",
        (
            (
                "vault/server/services/login.py",
                "    return crypto.seal(reply_key(session_key, login.login_id), reply.to_plaintext(), binding)",
                (
                    "    crypto.seal(reply_key(session_key, login.login_id), reply.to_plaintext(), binding)\n"
                    "    return bytes(12) + reply.to_plaintext() + bytes(16)"
                ),
            ),
        ),
        ("tests/flows/vault/test_heads_and_destroying.py::test_wrapped_key_and_head_leave_only_sealed_after_ke3",),
    ),
    Removal(
        "8. The vault is recognised",
        "the client does not verify a registration's signature",
        (
            (
                "webapp/engine/vault_registration.py",
                (
                    "            self.provider.ed25519_verify(\n"
                    "                self.pins.signing_public_key,\n"
                    "                started.signed_message(self.account, safe, asked.registration_request),\n"
                    "                started.signature,\n"
                    "            )\n"
                ),
                "",
            ),
        ),
        ("tests/flows/vault/test_registration.py::test_an_answer_changed_on_its_way_is_caught",),
    ),
    Removal(
        "8. The vault is recognised",
        "the client takes whatever keys the answer has",
        (
            (
                "webapp/engine/vault_registration.py",
                (
                    "            self.provider.ed25519_verify(\n"
                    "                self.pins.signing_public_key,\n"
                    "                started.signed_message(self.account, safe, asked.registration_request),\n"
                    "                started.signature,\n"
                    "            )\n"
                ),
                "",
            ),
            (
                "webapp/engine/vault_registration.py",
                "                pinned_server_public_key=self.pins.opaque_public_key,\n",
                "",
            ),
            (
                "webapp/engine/vault_registration.py",
                "server_identity=self.pins.opaque_public_key",
                "server_identity=started.registration_response[32:]",
            ),
        ),
        ("tests/flows/vault/test_registration.py::test_a_substituted_vault_is_caught_before_anything_is_finished",),
    ),
    Removal(
        "8. The vault is recognised",
        "a head is believed without the vault's signature",
        (
            (
                "webapp/engine/vault_client.py",
                "            self.provider.ed25519_verify(self.pins.signing_public_key, message, reply.signature)\n",
                "            assert message\n",
            ),
        ),
        (
            "tests/flows/vault/test_heads_and_destroying.py::test_an_older_heads_answer_does_not_pass_again",
            "tests/flows/vault/test_heads_and_destroying.py::test_a_head_signed_by_another_vault_is_not_believed",
        ),
    ),
)
