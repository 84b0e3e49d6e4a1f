import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'

export type ChecksumKind = 'sha256' | 'sha1' | 'md5' | 'crc32'

/**
 * By which sum of the raw bytes a recorded checksum is that of the file, or null. Home-made runners do not say which they use, so the four
 * usual ones are tried: hex in either case, also after a `sha256:`; a CRC-32 also without its leading zeros, or as a decimal number.
 */
export function checksumFits(recorded: string, bytes: Uint8Array): ChecksumKind | null {
  const sum = recorded
    .trim()
    .toLowerCase()
    .replace(/^(sha-?256|sha-?1|md5|crc-?32)[:=-]/, '')
  for (const kind of ['sha256', 'sha1', 'md5'] as const) {
    if (sum === createHash(kind).update(bytes).digest('hex')) return kind
  }
  const crc = crc32(bytes)
  const spellings = [crc.toString(16), crc.toString(16).padStart(8, '0'), String(crc)]
  return spellings.includes(sum.replace(/^0x/, '')) ? 'crc32' : null
}
