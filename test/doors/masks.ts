/** What may differ between two runs, taken out of a transcript: in one place, so that nothing else goes unnoticed. */
export function mask(text: string, folder: string): string {
  return (
    text
      .replaceAll(folder, 'FOLDER')
      // Durations as Go writes them.
      .replace(/\((?:[0-9]+(?:\.[0-9]+)?(?:ns|µs|ms|h|m|s))+\)/g, '(TIME)')
      // The drivers a program was built with, in the order of a Go map.
      .replace(/^(Source|Database) drivers: .*$/gm, '$1 drivers: …')
      // Version of the program: a build without a tag says "dev".
      .replace(/^(?:dev|4\.19\.1 \(skein .*\))$/gm, 'VERSION')
      // Which name server said so.
      .replace(/(lookup \S+) on \S+:53:/g, '$1:')
      // The time of the recording in names that `create` makes.
      .replace(/\/times\/[0-9]{19}_/g, '/times/NANOSECONDS_')
      .replace(/\/times\/[0-9]{14}_/g, '/times/YYYYMMDDHHMMSS_')
      .replace(/\/times\/[0-9]{10}_/g, '/times/SECONDS_')
      .replace(/\/times\/[0-9]{4}-[0-9]{2}-[0-9]{2}_/g, '/times/YYYY-MM-DD_')
      .replace(/\/times\/[0-9]{4}[A-Z][a-z]{2}_[A-Z][a-z]+day_/g, '/times/YYYYMon_Weekday_')
      .replace(/\/times\/[0-9]{4}_/g, '/times/YYYY_')
      .replace(/duplicate migration version: [0-9]{4}$/gm, 'duplicate migration version: YYYY')
  )
}
