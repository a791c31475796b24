import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "#stack/paths.ts";
import { dashboards, fileNameOf, renderDashboard } from "./dashboards.ts";

// `npm run generate:grafana`: writes docker/grafana/dashboards/*.json, which Grafana reads and reviewers can import.
const directory = join(ROOT, "docker/grafana/dashboards");
for (const dashboard of dashboards)
  writeFileSync(join(directory, fileNameOf(dashboard)), renderDashboard(dashboard));
