import type { MigrationInterface, QueryRunner } from 'typeorm'
class Tool1700000500000 implements MigrationInterface {
  readonly name = 'Tool1700000500000' as const
  up = async (queryRunner: QueryRunner): Promise<void> => { await queryRunner.query('select 1') }
  down = async (): Promise<void> => undefined
}
export = Tool1700000500000
