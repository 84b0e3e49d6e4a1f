-- What the catalogue says of the tables in $1 (schema) whose names are in $2: one row for each fact, in a fixed order.
select fact from (
  select c.relname as table_name, 1 as kind, a.attnum::integer as position,
         format('%s column %s %s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                case when a.attnotnull then ' not null' else '' end,
                coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')) as fact
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
   where c.relnamespace = $1::regnamespace and c.relname = any ($2)
  union all
  -- From version 18 on "not null" is a constraint with a name ('n'); the column says it as well.
  select c.relname, 2, 0, format('%s constraint %s %s', c.relname, k.conname, pg_get_constraintdef(k.oid))
    from pg_class c
    join pg_constraint k on k.conrelid = c.oid and k.contype <> 'n'
   where c.relnamespace = $1::regnamespace and c.relname = any ($2)
  union all
  select c.relname, 3, 0, pg_get_indexdef(i.indexrelid)
    from pg_class c
    join pg_index i on i.indrelid = c.oid
   where c.relnamespace = $1::regnamespace and c.relname = any ($2)
  union all
  select c.relname, 4, 0, format('%s sequence %s owned by column %s', c.relname, s.relname, d.refobjsubid)
    from pg_class c
    join pg_depend d on d.refobjid = c.oid and d.refclassid = 'pg_class'::regclass and d.classid = 'pg_class'::regclass and d.deptype = 'a'
    join pg_class s on s.oid = d.objid and s.relkind = 'S'
   where c.relnamespace = $1::regnamespace and c.relname = any ($2)
) facts
order by table_name collate "C", kind, position, fact collate "C"
