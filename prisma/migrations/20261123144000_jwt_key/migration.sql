-- Public halves of the keys that proxy-auth signs upstream tokens with.
CREATE TABLE "jwt_key" (
    "kid" VARCHAR(43) NOT NULL,
    "x" VARCHAR(43) NOT NULL,
    "y" VARCHAR(43) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "jwt_key_pkey" PRIMARY KEY ("kid")
);
