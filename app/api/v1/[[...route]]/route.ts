import { handleApiRequest } from "#server/api/handle-api-request.ts";

export const dynamic = "force-dynamic";

export {
  handleApiRequest as DELETE,
  handleApiRequest as GET,
  handleApiRequest as HEAD,
  handleApiRequest as PATCH,
  handleApiRequest as POST,
  handleApiRequest as PUT,
};
