import { describe, expect, it } from 'vitest'
import { redact } from './redact.ts'

const canary = 'c4n4ry'

describe('redact', () => {
  it.each([
    [`postgres://u:${canary}@h/db`, 'postgres://u:***@h/db'],
    [`postgres://:${canary}@h/db`, 'postgres://:***@h/db'],
    [`postgresql+asyncpg://u:a/${canary}?@x@h/db`, 'postgresql+asyncpg://u:***@h/db'],
    [`see postgres://u:${canary}@h/db and pgx5://v:${canary}@i/db.`, 'see postgres://u:***@h/db and pgx5://v:***@i/db.'],
    [`host=h password=${canary} dbname=d`, 'host=h password=*** dbname=d'],
    [`host=h password = '${canary}\\' ${canary}' dbname=d`, 'host=h password = *** dbname=d'],
    [`password='${canary} without end`, 'password=***'],
    [`postgres://h/db?password=${canary}&sslpassword=${canary}&user=u`, 'postgres://h/db?password=***&sslpassword=***&user=u'],
    [`PGPASSWORD=${canary} DB_PASSWORD="${canary} x" skein up`, 'PGPASSWORD=*** DB_PASSWORD=*** skein up'],
    ['postgres://h:5432/db is at someone@example.org', 'postgres://h:5432/db is at someone@example.org'],
  ])('%s', (text, clean) => {
    expect(redact(text)).toBe(clean)
  })

  it('takes out what it is told', () => {
    expect(redact(`x${canary}y`, [canary, ''])).toBe('x***y')
  })
})
