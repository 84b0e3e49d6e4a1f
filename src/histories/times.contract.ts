import fc from 'fast-check'

/** Times as a table with microseconds has them, in the years when the tools exist: ISO 8601 UTC, no zeros at the end. */
export const times: fc.Arbitrary<string> = fc
  .record({
    date: fc.date({ min: new Date('2010-01-01T00:00:00Z'), max: new Date('2037-01-01T00:00:00Z'), noInvalidDate: true }),
    micros: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 999_999 })),
  })
  .map(({ date, micros }) => {
    const seconds = date.toISOString().slice(0, 19)
    const fraction = micros === 0 ? '' : `.${String(micros).padStart(6, '0').replace(/0+$/, '')}`
    return `${seconds}${fraction}Z`
  })
