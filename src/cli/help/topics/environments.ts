import type { Topic } from '../topic.ts'

export const environments: Topic = {
  name: 'environments',
  about: 'which files run where, and what is allowed there',
  text: `--env NAME, else SKEIN_ENV, else none: then only base files run.

An environment decides two things. Which files: a folder of that name beside
the base files holds migrations for it alone. And what is allowed, in
skein.yaml:

  environments:
    development: { changed: redo }
    production:  { allow: { destructive: false } }

or in environments.json beside the files of a service. The stricter one holds.

The first run with an environment is noted in the database. Later runs with
another one, or with none, are refused (ENVIRONMENT-DIFFERS): production does
not take development's files.

  skein config --env production   what is in force, and where it was said
  skein plan --env production     what would run there`,
  more: ['guides/environments.md'],
}
