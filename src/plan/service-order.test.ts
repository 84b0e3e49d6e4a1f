import { expect, it } from 'vitest'
import { serviceOrder, withDependants, withNeeds } from './service-order.ts'

const services = [
  { name: 'reporting', needs: [], tier: 'services' },
  { name: 'audit', needs: [{ service: 'reporting', because: 'needs' }] },
  { name: 'auth', needs: [], tier: 'foundation' },
  { name: 'core', needs: [], tier: 'core' },
  { name: 'alone', needs: [] },
]
const tiers = new Map([['', ['core', 'foundation', 'empty', 'services']]])

it('stands each service after what it needs, by name where nothing says otherwise', () => {
  expect(serviceOrder(services, tiers)).toEqual(['alone', 'core', 'auth', 'reporting', 'audit'])
  expect(serviceOrder(services.toReversed(), tiers)).toEqual(['alone', 'core', 'auth', 'reporting', 'audit'])
})

it('finds who must be looked at', () => {
  expect(withNeeds(['audit'], services, tiers)).toEqual(['audit', 'auth', 'core', 'reporting'])
  expect(withDependants(['auth'], services, tiers)).toEqual(['audit', 'auth', 'reporting'])
})
