"""Changes that somebody could make who could switch the guard off, and what is said of each.

Each is SQL and a part of the complaint; ``conftest.case`` is the case that they are made to.
"""

OF_THE_CASE = "SELECT n.id FROM cases_checkrun n JOIN cases_checkround r ON r.id = n.round_id WHERE case_id ="

CHANGES = {
    "an event's words": (
        "UPDATE cases_caseevent SET data = data || '{{\"x\": 1}}' WHERE {the_case} AND seq = 3",
        "event 3 was changed",
    ),
    "an event's time": (
        "UPDATE cases_caseevent SET at = at + interval '1 microsecond' WHERE {the_case} AND seq = 3",
        "event 3 was changed",
    ),
    "an event's actor": (
        "UPDATE cases_caseevent SET actor_name = 'Mallory' WHERE {the_case} AND seq = 3",
        "event 3 was changed",
    ),
    "an event's kind": (
        "UPDATE cases_caseevent SET kind = 'message' WHERE {the_case} AND seq = 2",
        "event 2 was changed",
    ),
    "an event's hash": (
        "UPDATE cases_caseevent SET hash = repeat('0', 64) WHERE {the_case} AND seq = 3",
        "event 4 does not follow the one before it",
    ),
    "a first event removed": (
        "DELETE FROM cases_caseevent WHERE {the_case} AND seq = 1",
        "event 1 is missing",
    ),
    "a middle event removed": (
        "DELETE FROM cases_caseevent WHERE {the_case} AND seq = 3",
        "event 3 is missing",
    ),
    "a middle event removed, the rest counted anew": (
        "DELETE FROM cases_caseevent WHERE {the_case} AND seq = 3;"
        "UPDATE cases_caseevent SET seq = seq - 1 WHERE {the_case} AND seq > 3",
        "event 3 does not follow the one before it",
    ),
    "the end cut off": (
        "DELETE FROM cases_caseevent WHERE {the_case} AND seq = (SELECT max(seq) FROM cases_caseevent WHERE {the_case})",
        "the case does not stand where its last event left it",
    ),
    "an event put in": (
        "INSERT INTO cases_caseevent (case_id, seq, kind, from_state, to_state, at, side, actor_name, data, previous, hash)"
        " SELECT case_id, seq + 1, 'message', to_state, to_state, at, side, actor_name, '{{}}', hash, repeat('f', 64)"
        " FROM cases_caseevent WHERE {the_case} ORDER BY seq DESC LIMIT 1",
        "was changed",
    ),
    "every event removed": (
        "DELETE FROM cases_caseevent WHERE {the_case}",
        "the case does not stand where its last event left it",
    ),
    "the case's state": (
        "UPDATE cases_case SET state = 'revoked' WHERE id = {id}",
        "the case does not stand where its last event left it",
    ),
    "the case's version": (
        "UPDATE cases_case SET version = version + 1 WHERE id = {id}",
        "the case does not stand where its last event left it",
    ),
    "the notice of a decision": (
        'UPDATE cases_decision SET notice = notice || \'{{"what": ""}}\' WHERE {the_case}',
        "a decision or its notice was changed",
    ),
    "a decision's private note": (
        "UPDATE cases_decision SET private_note = '' WHERE {the_case}",
        "a decision or its notice was changed",
    ),
    "a decision's author": (
        "UPDATE cases_decision SET made_by_id = NULL WHERE {the_case}",
        "a decision or its notice was changed",
    ),
    "a decision's reasons": (
        "UPDATE cases_decision SET reasons = '{{no_answer}}' WHERE {the_case}",
        "a decision or its notice was changed",
    ),
    "a decision's time": (
        "UPDATE cases_decision SET made_at = made_at - interval '1 day' WHERE {the_case}",
        "a decision or its notice was changed",
    ),
    "a decision removed": (
        "DELETE FROM cases_decision WHERE {the_case}",
        "a decision or its notice was changed",
    ),
    "a message": ("UPDATE cases_casemessage SET text = 'No.' WHERE {the_case}", "a message was changed"),
    "a message's author": (
        "UPDATE cases_casemessage SET author_id = {somebody} WHERE {the_case}",
        "a message was changed",
    ),
    "a message removed": ("DELETE FROM cases_casemessage WHERE {the_case}", "a message was changed"),
    "a message put in": (
        "INSERT INTO cases_casemessage (case_id, kind, side, author_id, text, at)"
        " SELECT case_id, kind, side, author_id, 'Never written', at FROM cases_casemessage WHERE {the_case}",
        "a message was changed, added or removed",
    ),
    "a private note": (
        "UPDATE cases_privatenote SET text = '' WHERE {the_case}",
        "a private note was changed",
    ),
    "a private note removed": (
        "DELETE FROM cases_privatenote WHERE {the_case}",
        "a private note was changed",
    ),
    "an attestation": (
        "UPDATE cases_attestation SET text = '' WHERE {the_case}",
        "an attestation was changed",
    ),
    "what was attested": (
        "UPDATE cases_attestation SET checked = '{{identity}}' WHERE {the_case}",
        "an attestation was changed",
    ),
    "an attestation's partner": (
        "UPDATE cases_attestation SET partner_id = {adatum} WHERE {the_case}",
        "an attestation was changed",
    ),
    "an attestation's time": (
        "UPDATE cases_attestation SET at = now() WHERE {the_case}",
        "an attestation was changed",
    ),
    "why direct": (
        "UPDATE cases_case SET why_direct = 'Because.' WHERE id = {id}",
        "what was asked for was changed",
    ),
    "the volume": (
        "UPDATE cases_case SET daily_volume = 1 WHERE id = {id}",
        "what was asked for was changed",
    ),
    "an address": (
        "UPDATE cases_case SET sending_addresses = '{{203.0.113.8}}' WHERE id = {id}",
        "what was asked for was changed",
    ),
    "the subscription": (
        "UPDATE cases_case SET subscription_id = '{other}' WHERE id = {id}",
        "what was asked for was changed",
    ),
    "who asked": (
        "UPDATE cases_case SET submitted_by_id = {somebody} WHERE id = {id}",
        "what was asked for was changed",
    ),
    "in whose name": (
        "UPDATE cases_case SET submitted_side = 'customer' WHERE id = {id}",
        "what was asked for was changed",
    ),
    "the outcome": (
        "UPDATE cases_case SET outcome = 'may_request' WHERE id = {id}",
        "what it was judged by was changed",
    ),
    "the facts": ("UPDATE cases_case SET facts = '[]' WHERE id = {id}", "what it was judged by was changed"),
    "a message's side": (
        "UPDATE cases_casemessage SET side = 'desk' WHERE {the_case}",
        "a message was changed",
    ),
    "a message's kind": (
        "UPDATE cases_casemessage SET kind = 'answer' WHERE {the_case}",
        "a message was changed",
    ),
    "a message's time": ("UPDATE cases_casemessage SET at = now() WHERE {the_case}", "a message was changed"),
    "a note's time": (
        "UPDATE cases_privatenote SET at = now() WHERE {the_case}",
        "a private note was changed",
    ),
    "when it was sent": (
        "UPDATE cases_case SET submitted_at = submitted_at - interval '1 day' WHERE id = {id}",
        "how it was sent was changed",
    ),
    "when the terms were accepted": (
        "UPDATE cases_case SET terms_accepted_at = now() WHERE id = {id}",
        "how it was sent was changed",
    ),
    "the key": (
        "UPDATE cases_case SET idempotency_hash = repeat('0', 64) WHERE id = {id}",
        "how it was sent was changed",
    ),
    "when it moved": (
        "UPDATE cases_case SET moved_at = now() WHERE id = {id}",
        "the case does not stand where its last event left it",
    ),
    "the partner": (
        "UPDATE cases_case SET partner_id = {adatum} WHERE id = {id}",
        "what it was judged by was changed",
    ),
    "the flag": ("UPDATE cases_case SET flag = 'out_of_policy' WHERE id = {id}", "the flag was changed"),
    "a due time": (
        "UPDATE cases_case SET due_at = now() WHERE id = {id}",
        "by when it is due was changed",
    ),
    "the band": ("UPDATE cases_case SET band = 'low' WHERE id = {id}", "the band was changed"),
    "a round's band": (
        "UPDATE cases_checkround SET band = 'low' WHERE {the_case}",
        "a round of checks was changed",
    ),
    "a round's parts": (
        "UPDATE cases_checkround SET parts = '[]' WHERE {the_case}",
        "a round of checks was changed",
    ),
    "a round's number": (
        "UPDATE cases_checkround SET number = 2 WHERE {the_case}",
        "a round of checks was changed",
    ),
    "who started a round": (
        "UPDATE cases_checkround SET started_by_id = {somebody} WHERE {the_case}",
        "a round of checks was changed",
    ),
    "a round put in": (
        "INSERT INTO cases_checkround (case_id, number, started_at, deadline_at, ended_at, band, parts)"
        " SELECT case_id, 2, started_at, deadline_at, ended_at, 'low', '[]' FROM cases_checkround WHERE {the_case}",
        "a round of checks was changed",
    ),
    "a signal cleared": (
        "UPDATE cases_signalrow SET finding = 'clear' WHERE {of_the_case}",
        "a round of checks was changed",
    ),
    "a signal removed": (
        "DELETE FROM cases_signalrow WHERE {of_the_case} AND part = 'spf'",
        "a round of checks was changed",
    ),
    "an exemption of nobody's": (
        "INSERT INTO cases_exemption (case_id, subscription_id, starts_at)"
        " SELECT id, subscription_id, moved_at FROM cases_case WHERE id = {id}",
        "an exemption was changed, added or removed",
    ),
    "the policy": (
        "UPDATE cases_case SET policy_id = 'example-qualified' WHERE id = {id}",
        "what it was judged by was changed",
    ),
}
