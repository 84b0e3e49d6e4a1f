/** Where a verb leaves its exit code; 0 unless it says otherwise. */
export interface Outcome {
  exit: number
}
