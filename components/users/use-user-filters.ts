import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import type { UserFilters } from "#components/query-keys.ts";
import { ROLES, USER_STATUSES } from "#lib/user-terms.ts";

export const SORTS = ["name", "createdAt", "usedBytes", "expiresAt"] as const;
export type UserSort = (typeof SORTS)[number];

const parsers = {
  query: parseAsString.withDefault(""),
  status: parseAsStringLiteral(USER_STATUSES),
  role: parseAsStringLiteral(ROLES),
  online: parseAsBoolean.withDefault(false),
  sort: parseAsStringLiteral(SORTS).withDefault("name"),
  order: parseAsStringLiteral(["asc", "desc"] as const).withDefault("asc"),
  create: parseAsBoolean.withDefault(false),
  /** Whose details stand beside the list. */
  show: parseAsString,
};

/** Every filter and the order live in the URL, so that a view can be sent to a colleague. */
export function useUserFilters() {
  const [state, setState] = useQueryStates(parsers, {
    history: "replace",
    shallow: true,
    clearOnDefault: true,
  });
  return { state, setState, filters: toFilters(state) };
}

type State = ReturnType<typeof useQueryStates<typeof parsers>>[0];
function toFilters(state: State): UserFilters {
  return {
    sort: state.sort,
    order: state.order,
    ...(state.query.trim() ? { query: state.query.trim() } : {}),
    ...(state.status ? { status: state.status } : {}),
    ...(state.role ? { role: state.role } : {}),
    ...(state.online ? { online: "true" as const } : {}),
  };
}
