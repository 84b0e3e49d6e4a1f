import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { invalidUrl } from './invalid-url.ts'
import type { ConnectionSpec } from './session.ts'

const modes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const

/**
 * The TLS part of a connection, with libpq's defaults: `prefer`, and the files of `~/.postgresql` where they exist. Reads no file.
 * Throws URL-INVALID for values and combinations that libpq refuses.
 * Source: PostgreSQL 18 manual, "SSL Support" of libpq.
 */
export function sslSettings(
  values: Readonly<Record<string, string>>,
  where: string,
  home: string,
): Pick<ConnectionSpec, 'sslmode' | 'ssl'> {
  const system = values.sslrootcert === 'system'
  const wanted = values.sslmode ?? (system ? 'verify-full' : 'prefer')
  const sslmode = modes.find((mode) => mode === wanted)
  if (sslmode === undefined) {
    throw invalidUrl(
      where,
      'sslmode cannot be what it says',
      wanted === 'no-verify' ? 'PostgreSQL calls it sslmode=require' : `one of ${modes.join(', ')}`,
    )
  }
  if (system && sslmode !== 'verify-full') throw invalidUrl(where, 'sslrootcert=system needs sslmode=verify-full')
  const negotiation = values.sslnegotiation ?? 'postgres'
  if (negotiation !== 'postgres' && negotiation !== 'direct')
    throw invalidUrl(where, 'sslnegotiation cannot be what it says', 'postgres or direct')
  if (negotiation === 'direct' && ['disable', 'allow', 'prefer'].includes(sslmode)) {
    throw invalidUrl(where, 'sslnegotiation=direct needs sslmode=require, verify-ca or verify-full')
  }
  const binding = values.channel_binding ?? 'prefer'
  if (binding !== 'disable' && binding !== 'prefer' && binding !== 'require') {
    throw invalidUrl(where, 'channel_binding cannot be what it says', 'disable, prefer or require')
  }
  const minVersion = tlsVersion('ssl_min_protocol_version', values, where)
  const maxVersion = tlsVersion('ssl_max_protocol_version', values, where)
  const file = (key: string, name: string) => values[key] ?? present(join(home, '.postgresql', name))
  const ssl = {
    rootcert: file('sslrootcert', 'root.crt'),
    cert: file('sslcert', 'postgresql.crt'),
    key: file('sslkey', 'postgresql.key'),
    crl: file('sslcrl', 'root.crl'),
    keyPassword: values.sslpassword,
    negotiation,
    channelBinding: binding,
    minVersion,
    maxVersion,
  } satisfies ConnectionSpec['ssl']
  return { sslmode, ssl }
}

function tlsVersion(key: string, values: Readonly<Record<string, string>>, where: string) {
  const versions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const
  const value = values[key]
  if (value === undefined || value === '') return undefined
  const found = versions.find((version) => version === value)
  if (found === undefined) throw invalidUrl(where, `${key} cannot be what it says`, `one of ${versions.join(', ')}`)
  return found
}

function present(path: string): string | undefined {
  return existsSync(path) ? path : undefined
}
