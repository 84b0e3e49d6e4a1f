import type { Ports } from '../model/ports.ts'
import { editHistory, type EditReport } from './edit-history.ts'
import { onlyService } from './force.ts'
import type { Looked } from './look.ts'
import type { RunRequest } from './request.ts'

/**
 * What golang-migrate's drop does (v4.19.1, database/postgres/postgres.go, Drop): every base table of current_schema() goes with all that hangs on it,
 * whoever made it; views, types and functions that stand on no table stay. Here it is one transaction, in which the ledger learns that nothing of this
 * service is applied any more. Takes the service's locks and ACCESS EXCLUSIVE on the tables. Throws USAGE unless exactly one service is meant.
 */
export async function dropTables(request: RunRequest, ports: Ports): Promise<EditReport> {
  return editHistory('drop', request, ports, (found) => {
    const service = onlyService(found)
    const looked = found.looked.get(service) as Looked
    const recorded = looked.ledger?.applied.map((row) => row.version) ?? []
    const halfDone = looked.ledger?.journal.map((row) => row.version) ?? []
    return [{ service, add: [], remove: [...new Set([...recorded, ...halfDone])], tool: false, before: dropBaseTables }]
  })
}

/** A minute for the locks of all of them: nobody will read these tables again, so queueing before their readers does no harm. */
const dropBaseTables = `set local lock_timeout = '60s';
do $drop$
declare
  name text;
begin
  for name in select table_name from information_schema.tables where table_schema = current_schema() and table_type = 'BASE TABLE' loop
    execute format('drop table if exists %I.%I cascade', current_schema(), name);
  end loop;
end
$drop$;
`
