"""How the rules at the edges are taken out: events, feed, pause, tickets, proofs, passkeys, forwarding."""

from .removal import Removal

REMOVALS = (
    Removal(
        "9. Events are chained under the record's MAC",
        "no event is stored",
        (("vault/server/services/events.py", "        rows.table(Event).insert(event)\n", ""),),
        (
            "tests/flows/vault/test_rotation.py::test_events_are_told_in_order",
            "tests/flows/vault/test_after_restore.py::test_the_owner_is_told_in_the_records_own_chain",
        ),
    ),
    Removal(
        "9. Events are chained under the record's MAC",
        "the MAC leaves the chain out",
        (
            (
                "vault/server/services/counter.py",
                ('        record.event_count.to_bytes(8, "big"),\n        record.event_head or b"",\n'),
                "",
            ),
        ),
        ("tests/flows/vault/test_events_and_feed.py::test_an_edited_head_is_not_signed",),
    ),
    Removal(
        "10. Fails closed",
        "a custody that is down is no error of its own",
        (
            (
                "vault/server/services/sealing.py",
                (
                    "        if isinstance(error, CustodyError):\n"
                    "            raise VaultError(ErrorCode.CUSTODY_DOWN) from error\n"
                ),
                "",
            ),
        ),
        ("tests/flows/vault/test_tampering.py::test_custody_down_charges_nothing_and_works_again_after",),
    ),
    Removal(
        "10. Fails closed",
        "an unknown epoch stands for the current one",
        (
            (
                "vault/custody/software.py",
                '            raise EpochUnknown(f"epoch {epoch} has no key here")\n',
                "            keys = self._keys[max(self._keys)]\n",
            ),
        ),
        (
            "tests/unit/vault/test_software_custody.py::test_a_destroyed_epoch_opens_nothing",
            "tests/unit/vault/test_custody_kinds.py::test_an_epoch_that_never_was_is_unknown",
        ),
    ),
    Removal(
        "10. Fails closed",
        "bodies have no cap",
        (
            (
                "vault/server/endpoint.py",
                (
                    "    if len(declared) > len(str(body_bytes)) or int(declared) > body_bytes:\n"
                    "        raise VaultError(ErrorCode.BODY_TOO_LARGE)\n"
                ),
                "",
            ),
        ),
        ("tests/flows/vault/test_http_edge.py::test_a_body_over_the_cap_is_refused_before_it_is_read",),
    ),
    Removal(
        "9. The owner reads every event, signed; one left out, changed or cut off is noticed",
        "a destroyed record's events are left out",
        (
            (
                "vault/server/services/activity.py",
                ".exclude(state=State.PENDING.value)",
                ".exclude(state__in=[State.PENDING.value, State.DESTROYED.value])",
            ),
        ),
        ("tests/flows/vault/test_events_and_feed.py::test_the_owner_reads_every_event_of_every_record",),
    ),
    Removal(
        "9. The owner reads every event, signed; one left out, changed or cut off is noticed",
        "the client shows what does not add up",
        (("webapp/engine/activity.py", ("    if found:\n        raise ActivityBroken(found)\n"), ""),),
        (
            "tests/flows/vault/test_activity.py::test_events_that_were_cut_off_are_not_shown_but_said",
            "tests/flows/vault/test_activity.py::test_a_site_that_serves_an_older_answer_is_caught",
        ),
    ),
    Removal(
        "9. The owner reads every event, signed; one left out, changed or cut off is noticed",
        "the chain is not followed",
        (("webapp/engine/activity_file.py", "        found.extend(_of_the_chain(record))\n", ""),),
        (
            "tests/unit/engine/test_activity_file.py::test_a_changed_event_is_named",
            "tests/unit/engine/test_activity_file.py::test_a_rewritten_chain_does_not_lead_to_the_signed_head",
            "tests/flows/vault/test_activity.py::test_an_event_edited_in_sql_is_named",
        ),
    ),
    Removal(
        "9. The owner reads every event, signed; one left out, changed or cut off is noticed",
        "signatures are not verified",
        (
            (
                "webapp/engine/activity_file.py",
                "        found.extend(_of_the_signature(file, record, verify, vault_key))\n",
                "",
            ),
        ),
        (
            "tests/unit/engine/test_activity_file.py::test_another_vaults_signature_is_refused",
            "tests/flows/vault/test_activity.py::test_a_site_that_serves_an_older_answer_is_caught",
        ),
    ),
    Removal(
        "9. The feed hands out each event until it was taken",
        "handed out is taken",
        (
            (
                "vault/server/services/feed.py",
                "        found = list(waiting[: FEED_PAGE + 1])\n",
                (
                    "        found = list(waiting[: FEED_PAGE + 1])\n"
                    "        rows.filter(pk__in=[one.pk for one in found]).update(published=True)\n"
                ),
            ),
        ),
        (
            "tests/flows/vault/test_events_and_feed.py::test_an_event_is_handed_out_until_it_was_taken",
            "tests/flows/vault/test_told_owners.py::test_a_site_that_dies_before_it_says_so_takes_the_same_events_again",
        ),
    ),
    Removal(
        "9. The feed hands out each event until it was taken",
        "the site keeps an event each time",
        (
            (
                "webapp/server/notices/feed.py",
                ("            head=event.head,\n            account_id"),
                ("            head=timezone.now().isoformat().encode().ljust(32)[:32],\n            account_id"),
            ),
        ),
        ("tests/flows/vault/test_told_owners.py::test_an_event_taken_twice_is_told_once",),
    ),
    Removal(
        "A pause charges nothing, gives nothing back and prolongs nothing",
        "a pause refuses nothing",
        (("vault/lockout.py", ("    if record.paused:\n        return record, Refused(Refusal.PAUSED), None\n"), ""),),
        (
            "tests/flows/vault/test_pausing.py::test_a_guess_while_paused_is_refused_and_costs_nothing",
            "tests/unit/vault/test_lockout_rule.py::test_a_paused_record_charges_nothing_and_resuming_leaves_guesses_and_waits_as_they_were",
        ),
    ),
    Removal(
        "A pause charges nothing, gives nothing back and prolongs nothing",
        "resuming gives guesses back",
        (
            (
                "vault/lockout.py",
                "    return replace(record, paused=False), Granted(), Event.RESUMED",
                "    return replace(record, paused=False, guesses_left=GUESSES), Granted(), Event.RESUMED",
            ),
        ),
        (
            "tests/unit/vault/test_lockout_small_model.py::test_no_interleaving_lets_a_key_answer_more_than_its_budget",
            "tests/unit/vault/test_lockout_rule.py::test_a_paused_record_charges_nothing_and_resuming_leaves_guesses_and_waits_as_they_were",
        ),
    ),
    Removal(
        "A pause charges nothing, gives nothing back and prolongs nothing",
        "resuming ends a wait",
        (
            (
                "vault/lockout.py",
                "    return replace(record, paused=False), Granted(), Event.RESUMED",
                "    return replace(record, paused=False, locked_until=None), Granted(), Event.RESUMED",
            ),
        ),
        ("tests/flows/vault/test_pausing.py::test_a_lock_runs_on_and_is_neither_shortened_nor_prolonged",),
    ),
    Removal(
        "Tickets",
        "a ticket serves any purpose",
        (
            (
                "vault/server/tickets.py",
                ("    if ticket.purpose is not purpose:\n        raise VaultError(ErrorCode.TICKET_REFUSED)\n"),
                "",
            ),
        ),
        ("tests/flows/vault/test_account_tickets.py::test_every_route_refuses_a_ticket_of_every_other_purpose",),
    ),
    Removal(
        "Tickets",
        "the site's signature is not verified",
        (
            (
                "vault/server/tickets.py",
                "        crypto.verify(configuration.ticket_public_key(), ticket.signed_message(), signature)\n",
                "        assert signature\n",
            ),
        ),
        (
            "tests/flows/vault/test_account_tickets.py::test_another_sites_ticket_is_refused",
            "tests/flows/vault/test_account_tickets.py::test_a_ticket_with_a_changed_byte_is_refused",
        ),
    ),
    Removal(
        "Tickets",
        "tickets do not expire",
        (
            (
                "vault/server/tickets.py",
                ("    if seconds_left <= 0:\n        raise VaultError(ErrorCode.TICKET_EXPIRED)\n"),
                "",
            ),
        ),
        ("tests/flows/vault/test_account_tickets.py::test_an_expired_ticket_is_refused",),
    ),
    Removal(
        "Tickets",
        "tickets live as long as they say",
        (
            (
                "vault/server/tickets.py",
                ("    if seconds_left > LIFETIME_SECONDS:\n        raise VaultError(ErrorCode.TICKET_REFUSED)\n"),
                "",
            ),
        ),
        ("tests/flows/vault/test_account_tickets.py::test_a_ticket_that_claims_a_long_life_is_refused",),
    ),
    Removal(
        "Tickets",
        "a ticket is not spent",
        (
            (
                "vault/server/tickets.py",
                ("    check(ticket, now)\n    store_spent(ticket)\n"),
                "    check(ticket, now)\n",
            ),
        ),
        ("tests/flows/vault/test_account_tickets.py::test_a_ticket_is_spent_once",),
    ),
    Removal(
        "Changes need the owner's proof",
        "no signature is verified",
        (
            (
                "vault/server/services/safes.py",
                "        raise VaultError(ErrorCode.PROOF_REFUSED) from error\n",
                "        assert error\n",
            ),
        ),
        (
            "tests/flows/vault/test_registration.py::test_only_the_owners_signature_over_exactly_this_finishes",
            "tests/flows/vault/test_registration.py::test_opening_a_safe_needs_the_signature_of_the_key_it_names",
            "tests/flows/vault/test_heads_and_destroying.py::test_only_the_owner_moves_or_reads_the_head",
        ),
    ),
    Removal(
        "A passkey is never the last protector, nor the only one to be proved",
        "the engine takes a safe for proved",
        (
            (
                "webapp/engine/passkeys.py",
                ("        opened.proved.discard(Protector.VAULT)\n    return None\n"),
                ("        opened.proved.discard(Protector.VAULT)\n    return Protector.DIGITS\n"),
            ),
        ),
        (
            "tests/flows/circle/test_passkey_way.py::test_a_safe_opened_by_a_passkey_alone_takes_no_other_and_gives_none_up",
        ),
    ),
    Removal(
        "A passkey is never the last protector, nor the only one to be proved",
        "a password that guesses have destroyed still counts",
        (
            (
                "webapp/engine/passkeys.py",
                (
                    '        if (await vault.status(opened.safe)).state == "active":\n'
                    "            return Protector.VAULT\n"
                ),
                "        return Protector.VAULT\n",
            ),
        ),
        ("tests/flows/circle/test_passkey_way.py::test_a_password_that_was_destroyed_meanwhile_no_longer_counts",),
    ),
    Removal(
        "A passkey is never the last protector, nor the only one to be proved",
        "the password goes while a passkey is left",
        (
            (
                "webapp/engine/protectors.py",
                ("    if Protector.DIGITS not in opened.proved:\n        raise ProtectorUnproved\n"),
                "",
            ),
        ),
        (
            "tests/flows/circle/test_protectors.py::test_the_password_goes_only_after_another_protector_was_proved",
            "tests/flows/circle/test_protectors.py::test_a_passkey_alone_is_not_enough_to_let_the_password_go",
        ),
    ),
    Removal(
        "A passkey is never the last protector, nor the only one to be proved",
        "the site takes any word for a protector",
        (
            (
                "webapp/server/backups/services/passkeys.py",
                "        raise PasskeyAlone from None\n",
                "        return Beside.DIGITS\n",
            ),
        ),
        ("tests/flows/backups/test_passkeys.py::test_a_passkey_is_never_the_only_way_in",),
    ),
    Removal(
        "The site hands on what the vault asks for, and nothing else",
        "cookies come back",
        (("webapp/server/vault_link/views.py", 'BACK = ("content-type",', 'BACK = ("set-cookie", "content-type",'),),
        ("tests/unit/server/test_vault_forwarding.py::test_the_answer_comes_back_without_cookies_or_foreign_headers",),
    ),
    Removal(
        "The site hands on what the vault asks for, and nothing else",
        "bodies have no cap",
        (
            (
                "webapp/server/vault_link/views.py",
                (
                    "    if len(declared) > len(str(cap)) or int(declared) > cap:\n"
                    "        raise VaultError(ErrorCode.BODY_TOO_LARGE)\n"
                ),
                "",
            ),
        ),
        ("tests/unit/server/test_vault_forwarding.py::test_a_body_over_the_routes_cap_stays_here",),
    ),
    Removal(
        "The site hands on what the vault asks for, and nothing else",
        "headers go along whatever they hold",
        (
            (
                "webapp/server/vault_link/views.py",
                (
                    "        if len(value) > cap or not (value.isascii() and value.isprintable()):\n"
                    "            raise VaultError(refusal)\n"
                ),
                "        assert cap and refusal\n",
            ),
        ),
        ("tests/unit/server/test_vault_forwarding.py::test_a_header_that_is_no_ticket_stays_here",),
    ),
    Removal(
        "The site hands on what the vault asks for, and nothing else",
        "any answer is believed",
        (
            (
                "webapp/server/vault_link/views.py",
                '    if answer.headers.get("content-type") != JSON:\n',
                "    if answer.headers is None:\n",
            ),
        ),
        ("tests/unit/server/test_vault_forwarding.py::test_what_no_vault_says_is_a_typed_503",),
    ),
)
