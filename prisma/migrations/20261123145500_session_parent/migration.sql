ALTER TABLE "session" ADD COLUMN "parent_id" UUID;

CREATE INDEX "session_parent_id_idx" ON "session"("parent_id");
