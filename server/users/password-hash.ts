import { hash, verify } from "@node-rs/argon2";

/** argon2id with OWASP's smallest recommended cost: 19 MiB, 2 passes. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export const hashPassword = (password: string): Promise<string> => hash(password, COST);

/** A hash of nothing anybody knows: unknown names take as long as known ones. */
let dummy: Promise<string> | undefined;

export async function isPassword(passwordHash: string | null, password: string): Promise<boolean> {
  dummy ??= hashPassword(crypto.randomUUID());
  const isRight = await verify(passwordHash ?? (await dummy), password);
  return isRight && passwordHash !== null;
}
