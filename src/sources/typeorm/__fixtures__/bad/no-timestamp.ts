export class CreateUsers { async up() {} async down() {} }
