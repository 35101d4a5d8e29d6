-- The columns hold one source and one date for all: those of the newest fact that they hold.
UPDATE subscriptions_customer c SET
    account_opened_on = (c.facts #>> '{account_opened_on,value}')::date,
    paid_invoices = (c.facts #>> '{paid_invoices,value}')::integer,
    paid_total_usd = (c.facts #>> '{paid_total_usd,value}')::numeric,
    is_identity_verified = (c.facts #>> '{identity_verified,value}')::boolean,
    facts_source = left(newest.source, 120),
    facts_as_of = newest.as_of
FROM (
    SELECT DISTINCT ON (k.id) k.id, f.value ->> 'source' AS source, (f.value ->> 'as_of')::timestamptz AS as_of
    FROM subscriptions_customer k CROSS JOIN LATERAL jsonb_each(k.facts) AS f
    WHERE f.key IN ('account_opened_on', 'paid_invoices', 'paid_total_usd', 'identity_verified')
    ORDER BY k.id, as_of DESC
) newest
WHERE newest.id = c.id;
