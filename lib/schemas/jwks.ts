import { z } from "zod";

/** How long a token that names a visitor to one upstream is good for. */
export const UPSTREAM_TOKEN_SECONDS = 60;
/** How long a reader of the key set may repeat it; a key signs only after every reader has seen it. */
export const JWKS_MAX_AGE_SECONDS = 5;

/** 32 bytes: a coordinate of P-256, or a thumbprint. */
const base64url256 = z.string().regex(/^[A-Za-z0-9_-]{43}$/, "32 bytes as base64url.");

/** `POST /internal/jwks`: the public half of a key of proxy-auth. `kid` is its RFC 7638 thumbprint. */
export const registerJwtKeyInputSchema = z.strictObject({
  kid: base64url256,
  x: base64url256,
  y: base64url256,
});
export type RegisterJwtKeyInput = z.infer<typeof registerJwtKeyInputSchema>;

/** `isNew`: it was not published until now. The key leaves the set when the lease ends without a renewal. */
export const registeredJwtKeySchema = z.object({
  isNew: z.boolean(),
  leaseSeconds: z.number().int().positive(),
});
export type RegisteredJwtKey = z.infer<typeof registeredJwtKeySchema>;

export const jwksSchema = z.object({
  keys: z.array(
    z.object({
      kty: z.literal("EC"),
      crv: z.literal("P-256"),
      x: base64url256,
      y: base64url256,
      kid: base64url256,
      alg: z.literal("ES256"),
      use: z.literal("sig"),
    }),
  ),
});
export type Jwks = z.infer<typeof jwksSchema>;
