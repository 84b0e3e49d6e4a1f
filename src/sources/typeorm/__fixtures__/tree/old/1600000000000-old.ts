export class Old1600000000000 { async up() {} async down() {} }
