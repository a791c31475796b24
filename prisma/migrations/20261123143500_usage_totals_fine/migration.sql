-- As usage_total_1d for the last two days and the last 90: charts of all users' traffic read a few rows a bucket.
CREATE TABLE "usage_total_5m" (
    "bucket" TIMESTAMPTZ(3) NOT NULL,
    "node_id" UUID NOT NULL,
    "door" SMALLINT NOT NULL,
    "up_bytes" BIGINT NOT NULL,
    "down_bytes" BIGINT NOT NULL,

    CONSTRAINT "usage_total_5m_pkey" PRIMARY KEY ("bucket","node_id","door")
);

CREATE TABLE "usage_total_1h" (
    "bucket" TIMESTAMPTZ(3) NOT NULL,
    "node_id" UUID NOT NULL,
    "door" SMALLINT NOT NULL,
    "up_bytes" BIGINT NOT NULL,
    "down_bytes" BIGINT NOT NULL,

    CONSTRAINT "usage_total_1h_pkey" PRIMARY KEY ("bucket","node_id","door")
);

INSERT INTO "usage_total_5m" ("bucket", "node_id", "door", "up_bytes", "down_bytes")
SELECT "bucket", "node_id", "door", sum("up_bytes"), sum("down_bytes") FROM "usage_5m" GROUP BY 1, 2, 3;
INSERT INTO "usage_total_1h" ("bucket", "node_id", "door", "up_bytes", "down_bytes")
SELECT "bucket", "node_id", "door", sum("up_bytes"), sum("down_bytes") FROM "usage_1h" GROUP BY 1, 2, 3;
