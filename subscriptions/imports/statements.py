"""The statements that merge a batch: from rows as stated, by a plan of what they come to, to the tables.

``import_row`` and ``import_plan`` hold one batch and are emptied for the next; the other tables
last for the file. All are temporary: they live and die with the connection.
"""

CREATED = """CASE
    WHEN {0}.created_at IS NULL THEN ''
    WHEN {0}.is_created_by_day THEN to_char({0}.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')
    ELSE to_char({0}.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') END"""

TABLES = """
CREATE TEMPORARY TABLE import_row (
    number integer, id uuid, name text, offer_id text, quota_id text,
    is_created_stated boolean, created_at timestamptz, is_created_by_day boolean, state text,
    customer_number text, customer_name text, partner_number text, partner_name text, addresses inet[]
);
CREATE TEMPORARY TABLE import_plan (
    number integer, id uuid PRIMARY KEY, name text, offer_id text, quota_id text, family text,
    created_at timestamptz, is_created_by_day boolean, state text,
    customer_id bigint, customer_number text, customer_name text,
    partner_id bigint, partner_number text, partner_name text, addresses inet[],
    is_new boolean, newer timestamptz, is_moved boolean, is_judged_anew boolean, is_changed boolean
);
CREATE TEMPORARY TABLE import_seen (id uuid PRIMARY KEY, number integer);
CREATE TEMPORARY TABLE import_held (address inet PRIMARY KEY, number integer);
CREATE TEMPORARY TABLE import_family (offer_id text, quota_id text, family text, PRIMARY KEY (offer_id, quota_id));
CREATE TEMPORARY TABLE import_party (kind text, number text, name text, PRIMARY KEY (kind, number));
CREATE TEMPORARY TABLE import_opening (subscription_id uuid, address inet);
CREATE TEMPORARY TABLE import_closing (address_id bigint PRIMARY KEY, batch integer);
CREATE INDEX ON import_closing (batch);
CREATE TEMPORARY VIEW import_change AS
SELECT
    p.number, p.id, p.is_judged_anew,
    jsonb_build_object('name', s.name, 'state', s.state, 'offer_id', s.offer_id, 'quota_id', s.quota_id,
        'family', s.family, 'created', {created_before},
        'customer', c.number, 'partner', coalesce(r.number, '')) AS before,
    jsonb_build_object('name', p.name, 'state', p.state, 'offer_id', p.offer_id, 'quota_id', p.quota_id,
        'family', p.family, 'created', {created_after},
        'customer', coalesce(p.customer_number, c.number),
        'partner', coalesce(p.partner_number, r.number, '')) AS after
FROM import_plan p
JOIN subscriptions_subscription s ON s.id = p.id
JOIN subscriptions_customer c ON c.id = s.customer_id
LEFT JOIN subscriptions_partner r ON r.id = s.partner_id
WHERE p.is_changed;
""".format(created_before=CREATED.format("s"), created_after=CREATED.format("p"))  # nosec B608  # two names of tables of ours

DROP_TABLES = """
DROP TABLE IF EXISTS import_row, import_plan, import_seen, import_held, import_family, import_party,
    import_opening, import_closing CASCADE
"""

EMPTY = "TRUNCATE import_row, import_plan, import_opening"

COPY = "COPY import_row FROM STDIN"

ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('subscriptions.imports'))"
"""Two imports take turns, batch by batch: what one has planned, the other does not change."""

LOCK = """
SELECT count(*) FROM (
    SELECT 1 FROM subscriptions_subscription s JOIN import_row r USING (id) ORDER BY s.id FOR NO KEY UPDATE OF s
) locked
"""
"""Whoever submits or decides on one of these waits, or is waited for."""

NOTE_SEEN = "INSERT INTO import_seen SELECT id, number FROM import_row ORDER BY number ON CONFLICT DO NOTHING"

DROP_REPEATED = """
DELETE FROM import_row r USING import_seen x WHERE x.id = r.id AND x.number <> r.number
RETURNING r.number, x.number
"""

NOTE_HELD = """
INSERT INTO import_held
SELECT address, r.number FROM import_row r, unnest(r.addresses) AS stated(address) ORDER BY r.number
ON CONFLICT DO NOTHING
"""

DROP_HELD_TWICE = """
DELETE FROM import_row r USING (
    SELECT DISTINCT ON (r.number) r.number, host(h.address) AS address, h.number AS first
    FROM import_row r, unnest(r.addresses) AS stated(address) JOIN import_held h USING (address)
    WHERE h.number <> r.number ORDER BY r.number, h.number
) twice WHERE twice.number = r.number
RETURNING r.number, twice.address, twice.first
"""

FAMILIES_TO_DERIVE = """
SELECT coalesce(r.offer_id, s.offer_id, ''), coalesce(r.quota_id, s.quota_id, '')
FROM import_row r LEFT JOIN subscriptions_subscription s USING (id)
EXCEPT SELECT offer_id, quota_id FROM import_family
"""

ADD_FAMILY = "INSERT INTO import_family VALUES (%s, %s, %s)"

PLAN = """
INSERT INTO import_plan
SELECT
    r.number, r.id, m.name, m.offer_id, m.quota_id, coalesce(f.family, ''), m.created_at, m.is_created_by_day, m.state,
    m.customer_id, r.customer_number, r.customer_name, m.partner_id, r.partner_number, r.partner_name,
    r.addresses,
    s.id IS NULL,
    CASE WHEN s.as_of > %(as_of)s THEN s.as_of END,
    s.id IS NOT NULL AND (m.is_other_customer OR m.is_other_partner),
    s.id IS NOT NULL AND (m.is_other_customer
        OR (m.offer_id, m.quota_id, m.created_at, m.is_created_by_day)
        IS DISTINCT FROM (s.offer_id, s.quota_id, s.created_at, s.is_created_by_day)),
    s.id IS NOT NULL AND (m.is_other_customer OR m.is_other_partner
        OR (m.name, m.offer_id, m.quota_id, coalesce(f.family, ''), m.created_at, m.is_created_by_day, m.state)
        IS DISTINCT FROM (s.name, s.offer_id, s.quota_id, s.family, s.created_at, s.is_created_by_day, s.state))
FROM import_row r
LEFT JOIN subscriptions_subscription s ON s.id = r.id
LEFT JOIN subscriptions_customer c ON c.number = r.customer_number
LEFT JOIN subscriptions_partner p ON p.number = r.partner_number
CROSS JOIN LATERAL (SELECT
    coalesce(r.name, s.name, r.id::text) AS name,
    coalesce(r.offer_id, s.offer_id, '') AS offer_id,
    coalesce(r.quota_id, s.quota_id, '') AS quota_id,
    CASE WHEN r.is_created_stated THEN r.created_at ELSE s.created_at END AS created_at,
    CASE WHEN r.is_created_stated THEN r.is_created_by_day
        ELSE coalesce(s.is_created_by_day, false) END AS is_created_by_day,
    coalesce(r.state, s.state, 'active') AS state,
    CASE WHEN r.customer_number IS NULL THEN s.customer_id ELSE c.id END AS customer_id,
    r.customer_number IS NOT NULL AND c.id IS DISTINCT FROM s.customer_id AS is_other_customer,
    CASE WHEN r.partner_number IS NULL THEN s.partner_id ELSE p.id END AS partner_id,
    r.partner_number IS NOT NULL
        AND (p.id IS DISTINCT FROM s.partner_id OR (p.id IS NULL AND r.partner_number <> '')) AS is_other_partner
) m
LEFT JOIN import_family f ON f.offer_id = m.offer_id AND f.quota_id = m.quota_id
"""
"""What is stated goes before what is stored; unknown customers and partners have no id yet."""

DROP_OLDER = "DELETE FROM import_plan WHERE newer IS NOT NULL RETURNING number, newer"

DROP_NOBODYS = "DELETE FROM import_plan WHERE is_new AND customer_number IS NULL RETURNING number"

MOVED = """
SELECT p.id, p.customer_number IS NOT NULL AND p.customer_id IS DISTINCT FROM s.customer_id
FROM import_plan p JOIN subscriptions_subscription s USING (id) WHERE p.is_moved
"""

DROP_TIED = "DELETE FROM import_plan WHERE id = ANY(%s) RETURNING number, id"

NOTE_CUSTOMERS = """
INSERT INTO import_party
SELECT DISTINCT ON (customer_number) 'customer', customer_number, coalesce(nullif(customer_name, ''), customer_number)
FROM import_plan WHERE customer_id IS NULL ORDER BY customer_number, number
ON CONFLICT DO NOTHING RETURNING number, name
"""

NOTE_PARTNERS = """
INSERT INTO import_party
SELECT DISTINCT ON (partner_number) 'partner', partner_number, coalesce(nullif(partner_name, ''), partner_number)
FROM import_plan WHERE partner_id IS NULL AND partner_number <> '' ORDER BY partner_number, number
ON CONFLICT DO NOTHING RETURNING number, name
"""

FIND_CUSTOMERS = """
UPDATE import_plan p SET customer_id = c.id FROM subscriptions_customer c
WHERE p.customer_id IS NULL AND c.number = p.customer_number
"""

FIND_PARTNERS = """
UPDATE import_plan p SET partner_id = r.id FROM subscriptions_partner r
WHERE p.partner_id IS NULL AND p.partner_number <> '' AND r.number = p.partner_number
"""

COUNT = """
SELECT
    count(*) FILTER (WHERE is_new),
    count(*) FILTER (WHERE is_changed),
    count(*) FILTER (WHERE NOT is_new AND NOT is_changed),
    count(*) FILTER (WHERE is_judged_anew)
FROM import_plan
"""

CHANGES = "SELECT number, id::text, before, after FROM import_change ORDER BY number"

ADDITIONS = """
SELECT number, id::text, jsonb_build_object(
    'name', name, 'offer_id', offer_id, 'quota_id', quota_id, 'family', family, 'state', state,
    'customer', customer_number, 'partner', coalesce(partner_number, ''))
FROM import_plan WHERE is_new ORDER BY number
"""

NOTE_OFFER_CHANGES = """
INSERT INTO subscriptions_offerchange (subscription_id, before, after, source, changed_at)
SELECT id, before - '{name,state,partner}'::text[], after - '{name,state,partner}'::text[], %(source)s, %(now)s
FROM import_change WHERE is_judged_anew ORDER BY number
"""

UPDATE = """
UPDATE subscriptions_subscription s SET
    name = p.name, offer_id = p.offer_id, quota_id = p.quota_id, family = p.family,
    created_at = p.created_at, is_created_by_day = p.is_created_by_day, state = p.state,
    customer_id = p.customer_id, partner_id = p.partner_id, as_of = %(as_of)s, source = %(source)s
FROM import_plan p WHERE s.id = p.id AND NOT p.is_new AND (p.is_changed OR s.as_of < %(as_of)s)
"""
"""Facts that a newer file confirms are newer by it."""

INSERT = """
INSERT INTO subscriptions_subscription (
    id, name, offer_id, quota_id, family, created_at, is_created_by_day, state, customer_id, partner_id,
    as_of, source
)
SELECT
    id, name, offer_id, quota_id, family, created_at, is_created_by_day, state, customer_id, partner_id,
    %(as_of)s, %(source)s
FROM import_plan WHERE is_new
"""

PLAN_CLOSING = """
INSERT INTO import_closing
SELECT id, %(batch)s FROM (
    SELECT a.id FROM import_plan p JOIN subscriptions_address a ON a.subscription_id = p.id
    WHERE a.held_until IS NULL AND a.held_from <= %(as_of)s AND a.address <> ALL (p.addresses)
    UNION
    SELECT a.id FROM import_plan p CROSS JOIN unnest(p.addresses) AS stated(address)
    JOIN subscriptions_address a ON a.address = stated.address
    WHERE a.held_until IS NULL AND a.held_from <= %(as_of)s AND a.subscription_id <> p.id
) ended
ON CONFLICT DO NOTHING
"""
"""What a subscription no longer holds, and what another one holds now."""

PLAN_OPENING = """
INSERT INTO import_opening
SELECT p.id, stated.address FROM import_plan p CROSS JOIN unnest(p.addresses) AS stated(address)
WHERE NOT EXISTS (
    SELECT 1 FROM subscriptions_address a
    WHERE a.address = stated.address AND (a.held_until IS NULL OR a.held_until > %(as_of)s)
    AND NOT EXISTS (SELECT 1 FROM import_closing c WHERE c.address_id = a.id)
)
"""
"""What nobody is known to hold then or later."""

FORGET_HELD_NO_TIME = """
DELETE FROM subscriptions_address a USING import_closing c
WHERE c.batch = %(batch)s AND a.id = c.address_id AND a.held_from = %(as_of)s
"""

CLOSE = """
UPDATE subscriptions_address a SET held_until = %(as_of)s FROM import_closing c
WHERE c.batch = %(batch)s AND a.id = c.address_id
"""

OPEN = """
INSERT INTO subscriptions_address (subscription_id, address, held_from)
SELECT subscription_id, address, %(as_of)s FROM import_opening
"""
