import type { Topic } from '../topic.ts'

export const locksTopic: Topic = {
  name: 'locks',
  about: 'who waits for whom, and for how long',
  text: `One run for each service at a time: an advisory lock of ours, and the tool's
own, so that both wait for each other.

On tables a migration waits for a moment (--lock-timeout, 3s), gives way to
those behind it, and tries again after a pause. The whole of it lasts
--lock-wait (10m); then it is exit 6 (LOCK-TIMEOUT, LOCK-HELD), nothing is
half-done, and whoever is in the way is named: pid, user, program, since when,
and the query.

  skein locks              every key, and who holds it now
  skein up --no-wait       exit 6 at once instead of waiting
  skein up --lock-wait 1h  more patience
  skein up --timeout 5m    for each migration, waiting included`,
  more: ['guides/containers.md'],
}
