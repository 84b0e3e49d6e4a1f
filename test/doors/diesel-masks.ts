/** What may differ between the tool and the door in one situation, taken out: in one place, so that nothing else goes unnoticed. */
export function mask(text: string, { folder, database, port }: { folder: string; database: string; port: string }): string {
  return (
    text
      .replaceAll(folder, 'FOLDER')
      .replaceAll(database, 'DATABASE')
      .replaceAll(`port ${port}`, 'port PORT')
      // The time of the making, in names that `generate` makes; folders of the situations are older.
      .replace(/20(?:2[5-9]|[3-9][0-9])-[0-9]{2}-[0-9]{2}-[0-9]{6}_/g, 'YYYY-MM-DD-HHMMSS_')
      // The time of a line of its log.
      .replace(/20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:.]{15}Z/g, 'TIME')
      // The tool prints the whole URL, with its password; the door takes that out.
      .replace(/via `[^`]*`/g, 'via `URL`')
  )
}
