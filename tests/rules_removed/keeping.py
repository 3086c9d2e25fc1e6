"""How the rules of keeping are taken out: seals, MACs, rotation, restores."""

from .removal import Removal

REMOVALS = (
    Removal(
        "5. Sealed in its place, under keys that do not leave",
        "a seal binds no place",
        (
            (
                "vault/custody/software.py",
                "keys.cipher.encrypt(nonce, plaintext, prefix + associated_data)",
                "keys.cipher.encrypt(nonce, plaintext, prefix)",
            ),
            (
                "vault/custody/software.py",
                "sealed[EPOCH_BYTES + NONCE_BYTES :], epoch + associated_data)",
                "sealed[EPOCH_BYTES + NONCE_BYTES :], epoch)",
            ),
        ),
        (
            "tests/unit/vault/test_custody_kinds.py::test_it_does_not_open_in_another_place_or_under_another_epoch",
            "tests/unit/vault/test_software_custody.py::test_it_does_not_open_in_another_place",
            "tests/flows/vault/test_tampering.py::test_sealed_bytes_of_another_record_do_not_open",
        ),
    ),
    Removal(
        "5. Sealed in its place, under keys that do not leave",
        "keys can be read out of the token",
        (
            ("vault/custody/pkcs11.py", "(p11.CKA_SENSITIVE, p11.CK_TRUE)", "(p11.CKA_SENSITIVE, p11.CK_FALSE)"),
            ("vault/custody/pkcs11.py", "(p11.CKA_EXTRACTABLE, p11.CK_FALSE)", "(p11.CKA_EXTRACTABLE, p11.CK_TRUE)"),
        ),
        ("tests/unit/vault/test_hsm_custody.py::test_no_key_can_be_read_out",),
    ),
    Removal(
        "5. Sealed in its place, under keys that do not leave",
        "a key file that others can read is used",
        (
            (
                "vault/custody/private_file.py",
                "    if stat.S_IMODE(facts.st_mode) & 0o077:",
                "    if stat.S_IMODE(facts.st_mode) & 0o10000:",
            ),
        ),
        (
            "tests/unit/vault/test_software_custody.py::test_a_key_file_that_others_can_read_or_change_is_refused",
            "tests/unit/vault/test_hsm_custody.py::test_a_pin_that_others_can_read_is_not_used",
        ),
    ),
    Removal(
        "5. Sealed in its place, under keys that do not leave",
        "the wrapped key is stored a second time, in the clear",
        (
            (
                "vault/server/services/registration.py",
                "            content=content,\n",
                "            content=request.wrapped_key,\n",
            ),
        ),
        ("tests/flows/vault/test_secrets_stay_sealed.py::test_the_database_file_holds_no_secret_in_the_clear",),
    ),
    Removal(
        "5. Destroyed means gone",
        "the file keeps what was deleted",
        (("vault/server/erasure.py", "PRAGMA secure_delete = ON", "PRAGMA secure_delete = OFF"),),
        ("tests/flows/vault/test_vault_commands.py::test_the_check_asks_sqlite_itself_whether_it_waits_for_the_disk",),
    ),
    Removal(
        "5. Destroyed means gone",
        "a destroyed record keeps its sealed columns",
        (
            (
                "vault/server/services/counter.py",
                '        columns |= {"sealed_evaluation": None, "sealed_wrapped_key": None, "content": None}\n',
                "",
            ),
        ),
        (
            "tests/flows/vault/test_erasure.py::test_a_destroyed_record_holds_no_sealed_byte_anywhere_in_the_file",
            "tests/flows/vault/test_replacement.py::test_the_replaced_record_holds_nothing_and_its_open_logins_end",
        ),
    ),
    Removal(
        "5. An edit in SQL closes the record",
        "a counter is believed without custody's MAC",
        (
            (
                "vault/server/services/counter.py",
                "    sealing.verify_mac(record.epoch, _message(record, found), record.counter_mac, alive=alive)\n",
                "",
            ),
        ),
        ("tests/flows/vault/test_tampering.py::test_an_edited_counter_closes_the_record",),
    ),
    Removal(
        "5. An edit in SQL closes the record",
        "a safe is believed without custody's MAC",
        (
            (
                "vault/server/services/sealing.py",
                "    verify_mac(safe.epoch, _of_safe(safe), safe.mac, alive=alive)\n",
                "",
            ),
        ),
        ("tests/flows/vault/test_tampering.py::test_an_edited_safe_is_closed",),
    ),
    Removal(
        "5. Rotation loses nothing, whatever dies on the way",
        "an unfinished rotation is not found",
        (
            (
                "vault/server/services/rotation.py",
                '    return Rotation.objects.using(ALIAS).exclude(phase="done").order_by("epoch").first()',
                "    return None",
            ),
        ),
        ("tests/flows/vault/test_rotation.py::test_a_rotation_that_dies_at_any_step_is_finished_by_the_next",),
    ),
    Removal(
        "5. Rotation loses nothing, whatever dies on the way",
        "rows are changed without comparing them",
        (
            (
                "vault/server/services/resealing.py",
                '.swap(("epoch", *table.compared), table.compared, ready)',
                (
                    ".swap(\n"
                    '            ("epoch", *table.compared), ("id",), [(one[0], (one[0],), one[2]) for one in ready]\n'
                    "        )"
                ),
            ),
        ),
        (
            "tests/flows/vault/test_rotation_while_serving.py::test_a_guess_charged_between_reading_and_swapping_stays_charged",
        ),
    ),
    Removal(
        "5. Rotation loses nothing, whatever dies on the way",
        "keys come and go while transactions run",
        (("vault/server/services/transactions.py", '        _advisory("pg_advisory_xact_lock_shared")\n', ""),),
        ("tests/flows/vault/test_rotation_while_serving.py::test_no_epoch_comes_or_goes_while_a_transaction_runs",),
    ),
    Removal(
        "5. Rotation loses nothing, whatever dies on the way",
        "a request whose epoch went is not read again",
        (
            (
                "vault/server/services/sealing.py",
                (
                    "            if not isinstance(error.__cause__, EpochUnknown):\n"
                    "                raise\n"
                    "            return service"
                ),
                ("            if error is not None:\n                raise\n            return service"),
            ),
        ),
        (
            "tests/flows/vault/test_rotation_while_serving.py::test_a_guess_whose_epoch_goes_before_its_answer_is_kept_is_answered_once",
        ),
    ),
    Removal(
        "5. The old key goes after a verified dump, and older dumps with it",
        "the old key goes before the dump",
        (
            (
                "vault/server/services/rotation.py",
                (
                    "        _dump(rotation)\n"
                    '        step("dumped")\n'
                    "        if _destroy(rotation, step):\n"
                    "            break\n"
                ),
                (
                    "        if _destroy(rotation, step):\n"
                    "            _dump(rotation)\n"
                    '            step("dumped")\n'
                    '            _set(rotation, phase="done")\n'
                    "            break\n"
                ),
            ),
        ),
        ("tests/flows/vault/test_rotation_dumps.py::test_the_old_key_stays_until_a_dump_is_verified",),
    ),
    Removal(
        "5. The old key goes after a verified dump, and older dumps with it",
        "the old key stays",
        (
            (
                "vault/server/services/rotation.py",
                ("                if epoch < rotation.epoch:\n                    custody.destroy_epoch(epoch)\n"),
                "                pass\n",
            ),
        ),
        (
            "tests/flows/vault/test_rotation.py::test_what_an_older_dump_holds_opens_nothing_afterwards",
            "tests/flows/vault/test_after_restore.py::test_a_destroyed_record_is_not_revived_by_a_dump_from_before_the_rotation",
        ),
    ),
    Removal(
        "5. An edited row is not sealed anew",
        "rows are sealed anew unchecked",
        (("vault/server/services/resealing.py", ("    table.check(row)\n    opened"), "    opened"),),
        (
            "tests/flows/vault/test_rotation_dumps.py::test_a_closed_row_stops_the_rotation_until_the_operator_gives_it_up",
        ),
    ),
    Removal(
        "5. After a restore three guesses at most, and the dump works once",
        "budgets are not cut",
        (
            (
                "vault/lockout.py",
                "    cut = min(record.guesses_left, GUESSES_AFTER_RESTORE)",
                "    cut = record.guesses_left",
            ),
        ),
        (
            "tests/flows/vault/test_after_restore.py::test_after_a_restore_an_attacker_gets_three_more_guesses_and_no_more",
            "tests/unit/vault/test_lockout_rule.py::test_after_a_restore_three_guesses_are_left_at_most",
        ),
    ),
    Removal(
        "5. After a restore three guesses at most, and the dump works once",
        "the epoch is not rotated",
        (
            (
                "vault/server/services/restoring.py",
                "    return Restored(cut, closed, rotation.rotate(leave_closed=leave_closed))",
                '    return Restored(cut, closed, rotation.Rotated(1, 0, 0, rotation.Path("none")))',
            ),
        ),
        ("tests/flows/vault/test_after_restore.py::test_the_same_dump_a_second_time_opens_nothing",),
    ),
    Removal(
        "What a process remembers of custody ends with its epoch",
        "it is remembered without the epoch's key in use",
        (
            (
                "vault/server/services/sealing.py",
                "    if epoch == alive and recognised.knows(epoch, message, value):",
                "    if recognised.knows(epoch, message, value):",
            ),
        ),
        ("tests/flows/vault/test_recognised.py::test_nothing_is_recognised_without_its_epochs_key_in_use",),
    ),
    Removal(
        "What a process remembers of custody ends with its epoch",
        "a record is of the epoch that its column says",
        (
            (
                "vault/server/services/sealing.py",
                "    if sealed is None or epoch_of(sealed) != record.epoch:\n",
                "    if sealed is None:\n",
            ),
        ),
        ("tests/flows/vault/test_recognised.py::test_a_counter_from_before_a_rotation_is_not_recognised",),
    ),
)
