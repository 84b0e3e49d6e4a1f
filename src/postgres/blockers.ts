import type { Blocker } from '../model/run.ts'
import { blockerColumns, blockerOf, type BlockerRow } from './blocker-rows.ts'
import type { Session } from './session.ts'

/**
 * Who stands in the way of the session `pid`, seen from another session on the same server: those that hold what it waits for, those that queue
 * before it, and prepared transactions (pid 0). One round trip; takes no lock but the lock manager's own, for an instant. Mode and relation are
 * those of the blocker's lock on what is waited for; a relation of another database is shown by its oid.
 * Source: PostgreSQL 18 manual, pg_blocking_pids(), pg_locks, pg_prepared_xacts; src/backend/access/transam/twophase.c: a prepared
 * transaction's virtual transaction has the process number -1 and, up to PostgreSQL 16, its own xid as second half.
 */
export async function blockersOf(watcher: Session, pid: number): Promise<Blocker[]> {
  const rows = await watcher.query<BlockerRow>(select, [pid])
  return rows.map(blockerOf)
}

const sameObject = `l.locktype = w.locktype and l.database is not distinct from w.database and l.relation is not distinct from w.relation
    and l.page is not distinct from w.page and l.tuple is not distinct from w.tuple and l.virtualxid is not distinct from w.virtualxid
    and l.transactionid is not distinct from w.transactionid and l.classid is not distinct from w.classid
    and l.objid is not distinct from w.objid and l.objsubid is not distinct from w.objsubid`

const relationName = `case when l.relation is null then null
    when l.database in (0, (select oid from pg_database where datname = current_database())) then l.relation::regclass::text
    else l.relation::text end`

const select = `with l as materialized (select * from pg_locks),
w as (select * from l where pid = $1 and not granted),
blocking as (select distinct unnest(pg_blocking_pids($1)) as pid),
held as (
  select distinct on (l.pid) l.pid, l.mode, ${relationName} as relation
  from l join w on ${sameObject}
  where l.pid <> $1
  order by l.pid, l.granted desc, case l.mode when 'AccessExclusiveLock' then 8 when 'ExclusiveLock' then 7 when 'ShareRowExclusiveLock' then 6
    when 'ShareLock' then 5 when 'ShareUpdateExclusiveLock' then 4 when 'RowExclusiveLock' then 3 when 'RowShareLock' then 2 else 1 end desc
)
select ${blockerColumns('h.mode', 'h.relation')}
from blocking b join pg_stat_activity a on a.pid = b.pid left join held h on h.pid = b.pid
union all
select 0, p.owner::text, null, null, 'prepared transaction ' || p.gid, extract(epoch from clock_timestamp() - p.prepared)::text, x.mode, x.relation, null, null
from pg_prepared_xacts p join (
  select distinct on (o.virtualtransaction) o.virtualtransaction, l.mode, ${relationName} as relation,
    coalesce((select t.transactionid::text from l t where t.virtualtransaction = o.virtualtransaction and t.pid is null and t.locktype = 'transactionid' and t.granted limit 1),
      split_part(o.virtualtransaction, '/', 2)) as xid
  from l join w on ${sameObject} join l o on o.virtualtransaction = l.virtualtransaction and o.pid is null
  where l.pid is null and l.granted
  order by o.virtualtransaction, l.mode
) x on x.xid = p.transaction::text
where exists (select from blocking where pid = 0)
order by 1`
