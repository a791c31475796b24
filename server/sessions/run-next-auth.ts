import { createHash, randomBytes } from "node:crypto";
import nextAuthModule, { type NextAuthOptions } from "next-auth";
import credentialsModule from "next-auth/providers/credentials";
import { SESSION_COOKIE } from "#server/session-store.ts";
import { SESSION_MAX_MS } from "./session-policy.ts";

type WithDefault<T> = T & { default?: T };
// CommonJS: bundlers hand out the export itself, Node the module around it.
const nextAuth = (nextAuthModule as WithDefault<typeof nextAuthModule>).default ?? nextAuthModule;
const credentials = (credentialsModule as WithDefault<typeof credentialsModule>).default ?? credentialsModule;

const CSRF_COOKIE = "__Host-causeway.csrf";
const COOKIE_FLAGS = { httpOnly: true, secure: true, sameSite: "lax", path: "/" } as const;

export type SignInSteps = {
  secret: string;
  /** null = wrong name or password. */
  authorize(): Promise<{ id: string } | null>;
  /** Makes the session of this user and answers its opaque id: the cookie's value. */
  openSession(userId: string): Promise<string>;
};

/**
 * One credentials sign-in through next-auth 4, whose tokens are replaced by our opaque ids (docs/decisions/003).
 * Its handler is called with this one action only, so nothing but a sign-in reaches `encode`.
 * Answers the Set-Cookie line, or null when the credentials are wrong. What a step throws, this throws.
 */
export async function runNextAuth(steps: SignInSteps): Promise<string | null> {
  let failure: unknown;
  const rethrowing = async <T>(step: () => Promise<T>): Promise<T> => {
    try {
      return await step();
    } catch (error) {
      failure = error;
      throw error;
    }
  };
  const options: NextAuthOptions = {
    secret: steps.secret,
    providers: [
      credentials({ id: "panel", credentials: {}, authorize: () => rethrowing(() => steps.authorize()) }),
    ],
    session: { strategy: "jwt", maxAge: SESSION_MAX_MS / 1000 },
    jwt: {
      encode: ({ token }) => rethrowing(() => steps.openSession(String(token?.sub))),
      decode: async () => null,
    },
    cookies: {
      sessionToken: { name: SESSION_COOKIE, options: COOKIE_FLAGS },
      csrfToken: { name: CSRF_COOKIE, options: COOKIE_FLAGS },
    },
    // It would print to the console; what matters is thrown below.
    logger: { error: () => {}, warn: () => {}, debug: () => {} },
  };
  const answer = new AnswerSink();
  await nextAuth(signInRequest(steps.secret) as never, answer as never, options);
  if (failure !== undefined) throw failure;
  return answer.cookies.find((line) => line.startsWith(`${SESSION_COOKIE}=`)) ?? null;
}

/** Its own double-submit token is satisfied here: the route has checked Origin and Content-Type already. */
function signInRequest(secret: string) {
  const token = randomBytes(32).toString("hex");
  const proof = createHash("sha256").update(`${token}${secret}`).digest("hex");
  return {
    method: "POST",
    query: { nextauth: ["callback", "panel"] },
    headers: {},
    cookies: { [CSRF_COOKIE]: `${token}|${proof}` },
    body: { csrfToken: token, json: "true" },
  };
}

/** The part of a Node response that next-auth writes to. */
class AnswerSink {
  cookies: string[] = [];
  status(): this {
    return this;
  }
  getHeader(name: string): string[] | undefined {
    return name === "Set-Cookie" ? this.cookies : undefined;
  }
  setHeader(name: string, value: string[]): void {
    if (name === "Set-Cookie") this.cookies = value;
  }
  json(): void {}
  send(): void {}
  end(): void {}
}
