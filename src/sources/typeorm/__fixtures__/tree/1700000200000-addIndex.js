/**
 * @typedef {import('typeorm').MigrationInterface} MigrationInterface
 * @typedef {import('typeorm').QueryRunner} QueryRunner
 */

/**
 * @class
 * @implements {MigrationInterface}
 */
module.exports = class AddIndex1700000200000 {
    name = 'AddIndex1700000200000'
    transaction = false

    async up(queryRunner) {
        await queryRunner.query(`CREATE INDEX CONCURRENTLY "post_title" ON "post" ("title")`);
    }

    async down(queryRunner) {
        await queryRunner.query(`DROP INDEX CONCURRENTLY "post_title"`);
    }
}
