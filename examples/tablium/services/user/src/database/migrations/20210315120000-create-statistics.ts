import { MigrationInterface, QueryRunner, Table } from "typeorm";

export class CreateStatistics1615809600000 implements MigrationInterface {
    name = 'CreateStatistics1615809600000'

    public async up(queryRunner: QueryRunner): Promise<void> {
        const counters = ["games_played", "games_won", "hands_played"];
        await queryRunner.createTable(
            new Table({
                name: "statistics",
                columns: [
                    { name: "user_id", type: "uuid", isPrimary: true },
                    ...counters.map((name) => ({ name, type: "bigint", default: 0 })),
                    { name: "updated_at", type: "timestamptz", default: "now()" }
                ],
                foreignKeys: [
                    { columnNames: ["user_id"], referencedTableName: "profiles", referencedColumnNames: ["user_id"], onDelete: "CASCADE" }
                ]
            })
        );
    }

    public async down(queryRunner: QueryRunner): Promise<void> {
        await queryRunner.dropTable("statistics");
    }
}

export class FillStatistics1615809660000 implements MigrationInterface {
    name = 'FillStatistics1615809660000'

    public async up(queryRunner: QueryRunner): Promise<void> {
        await queryRunner.query(`INSERT INTO "statistics" ("user_id") SELECT "user_id" FROM "profiles"`);
    }

    public async down(queryRunner: QueryRunner): Promise<void> {
        await queryRunner.query(`DELETE FROM "statistics" WHERE "games_played" = 0`);
    }
}
