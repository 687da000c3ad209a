UPDATE take SET state = 'waiting'
WHERE id IN (SELECT take_id FROM reference_use WHERE reference_id = :reference);
UPDATE take SET state = 'approved'
WHERE id IN (SELECT take_id FROM reference_use WHERE reference_id = :reference LIMIT 5000);
INSERT INTO card (id, workspace_id, kind, subject_id, channel_id, message_ts, text, wanted, shown,
                  stale, posting, attempts, due_at, problem)
SELECT 'c' || substr(id, 2), workspace_id, 'take', id, 'C0', substr(id, 13), '', 1, 1,
       false, false, 0, ready_at, ''
FROM take WHERE id IN (SELECT take_id FROM reference_use WHERE reference_id = :reference)
