import { redirect } from "next/navigation";
import { requirePerson } from "./require-person.ts";

export default async function StartPage() {
  const { actor } = await requirePerson("/");
  redirect(actor.role === "user" ? "/connect" : "/overview");
}
