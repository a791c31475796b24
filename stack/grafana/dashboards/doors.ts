import { doorVariable, makeDashboard } from "../make-dashboard.ts";
import { DOOR_COLORS } from "../panel-base.ts";
import { heatmap, lines, stat } from "../panels.ts";
import { buckets, now, orZero, quantile, series } from "../queries.ts";

const TRACES = { title: "Traces", url: "../jaeger/search?service=causeway-proxy-auth" };
const LOGS = { title: "Logs", url: "../activity/logs?program=proxy-auth" };
const DURATION = "causeway_forward_auth_duration_seconds_bucket";

export const doors = makeDashboard({
  uid: "doors",
  title: "Doors",
  description: "VPN, HTTP proxy, SOCKS5 and the sign-in in front of web pages (ForwardAuth).",
  variables: [doorVariable],
  sections: [
    {
      title: "Traffic: $door",
      panels: [
        lines({
          title: "To people",
          description: "Bytes a second that came from the internet, by door.",
          queries: [series('causeway:door_bytes:per_second{door=~"$door", direction="down"}', "{{door}}")],
          unit: "Bps",
          width: 12,
          isStacked: true,
          colors: DOOR_COLORS,
        }),
        lines({
          title: "From people",
          description: "Bytes a second that went out to the internet, by door.",
          queries: [series('causeway:door_bytes:per_second{door=~"$door", direction="up"}', "{{door}}")],
          unit: "Bps",
          width: 12,
          isStacked: true,
          colors: DOOR_COLORS,
        }),
        lines({
          title: "People online",
          description: "People with something open.",
          queries: [series('causeway:users_online:count{door=~"$door"}', "{{door}}")],
          unit: "short",
          width: 8,
          colors: DOOR_COLORS,
        }),
        lines({
          title: "Open connections",
          description: "Tunnels of the proxies, connections of the VPN.",
          queries: [series('causeway:connections_open:count{door=~"$door"}', "{{door}}")],
          unit: "short",
          width: 8,
          colors: DOOR_COLORS,
        }),
        lines({
          title: "Bytes a person",
          description: "Traffic divided by people online: one heavy user shows as a step.",
          queries: [
            series(
              'sum by (door) (causeway:door_bytes:per_second{door=~"$door"}) / clamp_min(sum by (door) (causeway:users_online:count{door=~"$door"}), 1)',
              "{{door}}",
            ),
          ],
          unit: "Bps",
          width: 8,
          colors: DOOR_COLORS,
        }),
      ],
    },
    {
      title: "Proxies",
      panels: [
        lines({
          title: "Tunnels opened",
          description: "Tunnels and proxied requests begun, each second.",
          queries: [
            series("sum by (door) (rate(causeway_tunnels_opened_total[$__rate_interval]))", "{{door}}"),
          ],
          unit: "ops",
          width: 8,
          colors: DOOR_COLORS,
          links: [TRACES, LOGS],
        }),
        lines({
          title: "Turned away",
          description:
            "Connections refused each second, by reason. Wrong passwords in number are somebody guessing.",
          queries: [
            series(
              orZero(
                "sum by (door, reason) (rate(causeway_tunnels_refused_total[$__rate_interval]))",
                "reason",
              ),
              "{{door}} {{reason}}",
            ),
          ],
          unit: "ops",
          width: 8,
          links: [LOGS],
        }),
        lines({
          title: "Ended by us",
          description: "Tunnels cut each second because an account was switched off, ran out or changed.",
          queries: [
            series(
              orZero("sum by (reason) (rate(causeway_tunnels_cut_total[$__rate_interval]))", "reason"),
              "{{reason}}",
            ),
          ],
          unit: "ops",
          width: 8,
        }),
        lines({
          title: "Limits hit",
          description: "Times a limit turned somebody away or ended something.",
          queries: [
            series(
              orZero("sum by (door, limit) (rate(causeway_limits_hit_total[$__rate_interval]))", "limit"),
              "{{door}} {{limit}}",
            ),
          ],
          unit: "ops",
          width: 8,
        }),
        lines({
          title: "Answers from memory",
          description: "Share of questions that needed nobody else, by cache.",
          queries: [
            series(
              orZero(
                'sum by (cache) (rate(causeway_cache_lookups_total{result="hit"}[$__rate_interval])) / (sum by (cache) (rate(causeway_cache_lookups_total[$__rate_interval])) > 0)',
                "cache",
                "not asked",
              ),
              "{{cache}}",
            ),
          ],
          unit: "percentunit",
          max: 1,
          width: 8,
        }),
        lines({
          title: "Event loop",
          description:
            "How late proxy-auth's event loop was in 99 of 100 cases: above 50 ms everybody feels it.",
          queries: [
            series('max by (instance) (nodejs_eventloop_lag_p99_seconds{job="proxy-auth"})', "{{instance}}"),
          ],
          unit: "s",
          width: 8,
          limits: { amber: 0.05, red: 0.2 },
        }),
      ],
    },
    {
      title: "Sign-in in front of web pages (ForwardAuth)",
      panels: [
        stat({
          title: "Decisions",
          description: "Requests that Traefik asked about, each second.",
          queries: [series("sum(causeway:forward_auth_decisions:per_second)", "")],
          unit: "reqps",
          width: 4,
          hasGraph: true,
        }),
        stat({
          title: "Could not be checked",
          description: "Share of decisions answered “try again”: web or Redis was away.",
          queries: [now(orZero("causeway:forward_auth_unavailable:ratio >= 0"))],
          unit: "percentunit",
          width: 4,
          limits: { amber: 0.001, red: 0.01 },
        }),
        stat({
          title: "99 of 100 within",
          description: "Time to a decision, without Traefik.",
          queries: [now(quantile(0.99, DURATION))],
          unit: "s",
          width: 4,
          limits: { amber: 0.05, red: 0.3 },
        }),
        lines({
          title: "Decisions by outcome",
          description:
            "allow: through. unauthenticated: sent to the login. forbidden: 403. unavailable: could not be checked.",
          queries: [series("causeway:forward_auth_decisions:per_second", "{{outcome}}")],
          unit: "reqps",
          width: 12,
          height: 8,
          isStacked: true,
          colors: {
            allow: "#3fa66b",
            unauthenticated: "#6b7280",
            forbidden: "#d9a029",
            unavailable: "#d64545",
          },
          links: [TRACES, LOGS],
        }),
        lines({
          title: "Time to a decision",
          description: "From the question to the answer, without Traefik.",
          queries: [
            series(quantile(0.5, DURATION), "half within"),
            series(quantile(0.95, DURATION), "95 of 100 within"),
            series(quantile(0.99, DURATION), "99 of 100 within"),
          ],
          unit: "s",
          width: 12,
          isLog: true,
          links: [TRACES],
        }),
        heatmap({
          title: "Where decisions' times lie",
          description: "Decisions by duration; two bands are hits and misses of the cache.",
          queries: [buckets(`sum by (le) (increase(${DURATION}[$__rate_interval]))`)],
          unit: "s",
          width: 12,
        }),
      ],
    },
    {
      title: "What doors owe the panel",
      panels: [
        lines({
          title: "Usage not yet counted",
          description: "Entries in the doors' journals that the panel has not acknowledged.",
          queries: [series("sum by (job) (causeway_journal_entries)", "{{job}}")],
          unit: "short",
          width: 8,
        }),
        lines({
          title: "Age of the oldest",
          description: "More than a minute: the panel or the database does not take usage.",
          queries: [series("max by (job) (causeway_journal_oldest_seconds)", "{{job}}")],
          unit: "s",
          width: 8,
          limits: { amber: 60, red: 300 },
        }),
        lines({
          title: "Last word from the panel",
          description: "Age of what proxy-auth knows. After a day without a word it refuses everybody.",
          queries: [series("max by (instance) (causeway_replica_age_seconds)", "{{instance}}")],
          unit: "s",
          width: 8,
          limits: { amber: 60, red: 3_600 },
        }),
      ],
    },
  ],
});
