import { type MigrationInterface, type QueryRunner } from "typeorm";

export class CreateProviders1649149200000 implements MigrationInterface {
    public async up(queryRunner: QueryRunner): Promise<void> {
        await queryRunner.query(`
            CREATE TABLE "providers" (
                "id" integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                "code" character varying(40) NOT NULL UNIQUE,
                "base_url" text NOT NULL,
                "enabled" boolean NOT NULL DEFAULT true
            )
        `);
        await queryRunner.query(
            `INSERT INTO "providers" ("code", "base_url") VALUES ($1, $2), ($3, $4)`,
            ["payments", "https://payments.example.com", "mail", "https://mail.example.com"]
        );
    }

    public async down(queryRunner: QueryRunner): Promise<void> {
        await queryRunner.query(`DROP TABLE "providers"`);
    }
}
