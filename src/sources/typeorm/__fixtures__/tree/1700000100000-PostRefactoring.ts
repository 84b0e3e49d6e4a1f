import { MigrationInterface, QueryRunner } from "typeorm";

export class PostRefactoring1700000100000 implements MigrationInterface {

    public async up(queryRunner: QueryRunner): Promise<void> {
    }

    public async down(queryRunner: QueryRunner): Promise<void> {
    }

}
