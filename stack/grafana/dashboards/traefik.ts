import { labelVariable, makeDashboard } from "../make-dashboard.ts";
import { lines, stat, table } from "../panels.ts";
import { now, orZero, quantile, rows, series } from "../queries.ts";

const TRACES = { title: "Traces", url: "../jaeger/search?service=causeway-traefik" };
const LOGS = { title: "Logs", url: "../activity/logs?program=traefik" };
const ENTRY = "traefik_entrypoint_requests_total";
const ENTRY_BUCKET = "traefik_entrypoint_request_duration_seconds_bucket";
const CHOSEN = '{entrypoint=~"$entrypoint"}';
const SERVICE = '{service=~"$service"}';

export const traefik = makeDashboard({
  uid: "traefik",
  title: "Traefik",
  description:
    "What comes in and where it goes. The tunnels of :8888 and :1080 show in “Doors”: Traefik does not count them.",
  variables: [
    labelVariable({
      name: "entrypoint",
      label: "Entry point",
      metric: "traefik_open_connections",
      of: "entrypoint",
      regex: "/^(?!traefik$|reality$)/",
    }),
    labelVariable({
      name: "service",
      label: "Service",
      metric: "traefik_service_requests_total",
      of: "service",
    }),
  ],
  sections: [
    {
      title: "Entry points",
      panels: [
        stat({
          title: "Requests",
          description: "HTTP requests each second.",
          queries: [series(`sum(rate(${ENTRY}${CHOSEN}[$__rate_interval]))`, "")],
          unit: "reqps",
          width: 4,
          hasGraph: true,
        }),
        stat({
          title: "Failed",
          description: "Share answered with 5xx.",
          queries: [
            now(
              orZero(
                `sum(rate(${ENTRY}{entrypoint=~"$entrypoint", code=~"5.."}[$__rate_interval])) / (sum(rate(${ENTRY}${CHOSEN}[$__rate_interval])) > 0)`,
              ),
            ),
          ],
          unit: "percentunit",
          width: 4,
          limits: { amber: 0.001, red: 0.01 },
          links: [LOGS],
        }),
        stat({
          title: "95 of 100 within",
          description: "Time to the whole answer, downloads and streams included.",
          queries: [now(quantile(0.95, ENTRY_BUCKET, [], CHOSEN))],
          unit: "s",
          width: 4,
          limits: { amber: 1, red: 5 },
        }),
        stat({
          title: "Open connections",
          description: "All chosen entry points, tunnels included.",
          queries: [series(`sum(traefik_open_connections${CHOSEN})`, "")],
          unit: "short",
          width: 4,
          hasGraph: true,
        }),
        stat({
          title: "Routes as of",
          description: "Time since Traefik last took a change of its routes.",
          queries: [now("time() - max(traefik_config_last_reload_success)")],
          unit: "s",
          width: 4,
        }),
        stat({
          title: "Certificate ends in",
          description: "The first of those that Traefik serves.",
          queries: [now("min(traefik_tls_certs_not_after) - time()")],
          unit: "s",
          width: 4,
          limits: { red: 3 * 86_400, amber: 14 * 86_400, isHighGood: true },
        }),
        lines({
          title: "Requests by answer",
          description: "Each second by HTTP status.",
          queries: [series(`sum by (code) (rate(${ENTRY}${CHOSEN}[$__rate_interval]))`, "{{code}}")],
          unit: "reqps",
          width: 12,
          isStacked: true,
          colors: { "2..": "#3fa66b", "3..": "#6b7280", "4..": "#d9a029", "5..": "#d64545" },
          links: [LOGS],
        }),
        lines({
          title: "Open connections by entry point",
          description: "httpproxy and socksproxy carry the proxies, websecure the panel and the VPN on :443.",
          queries: [series(`sum by (entrypoint) (traefik_open_connections${CHOSEN})`, "{{entrypoint}}")],
          unit: "short",
          width: 12,
        }),
        lines({
          title: "Time to the answer",
          description: "By entry point, 95 of 100 within.",
          queries: [series(quantile(0.95, ENTRY_BUCKET, ["entrypoint"], CHOSEN), "{{entrypoint}}")],
          unit: "s",
          width: 12,
          isLog: true,
          links: [TRACES],
        }),
        lines({
          title: "Bytes",
          description: "HTTP bodies, by entry point: in and out.",
          queries: [
            series(
              `sum by (entrypoint) (rate(traefik_entrypoint_requests_bytes_total${CHOSEN}[$__rate_interval]))`,
              "in {{entrypoint}}",
            ),
            series(
              `sum by (entrypoint) (rate(traefik_entrypoint_responses_bytes_total${CHOSEN}[$__rate_interval]))`,
              "out {{entrypoint}}",
            ),
          ],
          unit: "Bps",
          width: 12,
        }),
      ],
    },
    {
      title: "Services",
      panels: [
        lines({
          title: "Requests by service",
          description: "What passed the sign-in and reached a program.",
          queries: [
            series(
              `sum by (service) (rate(traefik_service_requests_total${SERVICE}[$__rate_interval]))`,
              "{{service}}",
            ),
          ],
          unit: "reqps",
          width: 8,
        }),
        lines({
          title: "Failures by service",
          description: "Answers of 5xx each second. A line at 0 named “none” is good.",
          queries: [
            series(
              orZero(
                'sum by (service) (rate(traefik_service_requests_total{service=~"$service", code=~"5.."}[$__rate_interval]))',
                "service",
              ),
              "{{service}}",
            ),
          ],
          unit: "reqps",
          width: 8,
          links: [LOGS],
        }),
        lines({
          title: "Time to the answer by service",
          description: "95 of 100 within.",
          queries: [
            series(
              quantile(0.95, "traefik_service_request_duration_seconds_bucket", ["service"], SERVICE),
              "{{service}}",
            ),
          ],
          unit: "s",
          width: 8,
          isLog: true,
          links: [TRACES],
        }),
        table({
          title: "Busiest routers",
          description: "Requests each second over the chosen time range.",
          queries: [
            rows(
              "sort_desc(topk(15, sum by (router, service) (rate(traefik_router_requests_total[$__range]))))",
            ),
          ],
          unit: "reqps",
          width: 12,
          hidden: ["Time"],
          names: { router: "Router", service: "Service", Value: "Requests" },
          columns: [{ name: "Requests", unit: "reqps", width: 130 }],
        }),
        table({
          title: "TLS",
          description:
            "Handshakes by version and cipher over the chosen time range. Below 1.2 nobody gets in.",
          queries: [
            rows(
              "sort_desc(sum by (tls_version, tls_cipher) (increase(traefik_entrypoint_requests_tls_total[$__range])))",
            ),
          ],
          unit: "short",
          width: 12,
          hidden: ["Time"],
          names: { tls_version: "Version", tls_cipher: "Cipher", Value: "Requests" },
          columns: [{ name: "Requests", unit: "short", width: 130 }],
        }),
      ],
    },
    {
      title: "The program",
      panels: [
        lines({
          title: "Processor time",
          description: "1 is one core busy all the time.",
          queries: [
            series(
              'sum by (instance) (rate(process_cpu_seconds_total{job="traefik"}[$__rate_interval]))',
              "{{instance}}",
            ),
          ],
          unit: "short",
          decimals: 2,
          width: 8,
        }),
        lines({
          title: "Memory",
          description: "Resident memory.",
          queries: [
            series('sum by (instance) (process_resident_memory_bytes{job="traefik"})', "{{instance}}"),
          ],
          unit: "bytes",
          width: 8,
        }),
        lines({
          title: "Open files",
          description: "Share of the limit; a connection is a file.",
          queries: [
            series(
              'max by (instance) (process_open_fds{job="traefik"} / process_max_fds{job="traefik"})',
              "{{instance}}",
            ),
          ],
          unit: "percentunit",
          width: 8,
          limits: { amber: 0.7, red: 0.9 },
        }),
      ],
    },
  ],
});
