import type { Detection } from '../detect.ts'

/** Something that was concluded, and from what. */
export interface Concluded {
  text: string
  /** One clause for a comment; undefined where a person said it. */
  because?: string
}

/** A need that was found in the files. */
export interface InitNeed {
  service: string
  /** Undefined: the whole service. */
  version?: string
  because: string
}

/** A migrations folder that `init` found, and what is concluded of it. */
export interface InitService {
  name: string
  /** Relative to the workspace, forward slashes. */
  path: string
  /** The part of the path that it is called after, as it is written. */
  folder: string
  /** What the names of the files say of the tool. */
  detection: Exclude<Detection, { kind: 'none' }>
  /** The tool where the files fit several. */
  tool?: Concluded
  aliases: string[]
  table?: Concluded
  tier?: string
  /** What its `database:` says; undefined: that of the workspace. */
  database?: string
  needs: InitNeed[]
  /** What a person has to know or decide, one line each. */
  remarks: string[]
}

/** All that goes into a workspace file. */
export interface InitWorkspace {
  services: InitService[]
  /** Undefined: every service has its own. */
  database?: Concluded
  /** Why every service has its own. */
  apart?: string
  tiers?: { names: string[]; because: string }
}

/** The tool that is to be written; undefined where none can be. */
export function toolOf({ tool, detection }: InitService): string | undefined {
  return tool?.text ?? (detection.kind === 'tool' ? detection.tool : undefined)
}
