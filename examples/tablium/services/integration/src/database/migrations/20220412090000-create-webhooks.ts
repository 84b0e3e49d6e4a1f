import { type MigrationInterface, type QueryRunner } from "typeorm";

export class CreateWebhooks1649754000000 implements MigrationInterface {
    public async up(queryRunner: QueryRunner): Promise<void> {
        await queryRunner.query(`CREATE TYPE "delivery_status" AS ENUM('waiting', 'delivered', 'failed')`);
        await queryRunner.query(`
            CREATE TABLE "webhooks" (
                "id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
                "provider_id" integer NOT NULL REFERENCES "providers",
                "event" character varying(80) NOT NULL,
                "target_url" text NOT NULL
            )
        `);
        await queryRunner.query(`
            CREATE TABLE "deliveries" (
                "id" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                "webhook_id" uuid NOT NULL REFERENCES "webhooks" ON DELETE CASCADE,
                "status" "delivery_status" NOT NULL DEFAULT 'waiting',
                "attempts" smallint NOT NULL DEFAULT 0,
                "next_attempt_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now()
            )
        `);
        await queryRunner.query(`CREATE INDEX "idx_deliveries_waiting" ON "deliveries" ("next_attempt_at") WHERE "status" = 'waiting'`);
    }

    public async down(queryRunner: QueryRunner): Promise<void> {
        await queryRunner.query(`DROP TABLE "deliveries"`);
        await queryRunner.query(`DROP TABLE "webhooks"`);
        await queryRunner.query(`DROP TYPE "delivery_status"`);
    }
}
