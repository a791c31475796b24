-- What dashboards may read (docs/decisions/010-grafana.md): sums, and of people their login name and running total.
-- No address, no e-mail, no id, no destination, no secret. The role that reads is made by stack/postgres/reader.ts.
CREATE SCHEMA reporting;

CREATE VIEW reporting.door AS
SELECT * FROM (VALUES (1::smallint, 'vpn'), (2::smallint, 'http'), (3::smallint, 'socks')) AS door (number, name);

-- The proxies belong to no node: theirs is all zeros.
CREATE VIEW reporting.usage_5m AS
SELECT t.bucket AS time, coalesce(n.name, 'proxies') AS node, d.name AS door, t.up_bytes, t.down_bytes
FROM usage_total_5m t JOIN reporting.door d ON d.number = t.door LEFT JOIN node n ON n.id = t.node_id;

CREATE VIEW reporting.usage_1h AS
SELECT t.bucket AS time, coalesce(n.name, 'proxies') AS node, d.name AS door, t.up_bytes, t.down_bytes
FROM usage_total_1h t JOIN reporting.door d ON d.number = t.door LEFT JOIN node n ON n.id = t.node_id;

CREATE VIEW reporting.usage_1d AS
SELECT t.bucket AS time, coalesce(n.name, 'proxies') AS node, d.name AS door, t.up_bytes, t.down_bytes
FROM usage_total_1d t JOIN reporting.door d ON d.number = t.door LEFT JOIN node n ON n.id = t.node_id;

CREATE VIEW reporting.users_by_status AS
SELECT s.status::text AS status, count(u.id) AS users
FROM unnest(enum_range(NULL::"UserStatus")) AS s (status) LEFT JOIN "user" u ON u.status = s.status
GROUP BY s.status;

-- Since each user's last reset: one narrow row a user, where a range would read every bucket.
CREATE VIEW reporting.user_totals AS
SELECT u.name AS user_name, u.status::text AS status, u.limit_bytes,
       t.vpn_up + t.vpn_down AS vpn_bytes, t.http_up + t.http_down AS http_bytes,
       t.socks_up + t.socks_down AS socks_bytes,
       t.vpn_up + t.vpn_down + t.http_up + t.http_down + t.socks_up + t.socks_down AS total_bytes, t.reset_at
FROM user_usage t JOIN "user" u ON u.id = t.user_id;

CREATE VIEW reporting.node AS
SELECT n.name AS node, n.is_xray_up, n.xray_version, n.can_cut_live, n.seen_at, n.applied_revision,
       greatest(0, coalesce((SELECT max(id) FROM change), 0) - n.applied_revision) AS revisions_behind
FROM node n;

-- What operators and jobs did, without who and to whom.
CREATE VIEW reporting.action AS SELECT at AS time, action, actor_kind FROM audit_entry;
