ALTER TABLE "user" ADD COLUMN "max_tunnels" INTEGER, ADD COLUMN "rate_limit_bits_per_second" BIGINT;
