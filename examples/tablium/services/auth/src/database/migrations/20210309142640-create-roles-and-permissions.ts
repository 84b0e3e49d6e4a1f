import { MigrationInterface, QueryRunner, Table, TableForeignKey } from "typeorm";

export class CreateRolesAndPermissions1615300000000 implements MigrationInterface {
    public async up(queryRunner: QueryRunner): Promise<void> {
        for (const name of ["roles", "permissions"]) {
            await queryRunner.createTable(
                new Table({
                    name,
                    columns: [
                        { name: "id", type: "uuid", isPrimary: true, default: "uuid_generate_v4()" },
                        { name: "name", type: "varchar", isUnique: true },
                        { name: "description", type: "text", isNullable: true },
                        { name: "created_at", type: "timestamp", default: "now()" }
                    ]
                })
            );
        }
        await this.link(queryRunner, "role_permissions", "roles", "permissions");
        await this.link(queryRunner, "user_roles", "users", "roles");
        await queryRunner.query(
            `INSERT INTO "roles" ("name", "description") VALUES ('admin', 'May do everything'), ('player', 'May sit at tables')`
        );
    }

    public async down(queryRunner: QueryRunner): Promise<void> {
        for (const table of ["user_roles", "role_permissions", "permissions", "roles"]) {
            await queryRunner.dropTable(table);
        }
    }

    private async link(queryRunner: QueryRunner, name: string, from: string, to: string): Promise<void> {
        const columns = [`${from.slice(0, -1)}_id`, `${to.slice(0, -1)}_id`];
        await queryRunner.createTable(
            new Table({ name, columns: columns.map((column) => ({ name: column, type: "uuid", isPrimary: true })) })
        );
        for (const [index, table] of [from, to].entries()) {
            await queryRunner.createForeignKey(
                name,
                new TableForeignKey({
                    columnNames: [columns[index]],
                    referencedTableName: table,
                    referencedColumnNames: ["id"],
                    onDelete: "CASCADE"
                })
            );
        }
    }
}
