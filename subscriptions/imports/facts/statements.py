"""The statements that merge a batch of facts: from rows as stated, by a plan for each fact, to the customers.

The tables are temporary: ``fact_row`` and ``fact_plan`` hold one batch, ``fact_seen`` lasts for the file.
"""

TABLES = """
CREATE TEMPORARY TABLE fact_row (number integer PRIMARY KEY, customer_number text, as_of text, facts jsonb);
CREATE TEMPORARY TABLE fact_plan (
    number integer, customer_id bigint, name text, value text, as_of text,
    before text, before_as_of timestamptz, is_older boolean, is_other boolean, is_newer boolean
);
CREATE TEMPORARY TABLE fact_seen (customer_number text PRIMARY KEY, number integer);
"""

DROP_TABLES = "DROP TABLE IF EXISTS fact_row, fact_plan, fact_seen"

EMPTY = "TRUNCATE fact_row, fact_plan"

COPY = "COPY fact_row FROM STDIN"

LOCK = """
SELECT count(*) FROM (
    SELECT 1 FROM subscriptions_customer c JOIN fact_row r ON r.customer_number = c.number
    ORDER BY c.id FOR NO KEY UPDATE OF c
) locked
"""
"""Whoever else brings facts of these customers waits, or is waited for; in one order, so for no one twice."""

NOTE_SEEN = """
INSERT INTO fact_seen SELECT customer_number, number FROM fact_row ORDER BY number ON CONFLICT DO NOTHING
"""

DROP_REPEATED = """
DELETE FROM fact_row r USING fact_seen x WHERE x.customer_number = r.customer_number AND x.number <> r.number
RETURNING r.number, x.number
"""

DROP_UNKNOWN = """
DELETE FROM fact_row r
WHERE NOT EXISTS (SELECT 1 FROM subscriptions_customer c WHERE c.number = r.customer_number)
RETURNING r.number, r.customer_number
"""

PLAN = """
INSERT INTO fact_plan
SELECT number, customer_id, name, value, as_of, before, before_as_of,
    coalesce(before_as_of > as_of::timestamptz, false), before IS DISTINCT FROM value,
    coalesce(before_as_of < as_of::timestamptz, true)
FROM (
    SELECT r.number, c.id AS customer_id, stated.name, stated.value, r.as_of,
        c.facts #>> ARRAY[stated.name, 'value'] AS before,
        (c.facts #>> ARRAY[stated.name, 'as_of'])::timestamptz AS before_as_of
    FROM fact_row r
    JOIN subscriptions_customer c ON c.number = r.customer_number
    CROSS JOIN LATERAL jsonb_each_text(r.facts) AS stated (name, value)
) facts
"""

OLDER_ROWS = """
SELECT number, min(before_as_of) FROM fact_plan GROUP BY number HAVING bool_and(is_older) ORDER BY number
"""

COUNT = """
SELECT
    count(*) FILTER (WHERE is_changed),
    count(*) FILTER (WHERE NOT is_changed AND NOT is_passed_over)
FROM (
    SELECT coalesce(bool_or(p.is_other AND NOT p.is_older), false) AS is_changed,
        coalesce(bool_and(p.is_older), false) AS is_passed_over
    FROM fact_row r LEFT JOIN fact_plan p USING (number) GROUP BY r.number
) rows
"""

COUNT_FACTS = """
SELECT
    count(*) FILTER (WHERE NOT is_older AND before IS NULL),
    count(*) FILTER (WHERE NOT is_older AND is_other AND before IS NOT NULL),
    count(*) FILTER (WHERE NOT is_older AND NOT is_other),
    count(*) FILTER (WHERE is_older)
FROM fact_plan
"""

CHANGES = """
SELECT p.number, r.customer_number,
    json_object_agg(p.name, coalesce(p.before, '') ORDER BY p.name)::text,
    json_object_agg(p.name, p.value ORDER BY p.name)::text
FROM fact_plan p JOIN fact_row r USING (number)
WHERE p.is_other AND NOT p.is_older
GROUP BY p.number, r.customer_number ORDER BY p.number
"""

WRITE = """
UPDATE subscriptions_customer c SET facts = c.facts || brought.facts
FROM (
    SELECT customer_id, jsonb_object_agg(
        name, jsonb_build_object('value', value, 'source', %(source)s::text, 'as_of', as_of)
    ) AS facts
    FROM fact_plan WHERE is_newer OR (is_other AND NOT is_older)
    GROUP BY customer_id
) brought
WHERE brought.customer_id = c.id
"""
"""Facts that a newer file confirms are newer by it."""
