import { randomBytes } from "node:crypto";

/** Of this process, so that an id names one connection of an installation. */
const PROCESS = randomBytes(4).toString("hex");

export const connectionId = (number: number | string): string => `${PROCESS}-${number}`;
