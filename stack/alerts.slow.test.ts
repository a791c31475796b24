import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");

it("every alert fires when it should and stays silent when not", async () => {
  const args = ["test", "rules", "docker/prometheus/alerts.test.yml"];
  const result = await promisify(execFile)("promtool", args, { cwd: ROOT }).catch(
    (error: { stdout: string; stderr: string }) => error,
  );
  expect(`${result.stdout}${result.stderr}`).toContain("SUCCESS");
}, 60_000);
