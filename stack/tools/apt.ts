import { step } from "#stack/progress.ts";
import { tryCommand } from "#stack/run-command.ts";
import { StackError } from "#stack/stack-error.ts";

/** One at a time: apt takes a lock. */
let queue: Promise<void> = Promise.resolve();

/** Installs packages as root; anyone else gets the line to type. */
export function aptInstall(packages: string[], why: string): Promise<void> {
  const line = `apt-get install -y --no-install-recommends ${packages.join(" ")}`;
  const work = queue.then(async () => {
    if (process.getuid?.() !== 0)
      throw new StackError(`${why} is missing. Run: sudo apt-get update && sudo ${line} – then try again.`);
    if ((await tryCommand("apt-get", ["--version"])).code !== 0)
      throw new StackError(
        `${why} is missing and this system has no apt-get. Install ${packages.join(", ")} yourself.`,
      );
    await step(`Installing ${packages.join(", ")} with apt`, async () => {
      // RUNLEVEL=1 and the lock's patience: no system service is started, and another apt is waited for.
      const env = { DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
      await tryCommand("apt-get", ["update", "-qq"], { env });
      const args = ["-qq", "-y", "-o", "DPkg::Lock::Timeout=300", "install", "--no-install-recommends"];
      const result = await tryCommand("apt-get", [...args, ...packages], { env });
      if (result.code !== 0) {
        process.stderr.write(`${result.stderr.trim().split("\n").slice(-5).join("\n")}\n`);
        throw new StackError(`apt could not install ${packages.join(", ")}: see above. Try: ${line}`);
      }
    });
  });
  queue = work.catch(() => {});
  return work;
}
