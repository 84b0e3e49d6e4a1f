export default class { async up() {} async down() {} }
