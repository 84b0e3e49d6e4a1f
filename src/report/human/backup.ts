import type { Style } from '../style.ts'

/** What `backup` reports, as far as this page shows it. */
export interface BackupView {
  backups: { file: string; database: string; services: string[]; bytes: number; sha256: string; tool: string }[]
}

/** Each file with its size, hash and what is in it. */
export function humanBackup(view: BackupView, style: Style): string {
  return view.backups
    .map(
      (one) =>
        `${style.green('✓')} ${style.bold(one.file)} ${one.bytes} bytes, read back ${style.dim(`${one.database} by ${one.tool}`)}\n  sha256 ${one.sha256}\n  ${one.services.join(', ')}\n`,
    )
    .join('')
}
