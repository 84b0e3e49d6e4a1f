export class A1700000000001 { async up() {} async down() {} }
export class B1700000000002 { name = 'A1700000000001'; async up() {} async down() {} }
