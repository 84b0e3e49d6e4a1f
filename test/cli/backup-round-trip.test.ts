import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { allExamples, copyOf, nameOf } from '../platforms/examples.ts'
import { dumped, pgBin } from '../pg-client.ts'
import { freshDatabase, majors } from '../server.ts'
import { inProcess } from './in-process.ts'
import { folderOf, shopFiles, sql } from './kit.ts'

/** The whole database as pg_dump writes it, rows and all, but for the oid by which its ledger remembers it. */
function textOf(url: string, major: 16 | 18 = 18): string {
  return (
    dumped(url, [], major)
      .replace(/(?<=^COPY skein\.meta .*\n(?:[^\t\n]+\t){5})\d+/m, 'oid')
      // PostgreSQL itself writes `varchar in (…)` in a second way once it has read its first one back.
      .replace(
        /\(ARRAY\[([^\]]*)\]\)::text\[\]/g,
        (_, list: string) =>
          `ARRAY[${list
            .split(', ')
            .map((one) => `(${one})::text`)
            .join(', ')}]`,
      )
  )
}

/** Every type and object of which a dump may lose something. */
const odd = `
create type mood as enum ('sad', 'it''s', 'Ä');
create type pair as (a int, "b B" text[]);
create domain positive as int check (value > 0);
create type span as range (subtype = timestamptz);
create schema "Odd ""schema";
create table "Odd ""schema"."Täble; drop" (
  "ID" int generated always as identity (start 100 increment 5) primary key,
  serial serial,
  "m M" mood[], c pair, d positive default 3, s span, j jsonb, x xml, b bytea, i inet, u uuid, n numeric(30, 10), f double precision,
  t timestamptz default now(), iv interval, bits bit varying(9), money money, arr int[][], tsv tsvector, p point, h int[] default '{}',
  g text generated always as ('<' || coalesce(n, 0)::text || '>') stored,
  unique (serial), exclude using gist (s with &&));
insert into "Odd ""schema"."Täble; drop" ("m M", c, s, j, x, b, i, u, n, f, t, iv, bits, money, arr, tsv, p) values
  ('{sad,"it''s",Ä,null}', row(1, '{"a,b",null,"\\"q\\""}'), '[2020-01-01 00:00+00,2020-01-02 00:00+00)', '{"a": [1, null, "\\u00e4\\n"]}', '<a>&amp;</a>',
   '\\x00ff0a5c', '10.0.0.0/8', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 12345678901234567890.0123456789, 'NaN', 'infinity', '1 mon -2 days', B'10110',
   1.5, '{{1,2},{3,null}}', 'fat:2A cat', '(1.5,-0)'),
  (null, null, 'empty', 'null', null, '', null, null, 'NaN', '-Infinity', '0001-01-01 00:00:00 BC+00', null, null, null, '[0:1]={7,8}', null, null);
insert into "Odd ""schema"."Täble; drop" (j) values (to_jsonb(E'\\\\. \\t \\r \\n'::text));
create sequence "Odd ""schema".counted start 7 cycle maxvalue 9; select nextval('"Odd ""schema".counted');
create table parts (k int, v text) partition by range (k);
create table parts_1 partition of parts for values from (0) to (10); create table parts_d partition of parts default;
insert into parts values (1, 'one'), (99, E'tab\\tand \\\\ and \\\\N');
create materialized view seen as select count(*) as n from parts;
create function twice(int) returns int language sql immutable as $f$ select $1 * 2 $f$;
create index on parts_1 (twice(k)); create view doubled as select twice(k) as k from parts;
create function noted() returns trigger language plpgsql as $f$ begin return new; end $f$;
create trigger noted before insert on parts_1 for each row execute function noted();
alter table parts_1 enable row level security; create policy mine on parts_1 using (k > 0);
comment on column parts.v is 'it''s -- not a comment; \\connect elsewhere';
create collation german (provider = icu, locale = 'de-DE'); create table collated (w text collate german);
create statistics k_v on k, v from parts_1; create unlogged table fast (a int); insert into fast values (1);
select lo_from_bytea(0, decode(repeat('00ff', 3000), 'hex')); comment on type mood is 'how one feels';`

describe.each(majors())('PostgreSQL %i', (major) => {
  const client = major > 16 ? 18 : 16

  it.each(['custom', 'sql', 'sql.gz'])('%s: odd types, names and objects come back to the letter', async (format) => {
    const { url } = await freshDatabase(major)
    const folder = folderOf(shopFiles())
    const run = (...args: string[]) => inProcess(folder, args, { env: { DATABASE_URL: url, SKEIN_PG_BIN: pgBin(client) } })
    expect(await run('up')).toMatchObject({ code: 0 })
    await sql(url, odd)
    const [before, large] = [textOf(url, client), 'select oid, md5(lo_get(oid)) as m from pg_largeobject_metadata']
    const largeBefore = await sql(url, large)
    expect(await run('backup', '--out', `b.${format}`, '--format', format)).toMatchObject({ code: 0, stderr: '' })
    await sql(url, `drop schema "Odd ""schema" cascade; drop table parts cascade; select lo_unlink(oid) from pg_largeobject_metadata`)
    const ran = await run('restore', `b.${format}`, '--yes')
    expect({ code: ran.code, said: ran.stderr }).toEqual({ code: 0, said: '' })
    expect(textOf(url, client)).toBe(before)
    expect(await sql(url, large)).toEqual(largeBefore)
    expect(await sql(url, `select nextval('"Odd ""schema".counted')::int as n`)).toEqual([{ n: 8 }])
  })
})

it.each(allExamples.map((example) => [nameOf(example), example] as const))(
  '%s: every database comes back to the letter',
  async (_, example) => {
    const cwd = copyOf(example.folder)
    const urls = new Map<string, string>()
    for (const variable of Object.keys(example.databases)) urls.set(variable, (await freshDatabase(18)).url)
    const env = {
      ...Object.fromEntries(urls),
      SKEIN_PG_BIN: pgBin(18),
      ...(example.environment === undefined ? {} : { SKEIN_ENV: example.environment }),
    }
    const run = (...args: string[]) => inProcess(cwd, args, { env })
    expect(await run('up')).toMatchObject({ code: 0 })
    const before = new Map([...urls].map(([variable, url]) => [variable, textOf(url)]))
    expect(await run('backup')).toMatchObject({ code: 0, stderr: '' })
    const files = readdirSync(cwd).filter((file) => file.endsWith('.dump'))
    expect(files).toHaveLength(urls.size)
    for (const url of urls.values()) await sql(url, 'drop schema skein cascade; create table later (id int)')
    for (const file of files) expect(await run('restore', file, '--yes')).toMatchObject({ code: 0, stderr: '' })
    for (const [variable, url] of urls) expect(textOf(url)).toBe(before.get(variable))
  },
  180_000,
)

it('50 MB of rows: custom and compressed text, each row as it was', async () => {
  const { url } = await freshDatabase(18)
  const folder = folderOf(shopFiles())
  const run = (...args: string[]) => inProcess(folder, args, { env: { DATABASE_URL: url, SKEIN_PG_BIN: pgBin(18) } })
  expect(await run('up')).toMatchObject({ code: 0 })
  // md5 does not compress, so that the files are large too.
  await sql(url, `insert into items select n, repeat(md5(n::text), 16), n / 7.0 from generate_series(1, 95000) n`)
  const content =
    "select count(*)::int as n, sum(length(name))::int / 1000000 as mb, md5(string_agg(md5(i::text), '' order by id)) as rows from items i"
  const before = await sql(url, content)
  expect(before).toMatchObject([{ n: 95_000, mb: 48 }])
  for (const file of ['b.dump', 'b.sql.gz']) {
    expect(await run('backup', '--out', file)).toMatchObject({ code: 0, stderr: '' })
    await sql(url, 'delete from items where id % 2 = 0; update items set price = 0')
    expect(await run('restore', join(folder, file), '--yes', '--drop-old')).toMatchObject({ code: 0, stderr: '' })
    expect(await sql(url, content)).toEqual(before)
  }
}, 180_000)
