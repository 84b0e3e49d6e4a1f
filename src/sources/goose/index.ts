import type { AnnotatedLayout } from '../annotated-layout.ts'
import { compareDecimals } from '../decimal.ts'
import { readAnnotated, recogniseAnnotated } from '../read-annotated.ts'
import type { Remark } from '../rules.ts'
import type { Source } from '../source.ts'
import { parseAnnotations } from './annotations.ts'
import { parseName, parseVersion } from './name.ts'
import { making } from './new.ts'

const layout: AnnotatedLayout = {
  tool: 'goose',
  name: parseName,
  annotations: parseAnnotations,
  compare: compareDecimals,
  missingDownMeans: 'goose takes that as an empty down, so going back changes the version and nothing else',
  code,
}

/**
 * goose: `00001_create_users.sql` with `-- +goose Up` and perhaps `-- +goose Down` in it; versions are numbers above 0, ordered by value
 * (v3.26.0 migrate.go, internal/sqlparser/parser.go). One migration is one transaction, with NO TRANSACTION each statement is.
 * Two differences: migrations in Go need the service's own program and are an error here; so is ENVSUB ON.
 */
export const goose: Source = {
  name: 'goose',
  compare: compareDecimals,
  recognise: (folder) => recogniseAnnotated(layout, folder, /^--.*\+goose\s+up\b/im),
  read: (folders) => readAnnotated(layout, folders),
  parseVersion,
  making,
}

function code(label: string): Remark {
  return {
    rule: 'GOOSE-GO',
    severity: 'error',
    message: `${label} is a migration in Go, which only a program that is built with it can run`,
    remedy: 'write it as SQL; or run it with that program and keep this service out of the workspace',
  }
}
