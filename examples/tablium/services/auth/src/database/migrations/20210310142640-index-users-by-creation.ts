import { MigrationInterface, QueryRunner } from "typeorm";

// A concurrent index cannot be built inside a transaction.
export class IndexUsersByCreation1615386400000 implements MigrationInterface {
    transaction = false;

    public async up(queryRunner: QueryRunner): Promise<void> {
        await queryRunner.query(`CREATE INDEX CONCURRENTLY "idx_users_created_at" ON "users" ("created_at")`);
    }

    public async down(queryRunner: QueryRunner): Promise<void> {
        await queryRunner.query(`DROP INDEX CONCURRENTLY IF EXISTS "idx_users_created_at"`);
    }
}
