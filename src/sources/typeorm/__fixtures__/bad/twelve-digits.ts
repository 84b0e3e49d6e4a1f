export class A161521345678 { async up() {} async down() {} }
