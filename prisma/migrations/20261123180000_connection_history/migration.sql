CREATE TABLE "connection_day" (
    "user_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "door" SMALLINT NOT NULL,
    "opened" BIGINT NOT NULL,
    "ended" BIGINT NOT NULL,
    "duration_ms" BIGINT NOT NULL,
    "refused" JSONB NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "connection_day_pkey" PRIMARY KEY ("user_id","day","door")
);
CREATE INDEX "connection_day_day_idx" ON "connection_day"("day");
ALTER TABLE "connection_day" ADD CONSTRAINT "connection_day_user_id_fkey"
    FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "connection_address" (
    "user_id" UUID NOT NULL,
    "door" SMALLINT NOT NULL,
    "ip" VARCHAR(45) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "connection_address_pkey" PRIMARY KEY ("user_id","door","ip")
);
ALTER TABLE "connection_address" ADD CONSTRAINT "connection_address_user_id_fkey"
    FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;
