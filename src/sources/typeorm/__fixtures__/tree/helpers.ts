/** Text of a check constraint. */
export const positive = (column: string) => `"${column}" > 0`
export interface Column { name: string }
export enum Kind { a = 'a' }
