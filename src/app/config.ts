import { runDefaults } from '../execute/options.ts'
import type { Place } from '../model/errors.ts'
import type { Ports } from '../model/ports.ts'
import type { Demand, Service } from '../model/service.ts'
import { redact } from '../postgres/redact.ts'
import { relativeLabel } from '../util/folder.ts'
import { selectServices } from '../workspace/select.ts'
import { loadWorkspace, type Workspace } from '../workspace/workspace.ts'
import { databaseSetting } from './database-setting.ts'
import type { RunRequest } from './request.ts'
import { seedFolders } from './seed/find-seeds.ts'
import type { Setting } from './setting.ts'

export interface ConfigRequest extends RunRequest {
  /** Who said `timeoutMs`. */
  timeoutBy?: '--timeout' | 'MIGRATION_TIMEOUT'
}

export interface ConfigResult {
  root: string
  /** The workspace file; null when the services were detected. */
  file: string | null
  environment: Setting
  /** `timeout`, `lock-timeout`, `lock-wait`, `statement-timeout` in milliseconds, and `jobs`. */
  run: Record<string, Setting>
  services: { name: string; aliases: readonly string[]; settings: Record<string, Setting> }[]
}

/** What is in force for each service, and where each value came from. Opens no database, starts no server, reads no SQL. Throws what reading the workspace throws. */
export async function config(request: ConfigRequest, ports: Ports): Promise<ConfigResult> {
  const { env } = ports
  const workspace = await loadWorkspace({ cwd: ports.cwd, file: request.file, env, environment: request.environment })
  const selected = selectServices(workspace.services, request.services)
  const by = request.environment === undefined ? 'SKEIN_ENV' : '--env'
  return {
    root: workspace.root,
    file: workspace.file ?? null,
    environment: { value: workspace.environment ?? null, from: workspace.environment === undefined ? 'default' : by },
    run: runSettings(request),
    services: selected.map((service) => ({
      name: service.name,
      aliases: service.aliases,
      settings: settingsOf(service, workspace, databaseSetting(service, request, env)),
    })),
  }
}

function runSettings(request: ConfigRequest): Record<string, Setting> {
  const given = (value: number | undefined, from: string, otherwise: number | null): Setting =>
    value === undefined ? { value: otherwise, from: 'default' } : { value, from }
  return {
    timeout: given(request.timeoutMs, request.timeoutBy ?? '--timeout', null),
    'lock-timeout': given(request.lockTimeoutMs, '--lock-timeout', runDefaults.lockTimeoutMs),
    'lock-wait': given(request.lockBudgetMs, '--lock-wait', runDefaults.lockBudgetMs),
    'statement-timeout': given(request.statementTimeoutMs, '--statement-timeout', runDefaults.statementTimeoutMs),
    jobs: given(request.jobs, '--jobs', runDefaults.jobs),
  }
}

function settingsOf(service: Service, workspace: Workspace, database: Setting): Record<string, Setting> {
  const said = workspace.said.get(service.name) ?? {}
  // Without a file the places of what was detected are folders.
  const detected = workspace.file === undefined
  const from = (key: string, otherwise = 'default') => (said[key] === undefined || detected ? otherwise : text(said[key]))
  const { history, policies, restrictions, demands } = service
  const allowed = (by: { key: string; place: Place } | undefined): Setting =>
    by === undefined ? { value: true, from: 'default' } : { value: false, from: `${text(by.place)} (${by.key})` }
  const demanded = (by: Demand | undefined): Setting =>
    by === undefined ? { value: null, from: 'default' } : { value: by.from, from: `${text(by.place)} (${by.key})` }
  return {
    path: { value: service.paths.map((path) => relativeLabel(path, workspace.root)), from: from('path', 'told from the files') },
    tool: { value: service.tool, from: from('tool', 'told from the files') },
    table: { value: [history.schema, history.table].filter((part) => part !== undefined).join('.'), from: from('table') },
    ...(history.service === undefined
      ? {}
      : { service_value: { value: history.service, from: from('service_value', 'told from the files') } }),
    database,
    role: { value: service.role ?? null, from: from('role') },
    schema: { value: service.schema ?? null, from: from('schema') },
    ledger: { value: service.ledgerSchema, from: from('ledger') },
    tier: { value: service.tier ?? null, from: from('tier') },
    needs: {
      value: service.needs.map(({ service: name, version }) => (version === undefined ? name : `${name}@${version}`)),
      from: from('needs'),
    },
    lock_keys: { value: history.lockKeys.map(String), from: from('lock_keys') },
    environments: { value: service.environments ?? [], from: from('environments', 'told from the files') },
    changed: { value: policies.changed, from: from('changed') },
    'out-of-order': { value: policies.outOfOrder, from: from('out-of-order') },
    ahead: { value: policies.ahead, from: from('ahead') },
    'allow.destructive': allowed(restrictions?.destructive),
    'allow.reset': allowed(restrictions?.reset),
    approve: demanded(demands?.approve),
    backup: demanded(demands?.backup),
    seeds: {
      value: seedFolders(service, workspace.services).map((path) => relativeLabel(path, workspace.root)),
      from: from('seeds', 'told from the files'),
    },
    hooks: { value: (service.hooks ?? []).map(({ moment, name }) => `${moment} ${name}`), from: from('hooks') },
    runtime: { value: Object.entries(service.runtime ?? {}).map(([key, value]) => `${key}=${redact(value)}`), from: from('runtime') },
  }
}

function text({ file, line }: Place): string {
  return line === undefined ? file : `${file}:${line}`
}
