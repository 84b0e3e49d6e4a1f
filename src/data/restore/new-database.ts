import { ident, literal } from '../../postgres/quote.ts'
import type { Session } from '../../postgres/session.ts'
import type { DatabaseFacts } from './database-facts.ts'

/** Names end at 63 bytes: what stands in front of `suffix` is cut, at a character. */
export function besides(name: string, suffix: string): string {
  let short = name
  while (Buffer.byteLength(short + suffix) > 63) short = Array.from(short).slice(0, -1).join('')
  return short + suffix
}

/**
 * Makes an empty database like another one: owner, encoding, locale, tablespace, rights, settings, comment. From template0, so that nothing is in it.
 * Throws what PostgreSQL says; the caller drops what is there of it.
 */
export async function createLike(session: Session, facts: DatabaseFacts, name: string): Promise<void> {
  await session.simple(createSql(facts, name))
  for (const text of [...propertiesSql(facts, name), ...facts.settings.map((one) => settingSql(one, name))]) await session.simple(text)
}

/** Drops it, disconnecting whoever is in it: a program that was stopped may take a moment to go. */
export async function dropNew(session: Session, name: string): Promise<void> {
  await session.simple(`drop database if exists ${ident(name)} with (force)`)
}

function createSql(facts: DatabaseFacts, name: string): string {
  const { provider, locale, icuRules } = facts
  const words = [
    `create database ${ident(name)} template template0 owner ${ident(facts.owner)} encoding ${literal(facts.encoding)}`,
    `lc_collate ${literal(facts.collate)} lc_ctype ${literal(facts.ctype)}`,
    provider === undefined ? '' : `locale_provider ${provider}`,
    provider === 'icu' && locale !== null ? `icu_locale ${literal(locale)}` : '',
    provider === 'builtin' && locale !== null ? `builtin_locale ${literal(locale)}` : '',
    icuRules === null ? '' : `icu_rules ${literal(icuRules)}`,
    facts.tablespace === null ? '' : `tablespace ${ident(facts.tablespace)}`,
    `connection limit ${facts.connectionLimit}`,
  ]
  return words.filter(Boolean).join(' ')
}

function propertiesSql({ grants, comment, owner }: DatabaseFacts, name: string): string[] {
  const database = `database ${ident(name)}`
  const texts = comment === null ? [] : [`comment on ${database} is ${literal(comment)}`]
  if (grants === null) return texts
  texts.push(`revoke all on ${database} from public, ${ident(owner)}`)
  for (const { grantee, right, grantable } of grants)
    texts.push(
      `grant ${right} on ${database} to ${grantee === null ? 'public' : ident(grantee)}${grantable && grantee !== owner ? ' with grant option' : ''}`,
    )
  return texts
}

/** `from current` writes lists such as search_path as PostgreSQL itself does. */
function settingSql({ role, setting }: DatabaseFacts['settings'][number], name: string): string {
  const at = setting.indexOf('=')
  const [key, value] = [setting.slice(0, at), setting.slice(at + 1)]
  const whose = role === null ? `database ${ident(name)}` : `role ${ident(role)} in database ${ident(name)}`
  const parameter = key.split('.').map(ident).join('.')
  return `begin;select set_config(${literal(key)}, ${literal(value)}, true);alter ${whose} set ${parameter} from current;commit`
}
