import type { Node } from 'jsonc-parser'
import type { Finding, Severity } from '../../../model/finding.ts'
import { nearest } from '../../../util/nearest.ts'
import { finding, type SourceRule } from '../../rules.ts'
import { type JsonFile, members } from './parse-json.ts'
import { placeAt } from './place.ts'

/** Reads typed values out of one file; what does not fit becomes a finding at its place, and the value is left out. */
export interface Reader {
  file: JsonFile
  say: (rule: SourceRule, severity: Severity, node: Node, message: string, remedy?: string) => void
  /** `what` is the subject of the sentence: `depends_on of 000001_initial`. */
  text: (node: Node, what: string) => string | undefined
  flag: (node: Node, what: string) => boolean | undefined
  /** A list of texts with their places; wrong items are left out. */
  texts: (node: Node, what: string) => { text: string; node: Node }[]
  /** An object's members. One like a known key is a typo and an error; any other is a note of the team's own and a warning. */
  object: (node: Node, what: string, known: readonly string[]) => Map<string, Node>
}

/** A {@link Reader} that puts what it finds wrong into `findings`. */
export function readerOf(file: JsonFile, findings: Finding[]): Reader {
  const reader: Reader = {
    file,
    say: (rule, severity, node, message, remedy) =>
      void findings.push({ ...finding({ rule, severity, message, remedy }), place: placeAt(file.file, file.text, node.offset) }),
    text: (node, what) => (node.type === 'string' ? String(node.value) : wrong(node, what, 'a text')),
    flag: (node, what) => (node.type === 'boolean' ? node.value === true : wrong(node, what, 'true or false')),
    texts(node, what) {
      if (node.type !== 'array') return wrong(node, what, 'a list of texts') ?? []
      return (node.children ?? []).flatMap((child) => {
        const text = reader.text(child, `an item of ${what}`)
        return text === undefined ? [] : [{ text, node: child }]
      })
    },
    object(node, what, known) {
      if (node.type !== 'object') return wrong(node, what, 'an object') ?? new Map<string, Node>()
      const found = new Map<string, Node>()
      for (const { name, key, value } of members(node)) {
        if (known.includes(name)) found.set(name, value)
        else if (!/^[_$]/.test(name)) unknownKey(name, key, what, known)
      }
      return found
    },
  }
  return reader

  function wrong(node: Node, what: string, expected: string): undefined {
    const given = node.type === 'array' ? 'a list' : node.type === 'object' ? 'an object' : `${JSON.stringify(node.value)?.slice(0, 40)}`
    reader.say('DEPENDENCIES-TYPE', 'error', node, `${what} is ${given}, and ${expected} is expected`)
    return undefined
  }

  function unknownKey(name: string, key: Node, what: string, known: readonly string[]): void {
    const guess = nearest(name, known)
    const remedy = guess === undefined ? `known here: ${known.join(', ')}; a key that begins with _ is left alone` : undefined
    const message = `nobody knows the key ${name} of ${what}${guess === undefined ? '' : ` (did you mean ${guess}?)`}`
    reader.say('DEPENDENCIES-KEY', guess === undefined ? 'warning' : 'error', key, message, remedy)
  }
}
