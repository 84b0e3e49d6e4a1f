/** What `health` knows, as far as this page shows it. */
export interface MetricsView {
  ready: boolean
  services: {
    service: string
    tool: string
    ready: boolean
    reachable: boolean
    applied: number
    pending: number
    failed: number
    ahead: number
    lockHeld: boolean
    lastSuccess: { at: string; seconds: number } | null
  }[]
}

type One = MetricsView['services'][number]

/** Every metric: its help, and its value for a service; undefined leaves it out, and so do counts of a database that did not answer. */
const metrics: Record<string, { help: string; value: (one: One) => number | undefined }> = {
  skein_up: { help: 'Whether the database of the service answered.', value: (one) => Number(one.reachable) },
  skein_ready: { help: 'Whether the database has all that these files need.', value: (one) => Number(one.ready) },
  skein_migrations_applied: { help: 'Migrations in the database.', value: (one) => known(one, one.applied) },
  skein_migrations_pending: { help: 'Migrations that up would run.', value: (one) => known(one, one.pending) },
  skein_migrations_failed: { help: 'Migrations that broke off.', value: (one) => known(one, one.failed) },
  skein_migrations_ahead: { help: 'Migrations in the database without a file here.', value: (one) => known(one, one.ahead) },
  skein_lock_held: { help: 'Whether somebody runs migrations of the service now.', value: (one) => known(one, Number(one.lockHeld)) },
  skein_last_success_timestamp_seconds: {
    help: 'When the last run that ended well did so, in Unix time.',
    value: (one) => (one.lastSuccess === null ? undefined : Date.parse(one.lastSuccess.at) / 1_000),
  },
  skein_last_success_duration_seconds: { help: 'How long that run took.', value: (one) => one.lastSuccess?.seconds },
}

/** Health in Prometheus' text format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/): gauges with `service` and `tool`. */
export function prometheus(health: MetricsView): string {
  const lines: string[] = []
  for (const [name, { help, value }] of Object.entries(metrics)) {
    const samples = health.services.flatMap((one) => {
      const number = value(one)
      return number === undefined ? [] : [`${name}{service="${escaped(one.service)}",tool="${escaped(one.tool)}"} ${number}`]
    })
    if (samples.length > 0) lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...samples)
  }
  return `${lines.join('\n')}\n`
}

function known({ reachable }: One, value: number): number | undefined {
  return reachable ? value : undefined
}

function escaped(label: string): string {
  return label.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')
}
