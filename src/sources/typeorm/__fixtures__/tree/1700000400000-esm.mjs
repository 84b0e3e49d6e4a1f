class OnlyUp1700000400000 {
  async up(queryRunner) {
    await queryRunner.query('select 1')
  }
}
export { OnlyUp1700000400000 }
