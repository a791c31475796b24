import { handlePac } from "#server/api/subscription/handle-pac.ts";
import { getWebRuntime } from "#server/api/web-runtime.ts";

export const dynamic = "force-dynamic";

export async function GET(
  request: Request,
  context: { params: Promise<{ token: string }> },
): Promise<Response> {
  return handlePac(request, (await context.params).token, getWebRuntime());
}
