import fc from 'fast-check'
import type { Need, Policies } from '../../src/model/service.ts'
import { type File, toolNames, versionOf } from './tools.ts'
import type { ServiceWorld } from './world.ts'

export const tiers = ['low', 'high']
const names = ['a', 'b', 'c', 'd', 'e']

/** A small platform without circles: needs lead to services earlier in the list, whose names are in any order. Nothing is applied. */
export const platforms = fc
  .record({
    names: fc.shuffledSubarray(names, { minLength: 1 }),
    services: fc.array(
      fc.record({
        tool: fc.constantFrom(...toolNames),
        tier: fc.option(fc.nat(1), { nil: undefined }),
        files: fc.array(fileShapes(), { maxLength: 5, size: 'max' }),
        outOfOrder: fc.constantFrom<Policies['outOfOrder']>('error', 'run', 'ignore'),
        changed: fc.constantFrom<Policies['changed']>('error', 'warn', 'redo'),
        ahead: fc.constantFrom<Policies['ahead']>('error', 'ok'),
        needs: fc.array(needShapes(), { maxLength: 2, size: 'max' }),
      }),
      { minLength: 5, maxLength: 5 },
    ),
  })
  .map(({ names: chosen, services }): ServiceWorld[] => {
    const world: ServiceWorld[] = []
    for (const [index, name] of chosen.entries()) {
      const shape = services[index]
      if (shape === undefined) continue
      const { tool, outOfOrder, changed, ahead } = shape
      const policies: Policies = { outOfOrder, changed, ahead }
      const service: ServiceWorld = {
        name,
        tool,
        needs: [],
        own: new Map(),
        policies,
        files: [],
        ever: new Map(),
        rows: [],
        ledger: null,
        seq: 0,
        done: new Set(),
      }
      // Tiers follow the list, so that they and needs do not contradict each other.
      if (shape.tier !== undefined) service.tier = tiers[index < chosen.length / 2 ? 0 : 1]
      for (const [place, file] of shape.files.entries()) addFile(service, place * 2, file)
      for (const need of index === 0 ? [] : shape.needs) addNeed(service, world[need.to % index], need)
      world.push(service)
    }
    return world
  })

/** A new file in a slot that has none. A revision stands on one or two that are there, or on nothing. */
export function addFile(
  service: ServiceWorld,
  slot: number,
  { hollow, parents }: { hollow: boolean; parents: readonly number[] },
): boolean {
  const slots = service.files.map((file) => file.slot)
  if (slots.includes(slot)) return false
  const version = versionOf[service.tool] ?? String
  if (service.ever.has(version(slot))) return false
  const wanted = slots.length === 0 ? [] : [...new Set(parents.map((number) => slots[number % slots.length] ?? 0))]
  // Alembic drops a parent that another one stands on.
  const kept = wanted.filter((one) => !wanted.some((other) => other !== one && standsOn(service, version(other), version(one))))
  const file: File = { slot, edition: 0, hollow, parents: service.tool === 'alembic' ? kept : [] }
  service.files = [...service.files, file]
  service.ever.set(version(slot), file.parents.map(version))
  return true
}

function standsOn(service: ServiceWorld, above: string, below: string): boolean {
  return (service.ever.get(above) ?? []).some((parent) => parent === below || standsOn(service, parent, below))
}

function addNeed(service: ServiceWorld, needed: ServiceWorld | undefined, { version, at }: { version?: number; at?: number }): void {
  if (needed === undefined) return
  const file = version === undefined ? undefined : needed.files[version]
  const wanted = file === undefined ? {} : { version: versionOf[needed.tool]?.(file.slot) ?? '' }
  const need: Need = { service: needed.name, because: 'needs', ...wanted }
  const own = at === undefined ? undefined : service.files[at]
  if (own === undefined) service.needs = [...service.needs, need]
  else service.own.set(own.slot, [...(service.own.get(own.slot) ?? []), need])
}

function needShapes() {
  const maybe = (max: number) => fc.option(fc.nat(max), { nil: undefined })
  return fc.record({ to: fc.nat(3), version: maybe(3), at: maybe(3) })
}

export function fileShapes() {
  return fc.record({ hollow: fc.nat(14).map((n) => n === 14), parents: fc.array(fc.nat(5), { maxLength: 2, size: 'max' }) })
}
