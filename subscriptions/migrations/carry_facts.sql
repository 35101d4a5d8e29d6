-- What the columns say goes into facts. Where nobody noted when it was so, the oldest date there is,
-- so that any import counts as newer.
UPDATE subscriptions_customer c SET facts = carried.facts
FROM (
    SELECT k.id, jsonb_object_agg(f.name, jsonb_build_object(
        'value', f.value,
        'source', coalesce(nullif(k.facts_source, ''), 'not stated'),
        'as_of', to_char(coalesce(k.facts_as_of, 'epoch') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')
    )) AS facts
    FROM subscriptions_customer k
    CROSS JOIN LATERAL (VALUES
        ('account_opened_on', k.account_opened_on::text),
        ('paid_invoices', k.paid_invoices::text),
        ('paid_total_usd', CASE WHEN k.paid_total_usd >= 0 THEN k.paid_total_usd::text END),
        ('identity_verified', CASE k.is_identity_verified WHEN true THEN 'yes' WHEN false THEN 'no' END)
    ) AS f (name, value)
    WHERE f.value IS NOT NULL
    GROUP BY k.id
) carried
WHERE carried.id = c.id;
