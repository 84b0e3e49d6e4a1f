import { longest } from './limits.ts'

/** A revision id as Alembic takes it; undefined for what cannot be one. Blanks and slashes, which a path has and an id never, are no id either. */
export function parseVersion(text: string): string | undefined {
  return isRevisionId(text) && /^[^\s/\\:]+$/.test(text) && Array.from(text).length <= longest ? text : undefined
}

/** Alembic refuses `@`, `-` and `+`, which mean something in what people type (script/revision.py, verify_rev_id). */
export function isRevisionId(text: string): boolean {
  return text !== '' && !/[@\-+]/.test(text)
}

/** `create account` out of "Create account\n\nRevision ID: …", as Alembic makes slugs for file names; else what the file name says behind the id. */
export function titleOf(docstring: string | undefined, fileName: string, revision: string): string {
  const [firstLine = ''] = (docstring ?? '').trim().split(/\r?\n/)
  const words = slug(firstLine)
  if (words !== '') return words
  const base = fileName.replace(/\.py$/, '')
  const at = base.indexOf(revision)
  return slug(at < 0 ? base : base.slice(at + revision.length)).replace(/^_+/, '')
}

function slug(text: string): string {
  const words = (text.match(/[\p{L}\p{N}_]+/gu) ?? []).join('_').toLowerCase()
  // Alembic's default truncate_slug_length; it cuts at a word.
  if (words.length <= 40) return words
  const cut = words.slice(0, 40)
  const lastWord = cut.lastIndexOf('_')
  return lastWord > 0 ? cut.slice(0, lastWord) : cut
}
