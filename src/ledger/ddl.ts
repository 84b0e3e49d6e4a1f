import { ident } from '../postgres/quote.ts'

/** The version of the tables below. A release reads every ledger whose `minimum_reader` is not above this, and writes where `minimum_writer` is not. */
export const ledgerVersion = 1

/**
 * The statements that make a ledger, or bring an older one up, in order: forward only, each number once. `from` is the version found (0: none).
 * Takes ACCESS EXCLUSIVE on what it makes, nothing else; the caller holds the ledger's advisory key, so that two first runs do not meet here.
 */
export function ledgerDdl(schema: string, from: number, { schemaThere = false } = {}): string[] {
  const tables = upgrades.slice(from).flatMap((upgrade) => upgrade(ident(schema)))
  // CREATE SCHEMA IF NOT EXISTS asks for the right to create one even where there is nothing to do, and COMMENT for ownership.
  return schemaThere ? tables : [...makeSchema(ident(schema)), ...tables]
}

/** What the ledger consists of. */
export const ledgerTables = ['meta', 'history', 'body', 'applied', 'run', 'journal', 'approval', 'audit'] as const

const upgrades: ((schema: string) => string[])[] = [versionOne]

function makeSchema(s: string): string[] {
  return [
    `create schema if not exists ${s}`,
    `comment on schema ${s} is 'Skein: what was applied here, by whom, from which text. Dropping it loses this record and nothing else.'`,
  ]
}

/**
 * `applied` is never deleted from: a row that was taken back keeps who did it and when, so `logs` can tell the whole story, and the unique
 * index covers the rows in force. Bodies are stored once per content. No foreign keys to `body`: they would cost a look-up for each step.
 */
function versionOne(s: string): string[] {
  return [
    `create table ${s}.meta (
  one boolean primary key default true check (one),
  ledger_version integer not null,
  minimum_reader integer not null,
  minimum_writer integer not null,
  system_identifier text,
  database_oid bigint not null,
  database text not null,
  environment text,
  created_at timestamptz not null default clock_timestamp(),
  created_by text not null default session_user
)`,
    `create table ${s}.history (
  id integer generated always as identity primary key,
  key text not null,
  target_schema text not null,
  service text not null,
  tool text not null,
  unique (key, target_schema)
)`,
    `create table ${s}.body (
  hash text primary key,
  content text not null
)`,
    `create table ${s}.applied (
  seq bigint generated always as identity primary key,
  history integer not null references ${s}.history,
  version text not null,
  name text not null,
  kind text not null check (kind in ('executed', 'adopted', 'observed', 'assumed', 'forced')),
  hash text,
  down text,
  environment text,
  run uuid,
  ms integer,
  applied_at timestamptz not null default clock_timestamp(),
  applied_by text not null default session_user,
  because text,
  undone_run uuid,
  undone_at timestamptz,
  undone_by text,
  undone_kind text,
  undone_ms integer
)`,
    `create unique index applied_in_force on ${s}.applied (history, version) where undone_at is null`,
    `create table ${s}.run (
  id uuid primary key,
  verb text not null,
  digest text,
  services jsonb not null,
  steps integer not null,
  outcome text,
  error jsonb,
  started_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  db_role text not null default session_user,
  os_user text,
  host text,
  program text not null
)`,
    `create index run_started on ${s}.run (started_at)`,
    `create table ${s}.journal (
  history integer not null references ${s}.history,
  version text not null,
  direction text not null check (direction in ('up', 'down')),
  run uuid not null,
  hash text,
  statements integer not null,
  done integer not null default 0,
  done_hashes text[] not null default '{}',
  in_doubt integer,
  error jsonb,
  updated_at timestamptz not null default clock_timestamp(),
  primary key (history, version, direction)
)`,
    `create table ${s}.approval (
  id bigint generated always as identity primary key,
  digest text not null,
  by text not null default session_user,
  at timestamptz not null default clock_timestamp(),
  because text
)`,
    `create table ${s}.audit (
  seq bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  by text not null default session_user,
  what text not null,
  details jsonb not null,
  previous text not null,
  hash text not null
)`,
  ]
}
