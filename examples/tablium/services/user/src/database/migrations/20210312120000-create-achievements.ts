import { MigrationInterface, QueryRunner } from "typeorm";

export class CreateAchievements1615550400000 implements MigrationInterface {
    name = 'CreateAchievements1615550400000'

    public async up(queryRunner: QueryRunner): Promise<void> {
        await queryRunner.query(`CREATE TYPE "achievement_tier" AS ENUM('bronze', 'silver', 'gold')`);
        await queryRunner.query(`
            CREATE TABLE "achievements" (
                "id" integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                "code" character varying(40) NOT NULL UNIQUE,
                "title" text NOT NULL,
                "tier" "achievement_tier" NOT NULL DEFAULT 'bronze'
            )
        `);
        await queryRunner.query(`
            CREATE TABLE "profile_achievements" (
                "user_id" uuid NOT NULL REFERENCES "profiles" ON DELETE CASCADE,
                "achievement_id" integer NOT NULL REFERENCES "achievements",
                "earned_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                PRIMARY KEY ("user_id", "achievement_id")
            )
        `);
    }

    public async down(queryRunner: QueryRunner): Promise<void> {
        await queryRunner.query(`DROP TABLE "profile_achievements"`);
        await queryRunner.query(`DROP TABLE "achievements"`);
        await queryRunner.query(`DROP TYPE "achievement_tier"`);
    }
}
