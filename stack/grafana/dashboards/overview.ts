import { makeDashboard } from "../make-dashboard.ts";
import { DOOR_COLORS } from "../panel-base.ts";
import { bars, lines, stat, states, table } from "../panels.ts";
import { now, orZero, quantile, rows, series, sql } from "../queries.ts";

const LOGS = { title: "Logs", url: "../activity/logs" };

export const overview = makeDashboard({
  uid: "overview",
  title: "Overview",
  description: "Is all well, who is using it, what changed.",
  sections: [
    {
      title: "Now",
      panels: [
        stat({
          title: "Programs down",
          description: "Programs that Prometheus cannot reach. 0 is good.",
          queries: [now("count(up) - sum(up)")],
          unit: "none",
          width: 3,
          limits: { red: 1 },
          links: [LOGS],
        }),
        stat({
          title: "Alerts",
          description: "Alerts that fire now; the list is below.",
          queries: [now(orZero('count(ALERTS{alertstate="firing"})'))],
          unit: "none",
          width: 3,
          limits: { amber: 1, red: 3 },
        }),
        stat({
          title: "People online",
          description: "People with something open, counted once a door.",
          queries: [series("sum(causeway:users_online:count)", "")],
          unit: "short",
          width: 3,
          hasGraph: true,
        }),
        stat({
          title: "Connections",
          description: "Connections that carry people's traffic now, all doors.",
          queries: [series("sum(causeway:connections_open:count)", "")],
          unit: "short",
          width: 3,
          hasGraph: true,
        }),
        stat({
          title: "Traffic",
          description: "Bytes a second through all doors, both directions.",
          queries: [series("sum(causeway:door_bytes:per_second)", "")],
          unit: "Bps",
          width: 3,
          hasGraph: true,
        }),
        stat({
          title: "Slowest switch-off",
          description: "95 of 100 changes took effect on every door within this time.",
          queries: [now(`max(${quantile(0.95, "causeway_change_effect_seconds_bucket", ["door"])})`)],
          unit: "s",
          width: 3,
          decimals: 2,
          limits: { amber: 2, red: 10 },
        }),
        stat({
          title: "Certificate ends in",
          description: "The first certificate to run out: the panel's, a CA's or an agent's.",
          queries: [now("min(causeway:certificate_left:seconds)")],
          unit: "s",
          width: 3,
          limits: { red: 3 * 86_400, amber: 14 * 86_400, isHighGood: true },
        }),
        stat({
          title: "Disk free",
          description: "Where data and logs live; the smaller share.",
          queries: [now("min(causeway:disk_free:ratio)")],
          unit: "percentunit",
          width: 3,
          limits: { red: 0.1, amber: 0.2, isHighGood: true },
        }),
      ],
    },
    {
      title: "Traffic and people",
      panels: [
        lines({
          title: "Traffic by door",
          description: "Bytes a second, both directions together.",
          queries: [series("sum by (door) (causeway:door_bytes:per_second)", "{{door}}")],
          unit: "Bps",
          width: 12,
          isStacked: true,
          colors: DOOR_COLORS,
        }),
        lines({
          title: "People online by door",
          description: "Somebody who uses two doors counts on both.",
          queries: [series("causeway:users_online:count", "{{door}}")],
          unit: "short",
          width: 12,
          colors: DOOR_COLORS,
        }),
        lines({
          title: "Traffic by hour",
          description: "What was counted for the accounts, exactly: from the database, kept 90 days.",
          queries: [
            sql(
              `SELECT time, door AS metric, sum(up_bytes + down_bytes)::float8 AS value FROM reporting.usage_1h
               WHERE time >= date_trunc('hour', $__timeFrom()::timestamptz) AND time <= $__timeTo()
               GROUP BY time, door ORDER BY time`,
              "time_series",
            ),
          ],
          unit: "bytes",
          width: 10,
          isBars: true,
          colors: DOOR_COLORS,
        }),
        bars({
          title: "Accounts by status",
          description: "All accounts, whether they are used or not.",
          queries: [sql("SELECT status, users FROM reporting.users_by_status ORDER BY users DESC, status")],
          unit: "short",
          width: 5,
          isRows: true,
        }),
        table({
          title: "Who used most",
          description:
            "Since each account's last reset. Login names are the only thing about people that dashboards can read.",
          queries: [
            sql(
              `SELECT user_name AS "Account", total_bytes::float8 AS "Used", limit_bytes::float8 AS "Limit", status AS "Status"
               FROM reporting.user_totals ORDER BY total_bytes DESC, user_name LIMIT 10`,
            ),
          ],
          unit: "bytes",
          width: 9,
          columns: [
            { name: "Used", unit: "bytes" },
            { name: "Limit", unit: "bytes" },
          ],
        }),
      ],
    },
    {
      title: "Health",
      panels: [
        states({
          title: "Programs",
          description: "Whether Prometheus could read each program.",
          queries: [series("min by (job) (up)", "{{job}}")],
          unit: "none",
          width: 8,
          words: { 0: { text: "down", isGood: false }, 1: { text: "up", isGood: true } },
          links: [LOGS],
        }),
        table({
          title: "What is missing",
          description: "What a program says it needs and cannot reach (its /readyz). 0: nothing.",
          queries: [rows("sum by (job, what) (causeway_missing)")],
          unit: "none",
          width: 8,
          hidden: ["Time"],
          names: { job: "Program", what: "Needs", Value: "State" },
          columns: [
            {
              name: "State",
              words: { 0: { text: "has it", color: "#3fa66b" }, 1: { text: "missing", color: "#d64545" } },
            },
          ],
          links: [LOGS],
        }),
        table({
          title: "Alerts",
          description: "Firing and pending. “none” is good.",
          queries: [rows(orZero("sum by (alertname, alertstate, severity) (ALERTS)", "alertname"))],
          unit: "none",
          width: 8,
          hidden: ["Time", "Value"],
          names: { alertname: "Alert", alertstate: "State", severity: "Severity" },
        }),
        lines({
          title: "From a change to its effect",
          description:
            "95 of 100 changes (a new account, a switch-off) were in effect on the door within this time.",
          queries: [series(quantile(0.95, "causeway_change_effect_seconds_bucket", ["door"]), "{{door}}")],
          unit: "s",
          width: 8,
          limits: { red: 10 },
          colors: DOOR_COLORS,
          links: [{ title: "Traces", url: "../jaeger/search?service=causeway-controller" }],
        }),
        lines({
          title: "Changes not yet applied",
          description:
            "Revisions that exist and that a consumer does not follow yet. More than a moment above 0 is trouble.",
          queries: [series("max by (consumer) (causeway_revision_behind)", "{{consumer}}")],
          unit: "short",
          width: 8,
          limits: { amber: 50 },
        }),
        lines({
          title: "Oldest usage not yet counted",
          description: "Age of the oldest entry in a door's journal that the panel has not acknowledged.",
          queries: [series("max by (job) (causeway_journal_oldest_seconds)", "{{job}}")],
          unit: "s",
          width: 8,
          limits: { amber: 60, red: 300 },
        }),
        lines({
          title: "Jobs waiting",
          description: "Work without an order of its own (BullMQ): what waits, runs and failed.",
          queries: [
            series(
              orZero("sum by (queue, state) (causeway_queue_jobs)", "queue", "no queue"),
              "{{queue}} {{state}}",
            ),
          ],
          unit: "short",
          width: 8,
        }),
        lines({
          title: "Memory of the programs",
          description: "Resident memory, all processes of a program together.",
          queries: [series("sum by (job) (process_resident_memory_bytes)", "{{job}}")],
          unit: "bytes",
          width: 8,
        }),
        lines({
          title: "Processor time of the programs",
          description: "1 is one core busy all the time.",
          queries: [series("sum by (job) (rate(process_cpu_seconds_total[$__rate_interval]))", "{{job}}")],
          unit: "short",
          width: 8,
          decimals: 2,
        }),
      ],
    },
  ],
});
