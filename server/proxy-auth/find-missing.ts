import { AWAY_AFTER_SECONDS, type Replica } from "./replica/replica.ts";
import type { UsageReporter } from "./usage/usage-reporter.ts";

export const MAY_BE_MISSING = ["replica", "panel", "redis", "journal"] as const;

/** What keeps the doors from doing their whole job, by the word that docs/operations.md explains. */
export async function findMissing(parts: {
  replica: Replica;
  reporter: Pick<UsageReporter, "isDiskRefusing">;
  isRedisUp: () => Promise<boolean>;
}): Promise<(typeof MAY_BE_MISSING)[number][]> {
  const { replica, reporter, isRedisUp } = parts;
  const hasRedis = await isRedisUp();
  const isPanelAway = (replica.ageSeconds ?? Number.POSITIVE_INFINITY) > AWAY_AFTER_SECONDS;
  return [
    ...(replica.isUsable ? [] : (["replica"] as const)),
    // Known users keep their doors, but nobody new is let in and nobody is shut out.
    ...(isPanelAway ? (["panel"] as const) : []),
    ...(hasRedis ? [] : (["redis"] as const)),
    ...(reporter.isDiskRefusing ? (["journal"] as const) : []),
  ];
}
