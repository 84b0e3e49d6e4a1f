import type { Topic } from '../topic.ts'

export const connections: Topic = {
  name: 'connections',
  about: 'how a database is named, and which of several wins',
  text: `The first of these that says something:

  --database URL           for every service; also --url, -d
  --embedded               a PostgreSQL that Skein starts for this workspace
  database: in skein.yaml  of a service, else of the file; \${NAME} is filled in
  DATABASE_URL
  DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_NAME, DB_SSLMODE
  PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE …, PGSERVICE, ~/.pgpass

Two of the last three groups that name different servers or databases are an
error (DATABASE-AMBIGUOUS), never a guess.

A URL is postgres://user:password@host:port/database?sslmode=require, or a
text as psql takes it: host=… dbname=…. Everything means what it means to
psql: TLS settings, several hosts, sockets, service and password files. A
socket: postgresql://user@/database?host=/var/run/postgresql.

  skein config              which database each service has, and who says so
  skein up --env-file .env  variables from a file; the real environment wins
  skein embedded url        the URL of the embedded database

No message, log or ledger ever has a password in it.`,
  more: ['guides/containers.md'],
}
