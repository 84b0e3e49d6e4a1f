"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.Compiled1700000300000 = void 0;
class Compiled1700000300000 {
    constructor() {
        this.name = 'Compiled1700000300000';
    }
    async up(queryRunner) {
        await queryRunner.query(`ALTER TABLE "post" ADD "body" text`);
    }
    async down(queryRunner) {
        await queryRunner.query(`ALTER TABLE "post" DROP COLUMN "body"`);
    }
}
exports.Compiled1700000300000 = Compiled1700000300000;
//# sourceMappingURL=1700000300000-compiled.js.map
