import { MigrationInterface, QueryRunner } from "typeorm"

// Two in one file, and a lower-case name of a class.
export class PgNamespace1692767993709 implements MigrationInterface {
  name = "PgNamespace1692767993709"
  public async up(queryRunner: QueryRunner): Promise<void> {
    // Not awaited: the query is sent all the same.
    queryRunner.query(`alter table store add namespace varchar(64)`)
  }
  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`alter table store drop column namespace`)
  }
}

export class createdAt1644332647279 implements MigrationInterface {
  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`create table store (created_at timestamptz not null default now())`)
  }
  public async down(): Promise<void> {}
}
