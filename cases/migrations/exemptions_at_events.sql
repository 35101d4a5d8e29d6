-- Exemptions kept the clock of a moment before the event that decided them; from now on they are as it says.

UPDATE cases_exemption SET starts_at = told.starts_at, ends_at = told.ends_at
FROM (
    SELECT kept.id, started.at AS starts_at, ended.at AS ends_at
    FROM (SELECT id, case_id, row_number() OVER (PARTITION BY case_id ORDER BY starts_at, id) AS number
          FROM cases_exemption) kept
    JOIN (SELECT case_id, at, row_number() OVER (PARTITION BY case_id ORDER BY seq) AS number
          FROM cases_caseevent WHERE to_state = 'approved' AND from_state <> 'approved') started
        USING (case_id, number)
    LEFT JOIN (SELECT case_id, at, row_number() OVER (PARTITION BY case_id ORDER BY seq) AS number
               FROM cases_caseevent WHERE from_state = 'approved' AND to_state <> 'approved') ended
        USING (case_id, number)
) told
WHERE told.id = cases_exemption.id;
