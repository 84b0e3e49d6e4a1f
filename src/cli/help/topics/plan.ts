import type { Topic } from '../topic.ts'

export const planTopic: Topic = {
  name: 'plan',
  about: 'the order of all services, and where it comes from',
  text: `Inside a service the order is its tool's own. Between services, in skein.yaml:

  tiers: [core, services]               a tier needs all lower ones
  core:   { path: …, tier: core }
  wallet: { path: …, needs: [tenant] }  all of tenant comes first
  ai:     { path: …, needs: ["tenant@20240101120000"] }   only so much of it

and in dependencies.json, migration by migration. Going down it is the same
order backwards: what stands on something goes first, also in another
database.

  skein plan --why                  the reasons of each step
  skein plan --down                 what \`down\` would take back
  skein up --dry-run                its SQL, with the transactions
  skein plan --json > plan.json     look at it, have it reviewed; then
  skein up --plan plan.json         exactly that plan, or nothing
  skein deps                        what stands on what`,
  more: ['guides/dependencies.md'],
}
