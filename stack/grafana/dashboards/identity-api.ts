import { labelVariable, makeDashboard } from "../make-dashboard.ts";
import { bars, heatmap, lines, stat, table } from "../panels.ts";
import { buckets, now, orZero, quantile, rows, series, sql } from "../queries.ts";

const TRACES = { title: "Traces", url: "../jaeger/search?service=causeway-web" };
const LOGS = { title: "Logs", url: "../activity/logs?program=web" };
const COUNT = "causeway_http_request_duration_seconds_count";
const BUCKET = "causeway_http_request_duration_seconds_bucket";
const CHOSEN = '{route=~"$route"}';
const FAILED = '{route=~"$route", status=~"5.."}';

export const identityApi = makeDashboard({
  uid: "identity-api",
  title: "Identity API",
  description: "The panel's REST API: how much, how fast, how often it fails, and the program behind it.",
  variables: [labelVariable({ name: "route", label: "Route", metric: COUNT, of: "route" })],
  sections: [
    {
      title: "Requests",
      panels: [
        stat({
          title: "Requests",
          description: "Each second.",
          queries: [series(`sum(rate(${COUNT}${CHOSEN}[$__rate_interval]))`, "")],
          unit: "reqps",
          width: 6,
          hasGraph: true,
        }),
        stat({
          title: "Failed",
          description: "Share answered with 5xx.",
          queries: [
            now(
              orZero(
                `sum(rate(${COUNT}${FAILED}[$__rate_interval])) / (sum(rate(${COUNT}${CHOSEN}[$__rate_interval])) > 0)`,
              ),
            ),
          ],
          unit: "percentunit",
          width: 6,
          limits: { amber: 0.001, red: 0.01 },
          links: [LOGS],
        }),
        stat({
          title: "95 of 100 within",
          description: "Time to the answer inside web.",
          queries: [now(quantile(0.95, BUCKET, [], CHOSEN))],
          unit: "s",
          width: 6,
          limits: { amber: 0.5, red: 2 },
        }),
        stat({
          title: "Refused",
          description: "Answered 401, 403 or 429, each second: somebody knocks.",
          queries: [
            series(
              orZero(`sum(rate(${COUNT}{route=~"$route", status=~"401|403|429"}[$__rate_interval]))`),
              "",
            ),
          ],
          unit: "reqps",
          width: 6,
          hasGraph: true,
        }),
        lines({
          title: "By answer",
          description: "Requests each second by HTTP status.",
          queries: [series(`sum by (status) (rate(${COUNT}${CHOSEN}[$__rate_interval]))`, "{{status}}")],
          unit: "reqps",
          width: 12,
          isStacked: true,
          colors: { "2..": "#3fa66b", "3..": "#6b7280", "4..": "#d9a029", "5..": "#d64545" },
          links: [TRACES, LOGS],
        }),
        lines({
          title: "Time to the answer",
          description: "All chosen routes together.",
          queries: [
            series(quantile(0.5, BUCKET, [], CHOSEN), "half within"),
            series(quantile(0.95, BUCKET, [], CHOSEN), "95 of 100 within"),
            series(quantile(0.99, BUCKET, [], CHOSEN), "99 of 100 within"),
          ],
          unit: "s",
          width: 12,
          isLog: true,
          links: [TRACES],
        }),
        lines({
          title: "Busiest routes",
          description: "Requests each second; the ten with most.",
          queries: [
            series(
              `topk(10, sum by (method, route) (rate(${COUNT}${CHOSEN}[$__rate_interval])))`,
              "{{method}} {{route}}",
            ),
          ],
          unit: "reqps",
          width: 12,
          hasTable: true,
        }),
        table({
          title: "Slowest routes",
          description: "95 of 100 answers within this time, over the chosen time range.",
          queries: [
            rows(
              `sort_desc(topk(10, histogram_quantile(0.95, sum by (le, method, route) (rate(${BUCKET}${CHOSEN}[$__range]))) >= 0))`,
            ),
          ],
          unit: "s",
          width: 12,
          hidden: ["Time"],
          names: { method: "Method", route: "Route", Value: "95 of 100 within" },
          columns: [{ name: "95 of 100 within", unit: "s", width: 150 }],
          links: [TRACES],
        }),
        heatmap({
          title: "Where answers' times lie",
          description: "Requests by duration.",
          queries: [buckets(`sum by (le) (increase(${BUCKET}${CHOSEN}[$__rate_interval]))`)],
          unit: "s",
          width: 12,
        }),
        lines({
          title: "Failures by route",
          description: "Answers of 5xx each second. A line at 0 named “none” is good.",
          queries: [
            series(
              orZero(`sum by (method, route) (rate(${COUNT}${FAILED}[$__rate_interval]))`, "route"),
              "{{method}} {{route}}",
            ),
          ],
          unit: "reqps",
          width: 12,
          links: [TRACES, LOGS],
        }),
      ],
    },
    {
      title: "Accounts and what was done",
      panels: [
        bars({
          title: "Accounts by status",
          description: "As web last counted them.",
          queries: [now("max by (status) (causeway_users)", "{{status}}")],
          unit: "short",
          width: 6,
        }),
        lines({
          title: "Actions by hour",
          description:
            "What operators, people and jobs did, from the audit log: kinds only, never who and to whom.",
          queries: [
            sql(
              `SELECT date_trunc('hour', time) AS time, actor_kind AS metric, count(*) AS value FROM reporting.action
               WHERE $__timeFilter(time) GROUP BY 1, 2 ORDER BY 1`,
              "time_series",
            ),
          ],
          unit: "short",
          width: 10,
          isBars: true,
        }),
        table({
          title: "Most frequent actions",
          description: "In the chosen time range.",
          queries: [
            sql(
              `SELECT action AS "Action", actor_kind AS "By", count(*) AS "Times" FROM reporting.action
               WHERE $__timeFilter(time) GROUP BY 1, 2 ORDER BY 3 DESC, 1 LIMIT 20`,
            ),
          ],
          unit: "short",
          width: 8,
        }),
      ],
    },
    {
      title: "The programs behind it",
      panels: [
        lines({
          title: "Event loop",
          description: "How late the event loop was in 99 of 100 cases.",
          queries: [
            series(
              'max by (job, instance) (nodejs_eventloop_lag_p99_seconds{job=~"web|controller"})',
              "{{job}} {{instance}}",
            ),
          ],
          unit: "s",
          width: 8,
          limits: { amber: 0.1, red: 0.5 },
        }),
        lines({
          title: "Heap",
          description: "JavaScript memory in use.",
          queries: [
            series(
              'sum by (job, instance) (nodejs_heap_size_used_bytes{job=~"web|controller"})',
              "{{job}} {{instance}}",
            ),
          ],
          unit: "bytes",
          width: 8,
        }),
        lines({
          title: "Garbage collection",
          description: "Share of time spent on it, by program.",
          queries: [
            series(
              'sum by (job) (rate(nodejs_gc_duration_seconds_sum{job=~"web|controller"}[$__rate_interval]))',
              "{{job}}",
            ),
          ],
          unit: "percentunit",
          width: 8,
          limits: { amber: 0.1 },
        }),
        lines({
          title: "Scheduled jobs",
          description: "Runs of the controller's jobs each minute, by result.",
          queries: [
            series(
              "sum by (name, result) (rate(causeway_controller_jobs_total[$__rate_interval])) * 60",
              "{{name}} {{result}}",
            ),
          ],
          unit: "opm",
          width: 12,
        }),
        lines({
          title: "Oldest job waiting",
          description: "Age of the oldest job in each queue; 0 when none waits.",
          queries: [
            series(
              orZero("max by (queue) (causeway_queue_oldest_seconds)", "queue", "no queue"),
              "{{queue}}",
            ),
          ],
          unit: "s",
          width: 12,
          limits: { amber: 60, red: 600 },
        }),
      ],
    },
  ],
});
