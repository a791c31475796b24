import { Prisma } from "#server/generated/prisma/client.ts";

/** By code only: with driver adapters `meta.target` is gone. */
export const isUniqueViolation = (error: unknown): boolean =>
  error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002";
