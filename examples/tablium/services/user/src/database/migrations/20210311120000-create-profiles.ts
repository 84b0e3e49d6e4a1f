import { MigrationInterface, QueryRunner } from "typeorm";

export class CreateProfiles1615464000000 implements MigrationInterface {
    name = 'CreateProfiles1615464000000'

    public async up(queryRunner: QueryRunner): Promise<void> {
        await queryRunner.query(`
            CREATE TABLE "profiles" (
                "user_id" uuid PRIMARY KEY,
                "display_name" character varying(60) NOT NULL,
                "avatar_url" text,
                "country" character(2),
                "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now()
            )
        `);
        await queryRunner.query(`CREATE UNIQUE INDEX "idx_profiles_display_name" ON "profiles" (lower("display_name"))`);
    }

    public async down(queryRunner: QueryRunner): Promise<void> {
        await queryRunner.query(`DROP TABLE "profiles"`);
    }
}
