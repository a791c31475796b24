import { handleApiRequest } from "#server/api/handle-api-request.ts";

export const dynamic = "force-dynamic";

export { handleApiRequest as GET };
