-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "Role" AS ENUM ('owner', 'admin', 'user');

-- CreateEnum
CREATE TYPE "UserStatus" AS ENUM ('active', 'disabled', 'limited', 'expired', 'on_hold');

-- CreateEnum
CREATE TYPE "ResetPeriod" AS ENUM ('never', 'day', 'week', 'month', 'year');

-- CreateEnum
CREATE TYPE "CredentialKind" AS ENUM ('vless', 'proxy', 'subscription');

-- CreateTable
CREATE TABLE "user" (
    "id" UUID NOT NULL,
    "name" VARCHAR(32) NOT NULL,
    "email" VARCHAR(254),
    "role" "Role" NOT NULL DEFAULT 'user',
    "status" "UserStatus" NOT NULL DEFAULT 'active',
    "note" VARCHAR(500) NOT NULL DEFAULT '',
    "password_hash" TEXT,
    "limit_bytes" BIGINT,
    "reset_period" "ResetPeriod" NOT NULL DEFAULT 'never',
    "next_reset_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "credential" (
    "user_id" UUID NOT NULL,
    "kind" "CredentialKind" NOT NULL,
    "sealed" BYTEA NOT NULL,
    "lookup_hash" BYTEA NOT NULL,
    "rotated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "credential_pkey" PRIMARY KEY ("user_id","kind")
);

-- CreateTable
CREATE TABLE "user_usage" (
    "user_id" UUID NOT NULL,
    "vpn_up" BIGINT NOT NULL DEFAULT 0,
    "vpn_down" BIGINT NOT NULL DEFAULT 0,
    "http_up" BIGINT NOT NULL DEFAULT 0,
    "http_down" BIGINT NOT NULL DEFAULT 0,
    "socks_up" BIGINT NOT NULL DEFAULT 0,
    "socks_down" BIGINT NOT NULL DEFAULT 0,
    "reset_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "online_at" TIMESTAMPTZ(3),

    CONSTRAINT "user_usage_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "usage_source" (
    "source" VARCHAR(80) NOT NULL,
    "boot" UUID NOT NULL,
    "last_seq" BIGINT NOT NULL,

    CONSTRAINT "usage_source_pkey" PRIMARY KEY ("source","boot")
);

-- CreateTable
CREATE TABLE "invite" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "invite_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" UUID NOT NULL,
    "id_hash" BYTEA NOT NULL,
    "user_id" UUID NOT NULL,
    "host" VARCHAR(255) NOT NULL,
    "ip" VARCHAR(45) NOT NULL,
    "user_agent" VARCHAR(300) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_token" (
    "id" UUID NOT NULL,
    "user_id" UUID,
    "name" VARCHAR(80) NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "scopes" TEXT[],
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "api_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "node" (
    "id" UUID NOT NULL,
    "name" VARCHAR(63) NOT NULL,
    "agent_url" VARCHAR(255) NOT NULL,
    "applied_revision" BIGINT NOT NULL DEFAULT 0,
    "is_xray_up" BOOLEAN NOT NULL DEFAULT false,
    "xray_version" VARCHAR(40),
    "can_cut_live" BOOLEAN NOT NULL DEFAULT false,
    "last_error" VARCHAR(300),
    "seen_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "node_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "inbound" (
    "id" UUID NOT NULL,
    "node_id" UUID NOT NULL,
    "tag" VARCHAR(40) NOT NULL,
    "listen" VARCHAR(64) NOT NULL,
    "port" INTEGER NOT NULL,
    "accept_proxy_protocol" BOOLEAN NOT NULL DEFAULT false,
    "server_name" VARCHAR(253) NOT NULL,
    "reality_target" VARCHAR(255) NOT NULL,
    "reality_public_key" VARCHAR(64) NOT NULL,
    "reality_private_key_sealed" BYTEA NOT NULL,
    "short_ids" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "inbound_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "host" (
    "id" UUID NOT NULL,
    "inbound_id" UUID NOT NULL,
    "remark" VARCHAR(80) NOT NULL,
    "address" VARCHAR(255) NOT NULL,
    "port" INTEGER NOT NULL,
    "position" INTEGER NOT NULL DEFAULT 0,
    "is_enabled" BOOLEAN NOT NULL DEFAULT true,

    CONSTRAINT "host_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_entry" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor_kind" VARCHAR(20) NOT NULL,
    "actor_id" UUID,
    "actor_name" VARCHAR(80) NOT NULL,
    "action" VARCHAR(60) NOT NULL,
    "target_kind" VARCHAR(30) NOT NULL,
    "target_id" VARCHAR(64),
    "target_name" VARCHAR(255),
    "details" JSONB NOT NULL DEFAULT '{}',
    "ip" VARCHAR(45),
    "request_id" VARCHAR(64),

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "change" (
    "id" BIGSERIAL NOT NULL,
    "kind" VARCHAR(20) NOT NULL,
    "ids" TEXT[],
    "trace_context" VARCHAR(60),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "change_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "lease" (
    "name" VARCHAR(80) NOT NULL,
    "holder" UUID NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "lease_pkey" PRIMARY KEY ("name")
);

-- CreateIndex
CREATE UNIQUE INDEX "user_name_key" ON "user"("name");

-- CreateIndex
CREATE INDEX "user_status_idx" ON "user"("status");

-- CreateIndex
CREATE INDEX "user_expires_at_idx" ON "user"("expires_at");

-- CreateIndex
CREATE INDEX "user_next_reset_at_idx" ON "user"("next_reset_at");

-- CreateIndex
CREATE INDEX "user_created_at_id_idx" ON "user"("created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "credential_kind_lookup_hash_key" ON "credential"("kind", "lookup_hash");

-- CreateIndex
CREATE UNIQUE INDEX "invite_token_hash_key" ON "invite"("token_hash");

-- CreateIndex
CREATE INDEX "invite_user_id_idx" ON "invite"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "session_id_hash_key" ON "session"("id_hash");

-- CreateIndex
CREATE INDEX "session_user_id_idx" ON "session"("user_id");

-- CreateIndex
CREATE INDEX "session_expires_at_idx" ON "session"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "api_token_token_hash_key" ON "api_token"("token_hash");

-- CreateIndex
CREATE INDEX "api_token_user_id_idx" ON "api_token"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "node_name_key" ON "node"("name");

-- CreateIndex
CREATE UNIQUE INDEX "inbound_node_id_tag_key" ON "inbound"("node_id", "tag");

-- CreateIndex
CREATE INDEX "host_inbound_id_idx" ON "host"("inbound_id");

-- CreateIndex
CREATE INDEX "audit_entry_at_idx" ON "audit_entry"("at");

-- CreateIndex
CREATE INDEX "audit_entry_target_kind_target_id_id_idx" ON "audit_entry"("target_kind", "target_id", "id");

-- CreateIndex
CREATE INDEX "change_created_at_idx" ON "change"("created_at");

-- AddForeignKey
ALTER TABLE "credential" ADD CONSTRAINT "credential_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "user_usage" ADD CONSTRAINT "user_usage_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invite" ADD CONSTRAINT "invite_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_token" ADD CONSTRAINT "api_token_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "inbound" ADD CONSTRAINT "inbound_node_id_fkey" FOREIGN KEY ("node_id") REFERENCES "node"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "host" ADD CONSTRAINT "host_inbound_id_fkey" FOREIGN KEY ("inbound_id") REFERENCES "inbound"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- Written by hand below: what schema.prisma cannot say.

ALTER TABLE "user_usage" SET (fillfactor = 70);

-- Search in the panel: one expression over all that is searched (server/users/list-users.ts uses the same).
-- pg_trgm comes with PostgreSQL; an installation without contrib modules searches without the index.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm') THEN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX user_search_idx ON "user" USING gin ((name || ' ' || coalesce(email, '') || ' ' || note) gin_trgm_ops);
  END IF;
END $$;

CREATE INDEX user_expiry_order_idx ON "user" ((coalesce(expires_at, 'infinity'::timestamptz)), id);

-- Usage buckets. node_id is all zeros for the proxies; door: 1 vpn, 2 http, 3 socks. The default partitions catch
-- what no other takes; the controller creates ahead and drops old (server/usage/maintain-partitions.ts).
CREATE TABLE usage_5m (
  bucket TIMESTAMPTZ NOT NULL,
  user_id UUID NOT NULL,
  node_id UUID NOT NULL,
  door SMALLINT NOT NULL,
  up_bytes BIGINT NOT NULL,
  down_bytes BIGINT NOT NULL,
  PRIMARY KEY (user_id, bucket, node_id, door)
) PARTITION BY RANGE (bucket);
CREATE TABLE usage_5m_default PARTITION OF usage_5m DEFAULT;

CREATE TABLE usage_1h (
  bucket TIMESTAMPTZ NOT NULL,
  user_id UUID NOT NULL,
  node_id UUID NOT NULL,
  door SMALLINT NOT NULL,
  up_bytes BIGINT NOT NULL,
  down_bytes BIGINT NOT NULL,
  PRIMARY KEY (user_id, bucket, node_id, door)
) PARTITION BY RANGE (bucket);
CREATE TABLE usage_1h_default PARTITION OF usage_1h DEFAULT;

CREATE TABLE usage_1d (
  bucket TIMESTAMPTZ NOT NULL,
  user_id UUID NOT NULL,
  node_id UUID NOT NULL,
  door SMALLINT NOT NULL,
  up_bytes BIGINT NOT NULL,
  down_bytes BIGINT NOT NULL,
  PRIMARY KEY (user_id, bucket, node_id, door)
) PARTITION BY RANGE (bucket);
CREATE TABLE usage_1d_default PARTITION OF usage_1d DEFAULT;
