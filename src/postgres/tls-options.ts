import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import { SkeinError } from '../model/errors.ts'
import type { ConnectionSpec, Host } from './session.ts'

/**
 * libpq's `sslmode` in Node's words: a root certificate, given or in `~/.postgresql`, is always checked against (so `require` with one is
 * `verify-ca`); the host name only by `verify-full`; without one `verify-ca` and `verify-full` refuse to start. Reads the files.
 * Throws CONNECT-TLS naming the file. Source: PostgreSQL 18 manual, "SSL Support" of libpq.
 */
export function tlsOptions({ sslmode, ssl }: ConnectionSpec, { host }: Host): ConnectionOptions {
  const system = ssl.rootcert === 'system'
  const ca = ssl.rootcert === undefined || system ? undefined : read(ssl.rootcert, 'root certificate')
  const must = sslmode === 'verify-ca' || sslmode === 'verify-full'
  if (must && ca === undefined && !system) {
    throw new SkeinError('CONNECT-TLS', {
      message: `sslmode=${sslmode} needs a root certificate, and there is none in ~/.postgresql/root.crt`,
      hint: "name one with sslrootcert=FILE, or use sslrootcert=system with the system's own",
    })
  }
  const options: ConnectionOptions = { host, rejectUnauthorized: must || ca !== undefined }
  if (sslmode !== 'verify-full') options.checkServerIdentity = () => undefined
  if (ca !== undefined) options.ca = ca
  if (ca !== undefined && ssl.crl !== undefined) options.crl = read(ssl.crl, 'certificate revocation list')
  if (ssl.cert !== undefined && ssl.key !== undefined) {
    options.cert = read(ssl.cert, 'certificate')
    options.key = read(ssl.key, 'private key')
    if (ssl.keyPassword !== undefined) options.passphrase = ssl.keyPassword
  }
  if (ssl.minVersion !== undefined) options.minVersion = ssl.minVersion
  if (ssl.maxVersion !== undefined) options.maxVersion = ssl.maxVersion
  return options
}

function read(path: string, what: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error'
    throw new SkeinError('CONNECT-TLS', {
      message: `the ${what} ${path} cannot be read (${code})`,
      hint: 'check sslrootcert, sslcert and sslkey',
      cause,
    })
  }
}
