import { sources } from '../sources/index.ts'
import type { Folder } from '../util/folder.ts'
import { type Foreign, recogniseForeign } from './foreign.ts'
import { tools } from './tools.ts'

export interface Candidate {
  tool: string
  evidence: string[]
}

/** Which tool the files of a service are for. */
export type Detection =
  | ({ kind: 'tool' } & Candidate)
  | { kind: 'ambiguous'; candidates: Candidate[] }
  /** A tool that this version knows and cannot run. */
  | ({ kind: 'foreign' } & Foreign)
  /** Nothing fits; `seen` are some of the names that were there. */
  | { kind: 'none'; seen: string[] }

/** Tells the tool from files alone: the source that recognises the folders most surely, over all folders together. Throws SOURCE-UNREADABLE. */
export function detectTool(folders: readonly Folder[]): Detection {
  const scored = [...tools.values()].map((tool) => {
    const source = sources.get(tool.source)
    const found = source === undefined ? [] : folders.map((folder) => source.recognise(folder))
    return {
      tool: tool.name,
      score: found.reduce((sum, one) => sum + one.score, 0),
      evidence: found.flatMap((one) => one.evidence).slice(0, 3),
    }
  })
  const most = Math.max(...scored.map((one) => one.score))
  if (most > 0) {
    const candidates = scored.filter((one) => one.score === most).map(({ tool, evidence }) => ({ tool, evidence }))
    const [first] = candidates
    return candidates.length === 1 && first !== undefined ? { kind: 'tool', ...first } : { kind: 'ambiguous', candidates }
  }
  for (const folder of folders) {
    const foreign = recogniseForeign(folder)
    if (foreign !== undefined) return { kind: 'foreign', ...foreign }
  }
  return {
    kind: 'none',
    seen: folders
      .flatMap((folder) => folder.entries().map((entry) => (entry.type === 'folder' ? `${entry.name}/` : entry.name)))
      .slice(0, 6),
  }
}

/** What to say, and under which code, when a detection does not give a tool. `line` is the start of the line to add: `tool: `. */
export function detectionFailure(
  detection: Exclude<Detection, { kind: 'tool' }>,
  service: string,
  where: string,
): { code: 'TOOL-AMBIGUOUS' | 'TOOL-UNKNOWN' | 'TOOL-UNSUPPORTED'; message: string; hint: string } {
  if (detection.kind === 'ambiguous') {
    const each = detection.candidates.map((one) => `${one.tool} (${one.evidence.join(', ')})`)
    const lines = detection.candidates.map((one) => `tool: ${one.tool}`)
    return {
      code: 'TOOL-AMBIGUOUS',
      message: `the files of ${service} in ${where} fit ${detection.candidates.length} tools: ${each.join('; ')}`,
      hint: `say which one in skein.yaml, under services.${service}: ${lines.join('   or   ')}`,
    }
  }
  if (detection.kind === 'foreign')
    return {
      code: 'TOOL-UNSUPPORTED',
      message: `${where} holds ${detection.tool} migrations (${detection.evidence.join(', ')}), which this version cannot run`,
      hint: `leave it out of the workspace and go on with ${detection.tool} itself; this version runs ${[...tools.keys()].join(', ')}`,
    }
  const seen = detection.seen.length === 0 ? 'it is empty' : `it has ${detection.seen.join(', ')}`
  return {
    code: 'TOOL-UNKNOWN',
    message: `the tool of ${service} cannot be told from the files in ${where}: ${seen}`,
    hint: `check the path, or say it in skein.yaml, under services.${service}: tool: ${[...tools.keys()].join(' | ')}`,
  }
}
