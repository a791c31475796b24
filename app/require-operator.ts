import { forbidden } from "next/navigation";
import { requirePerson } from "./require-person.ts";

/** As requirePerson; a person who is not an operator gets the 403 page. */
export async function requireOperator(path: string) {
  const session = await requirePerson(path);
  if (session.actor.role === "user") forbidden();
  return session;
}
