CREATE TABLE "group" (
    "id" UUID NOT NULL,
    "name" VARCHAR(32) NOT NULL,
    "note" VARCHAR(500) NOT NULL DEFAULT '',
    "destinations" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "group_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "group_member" (
    "user_id" UUID NOT NULL,
    "group_id" UUID NOT NULL,

    CONSTRAINT "group_member_pkey" PRIMARY KEY ("user_id","group_id")
);

CREATE TABLE "access_policy_version" (
    "version" INTEGER NOT NULL,
    "rules" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" VARCHAR(80) NOT NULL,

    CONSTRAINT "access_policy_version_pkey" PRIMARY KEY ("version")
);

CREATE UNIQUE INDEX "group_name_key" ON "group"("name");

CREATE INDEX "group_member_group_id_idx" ON "group_member"("group_id");

ALTER TABLE "group_member" ADD CONSTRAINT "group_member_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "group_member" ADD CONSTRAINT "group_member_group_id_fkey" FOREIGN KEY ("group_id") REFERENCES "group"("id") ON DELETE CASCADE ON UPDATE CASCADE;
