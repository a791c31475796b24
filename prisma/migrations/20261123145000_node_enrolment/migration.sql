ALTER TABLE "node" ADD COLUMN "certificate_name" VARCHAR(80),
ADD COLUMN "removed_at" TIMESTAMPTZ(3);

CREATE TABLE "node_enrolment" (
    "node_id" UUID NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "csr" TEXT,
    "certificate" TEXT,
    "ca" TEXT,
    "signed_at" TIMESTAMPTZ(3),
    "error" VARCHAR(300),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "node_enrolment_pkey" PRIMARY KEY ("node_id")
);

CREATE UNIQUE INDEX "node_enrolment_token_hash_key" ON "node_enrolment"("token_hash");

ALTER TABLE "node_enrolment" ADD CONSTRAINT "node_enrolment_node_id_fkey" FOREIGN KEY ("node_id") REFERENCES "node"("id") ON DELETE CASCADE ON UPDATE CASCADE;
