/** One thing that is in force, and where it came from: `skein.yaml:12`, a flag, a variable, `default`, `told from the files`. Never a secret. */
export interface Setting {
  value: string | number | boolean | readonly string[] | null
  from: string
  /** Why there is no value. */
  problem?: string
}
