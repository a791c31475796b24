import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { CliError } from "#cli/cli-error.ts";

const stackSchema = z.object({
  apiUrl: z.url(),
  caFile: z.string(),
  panelUrl: z.string().optional(),
  ports: z.record(z.string(), z.number()).default({}),
  pids: z.record(z.string(), z.number().int().positive()).default({}),
});
export type Stack = z.infer<typeof stackSchema>;

/** .data/stack.json of what runs here; null when nothing does. */
export function readStack(dataDir: string): Stack | null {
  const file = join(dataDir, "stack.json");
  if (!existsSync(file)) return null;
  const parsed = z
    .string()
    .transform((text) => JSON.parse(text))
    .pipe(stackSchema)
    .safeParse(readText(file, "The stack's description"));
  if (!parsed.success) throw new CliError(`${file} cannot be understood. Start the stack again: npm run up`);
  return parsed.data;
}

/** Whether its programs are containers: their inner ports are not this machine's. */
export const isInContainers = ({ pids }: Stack): boolean => Object.keys(pids).length === 0;

export function readText(path: string, what: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason =
      code === "ENOENT" ? "is missing" : code === "EACCES" ? "is not readable for you" : `failed: ${code}`;
    throw new CliError(
      `${what} in ${path} ${reason}. Run as the user who runs the stack, or start it: npm run up`,
    );
  }
}
