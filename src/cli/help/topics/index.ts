import type { Topic } from '../topic.ts'
import { adoptTopic } from './adopt.ts'
import { connections } from './connections.ts'
import { down } from './down.ts'
import { environments } from './environments.ts'
import { errors } from './errors.ts'
import { exitCodesTopic } from './exit-codes.ts'
import { locksTopic } from './locks.ts'
import { planTopic } from './plan.ts'
import { services } from './services.ts'
import { states } from './states.ts'
import { terminal } from './terminal.ts'
import { toolsTopic } from './tools.ts'

/** Every topic of `skein help`, in the order in which they are listed: what one meets first comes first. */
export const topics: readonly Topic[] = [
  connections,
  services,
  toolsTopic,
  adoptTopic,
  states,
  planTopic,
  down,
  environments,
  locksTopic,
  exitCodesTopic,
  errors,
  terminal,
]
