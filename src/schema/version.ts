/** What differs between the catalogues of PostgreSQL 13 to 18, as expressions: the only place that knows of versions. */
export interface Version {
  /** of pg_attribute a */
  columnCompression: string
  /** of pg_inherits i */
  detachPending: string
  /** of pg_constraint c */
  enforced: string
  /** of pg_range r */
  multirange: string
  /** of pg_collation c */
  collationLocale: string
  collationRules: string
  /** of pg_publication p */
  publishGenerated: string
  publishedTables: string
  publishedSchemas: string
}

/** The expressions for a server. Source: the release notes and src/include/catalog of 13 to 18. */
export function versionOf(serverVersion: number): Version {
  const major = Math.floor(serverVersion / 10_000)
  const since = (first: number, expression: string, before = 'null::text') => (major >= first ? expression : before)
  return {
    columnCompression: since(14, `nullif(a.attcompression::text, '')`),
    detachPending: since(14, 'nullif(i.inhdetachpending, false)', 'null::boolean'),
    enforced: since(18, 'c.conenforced', 'null::boolean'),
    multirange: since(14, 'r.rngmultitypid::regtype::text'),
    collationLocale: since(17, 'c.colllocale', since(15, 'c.colliculocale')),
    collationRules: since(16, 'c.collicurules'),
    publishGenerated: since(18, 'p.pubgencols::text'),
    publishedTables: since(15, publishedTables, publishedTablesBefore15),
    publishedSchemas: since(15, publishedSchemas, 'null::jsonb'),
  }
}

const publishedTables = `(select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('table', pr.prrelid::regclass::text,
    'where', pg_get_expr(pr.prqual, pr.prrelid), 'columns', (select jsonb_agg(a.attname order by a.attnum) from pg_attribute a
      where a.attrelid = pr.prrelid and a.attnum = any (pr.prattrs::int2[])))) order by pr.prrelid::regclass::text collate "C")
  from pg_publication_rel pr where pr.prpubid = p.oid)`

const publishedTablesBefore15 = `(select jsonb_agg(jsonb_build_object('table', pr.prrelid::regclass::text)
    order by pr.prrelid::regclass::text collate "C")
  from pg_publication_rel pr where pr.prpubid = p.oid)`

const publishedSchemas = `(select jsonb_agg(n.nspname order by n.nspname collate "C")
  from pg_publication_namespace pn join pg_namespace n on n.oid = pn.pnnspid where pn.pnpubid = p.oid)`
