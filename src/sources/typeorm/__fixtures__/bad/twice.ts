export class A1700000000001 { async up() {} async down() {} }
export default A1700000000001
