-- A history that ends at :now, one row every :apart seconds, the newest first.

INSERT INTO setup (id, workspace_id, sha256, body, engine, model, prompt, family)
WITH RECURSIVE counted(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counted WHERE n < 999)
SELECT printf('setup%d', n), 'T0BENCH', printf('%064x', n), '{}', 'animatic', '', 'a',
    printf('family %d', n % 40)
FROM counted;

INSERT INTO take (id, workspace_id, production_id, scene_id, shot_id, setup_id, number, state,
    engine, ordered_by, ordered_at, cost_cents, handle, progress, problem, sha256, size, seconds,
    width, height, probe, ready_at, spent_at)
WITH RECURSIVE counted(n, at) AS (
    SELECT 0, :now
    UNION ALL
    SELECT n + 1, at - :apart FROM counted WHERE n + 1 < :takes
)
SELECT printf('%024x', n), 'T0BENCH', 'production', 'scene', 'shot', printf('setup%d', n % 1000), n,
    CASE WHEN n < 40 THEN 'waiting' WHEN n % 10 < 5 THEN 'approved' WHEN n % 10 < 8 THEN 'rejected'
        ELSE 'retake' END,
    'animatic', 'U0MAYA', strftime('%Y-%m-%d %H:%M:%f000', at - 180, 'unixepoch'), 12, '', 100, '',
    printf('%064x', n), 1000, 4.0, 1280, 720, '{}',
    strftime('%Y-%m-%d %H:%M:%f000', at, 'unixepoch'),
    strftime('%Y-%m-%d %H:%M:%f000', at - 20, 'unixepoch')
FROM counted;

INSERT INTO decision (id, workspace_id, production_id, take_id, stage, verdict, reason, note, salt,
    "by", team_id, role, sha256, at)
SELECT id, workspace_id, production_id, id, 'team',
    CASE state WHEN 'approved' THEN 'approve' WHEN 'rejected' THEN 'reject' ELSE 'retake' END,
    CASE WHEN state = 'approved' THEN NULL WHEN number % 3 = 0 THEN 'motion' ELSE 'artefacts' END,
    '', '', 'U0JONAS', workspace_id, 'director', sha256,
    strftime('%Y-%m-%d %H:%M:%f000', ready_at, printf('+%d seconds', 3600 + number % 7 * 600))
FROM take WHERE state <> 'waiting';

INSERT INTO entry (workspace_id, seq, at, kind, production_id, scene_id, take_id, actor, body, hash)
WITH RECURSIVE counted(n, at) AS (
    SELECT 0, :now
    UNION ALL
    SELECT n + 1, at - :apart / 10 FROM counted WHERE n + 1 < :takes * 10
)
SELECT 'T0BENCH', :takes * 10 - n, strftime('%Y-%m-%d %H:%M:%f000', at, 'unixepoch'),
    'take.approved', 'production', 'scene', printf('%024x', n / 10), 'person',
    '{"v":1,"workspace":"T0BENCH","facts":{"stage":"team"}}', printf('%064x', n)
FROM counted;
