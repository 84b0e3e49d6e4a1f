export class A1700000000001 { async up() {} async down() {} }
export function helper() {}
