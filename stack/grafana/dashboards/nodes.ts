import { labelVariable, makeDashboard } from "../make-dashboard.ts";
import { lines, stat, states, table } from "../panels.ts";
import { now, quantile, series, sql } from "../queries.ts";

const TRACES = { title: "Traces", url: "../jaeger/search?service=causeway-node-agent" };
const LOGS = { title: "Logs", url: "../activity/logs?program=node-agent" };
const NODE = '{node=~"$node"}';

export const nodes = makeDashboard({
  uid: "nodes",
  title: "Nodes",
  description: "Xray and the agents beside it: do they follow, do they carry, are they well.",
  variables: [labelVariable({ name: "node", label: "Node", metric: "causeway_node_up", of: "node" })],
  sections: [
    {
      title: "State",
      panels: [
        stat({
          title: "Nodes away",
          description: "Nodes whose agent does not answer the controller.",
          queries: [now(`count(causeway_node_up${NODE}) - sum(causeway_node_up${NODE})`)],
          unit: "none",
          width: 4,
          limits: { red: 1 },
          links: [LOGS],
        }),
        stat({
          title: "Xray down",
          description: "Nodes on which Xray does not run.",
          queries: [now(`count(causeway_node_xray_up${NODE}) - sum(causeway_node_xray_up${NODE})`)],
          unit: "none",
          width: 4,
          limits: { red: 1 },
          links: [LOGS],
        }),
        stat({
          title: "Accounts on nodes",
          description: "Accounts that Xray knows, all agents together.",
          queries: [now("sum(causeway_node_users)")],
          unit: "short",
          width: 4,
        }),
        stat({
          title: "VPN users online",
          description: "People with an open VPN connection.",
          queries: [series('sum(causeway_users_online{door="vpn"})', "")],
          unit: "short",
          width: 4,
          hasGraph: true,
        }),
        stat({
          title: "Xray restarts, 24 h",
          description: "Starts of Xray beyond the first.",
          queries: [now("sum(increase(causeway_node_xray_starts_total[24h]))")],
          unit: "short",
          width: 4,
          decimals: 0,
          limits: { amber: 1, red: 5 },
        }),
        stat({
          title: "Drift, 24 h",
          description: "Differences between what Xray had and what it should have, found by the agents.",
          queries: [now("sum(increase(causeway_node_drift_found_total[24h]))")],
          unit: "short",
          width: 4,
          decimals: 0,
          limits: { amber: 1 },
        }),
        table({
          title: "Nodes",
          description: "As the controller last saw them.",
          queries: [
            sql(
              `SELECT node AS "Node", CASE WHEN is_xray_up THEN 'up' ELSE 'down' END AS "Xray", xray_version AS "Version",
                 revisions_behind AS "Behind", seen_at AS "Seen", CASE WHEN can_cut_live THEN 'yes' ELSE 'no' END AS "Ends live connections"
               FROM reporting.node ORDER BY node`,
            ),
          ],
          unit: "none",
          width: 14,
          columns: [
            {
              name: "Xray",
              words: { up: { text: "up", color: "#3fa66b" }, down: { text: "down", color: "#d64545" } },
            },
          ],
        }),
        states({
          title: "Agents",
          description: "Whether each node's agent answers the controller.",
          queries: [series(`causeway_node_up${NODE}`, "{{node}}")],
          unit: "none",
          width: 10,
          words: { 0: { text: "away", isGood: false }, 1: { text: "up", isGood: true } },
        }),
      ],
    },
    {
      title: "Following",
      panels: [
        lines({
          title: "Changes not yet applied",
          description: "Revisions that exist and that the node does not follow yet.",
          queries: [
            series('max by (consumer) (causeway_revision_behind{consumer=~"node:($node)"})', "{{consumer}}"),
          ],
          unit: "short",
          width: 8,
          limits: { amber: 50 },
          links: [LOGS],
        }),
        lines({
          title: "Time to bring a node up to date",
          description: "95 of 100 exchanges of controller and node within this time.",
          queries: [
            series(
              quantile(0.95, "causeway_controller_sync_duration_seconds_bucket", ["node"], NODE),
              "{{node}}",
            ),
          ],
          unit: "s",
          width: 8,
          links: [TRACES],
        }),
        lines({
          title: "Time to apply in Xray",
          description: "95 of 100 deltas applied by the agent within this time.",
          queries: [
            series(
              quantile(0.95, "causeway_node_apply_duration_seconds_bucket", ["instance"]),
              "{{instance}}",
            ),
          ],
          unit: "s",
          width: 8,
          links: [TRACES],
        }),
        lines({
          title: "Drift found and healed",
          description:
            "Users that Xray had or lacked against what is wanted, each second. Found and not healed is trouble.",
          queries: [
            series(
              "sum by (instance) (rate(causeway_node_drift_found_total[$__rate_interval]))",
              "found {{instance}}",
            ),
            series(
              "sum by (instance) (rate(causeway_node_drift_healed_total[$__rate_interval]))",
              "healed {{instance}}",
            ),
          ],
          unit: "ops",
          width: 8,
        }),
        lines({
          title: "Connections ended, clients refused",
          description:
            "Sockets ended because an account was switched off, and clients that Xray refused, each second.",
          queries: [
            series(
              "sum by (instance) (rate(causeway_node_sockets_cut_total[$__rate_interval]))",
              "ended {{instance}}",
            ),
            series(
              "sum by (instance) (rate(causeway_node_clients_rejected_total[$__rate_interval]))",
              "refused {{instance}}",
            ),
          ],
          unit: "ops",
          width: 8,
        }),
        lines({
          title: "Usage waiting on the node",
          description: "Age of the oldest journal entry that the controller has not fetched.",
          queries: [
            series('max by (instance) (causeway_journal_oldest_seconds{job="node-agent"})', "{{instance}}"),
          ],
          unit: "s",
          width: 8,
          limits: { amber: 60, red: 300 },
        }),
      ],
    },
    {
      title: "Carrying",
      panels: [
        lines({
          title: "Traffic by inbound",
          description: "As Xray counts it: direct is its own port, edge the one behind Traefik's :443.",
          queries: [
            series(
              "sum by (inbound, direction) (rate(causeway_xray_traffic_bytes_total[$__rate_interval]))",
              "{{inbound}} {{direction}}",
            ),
          ],
          unit: "Bps",
          width: 12,
          isStacked: true,
        }),
        lines({
          title: "VPN traffic by node and day",
          description: "What was counted for the accounts, from the database.",
          queries: [
            sql(
              `SELECT time, node AS metric, sum(up_bytes + down_bytes)::float8 AS value FROM reporting.usage_1d
               WHERE door = 'vpn' AND time >= date_trunc('day', $__timeFrom()::timestamptz) AND time <= $__timeTo()
               GROUP BY time, node ORDER BY time`,
              "time_series",
            ),
          ],
          unit: "bytes",
          width: 12,
          isBars: true,
        }),
        lines({
          title: "Xray's memory",
          description: "As Xray says itself.",
          queries: [series("max by (instance) (causeway_xray_memory_bytes)", "{{instance}}")],
          unit: "bytes",
          width: 6,
        }),
        lines({
          title: "Xray's goroutines",
          description: "They grow with connections; growing alone is a leak.",
          queries: [series("max by (instance) (causeway_xray_goroutines)", "{{instance}}")],
          unit: "short",
          width: 6,
        }),
        lines({
          title: "Xray runs since",
          description: "A drop to 0 is a restart.",
          queries: [series("max by (instance) (causeway_xray_uptime_seconds)", "{{instance}}")],
          unit: "s",
          width: 6,
        }),
        lines({
          title: "Disk free",
          description: "Of the agent's data and of the logs.",
          queries: [series("causeway:disk_free:ratio", "{{path}}")],
          unit: "percentunit",
          max: 1,
          width: 6,
        }),
      ],
    },
  ],
});
