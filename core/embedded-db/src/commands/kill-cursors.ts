import { Long } from 'bson'
import { collectionName, requiredArray } from './arguments.ts'
import type { Command } from './command.ts'

export const killCursors: Command = {
  name: 'killCursors',
  fields: ['killCursors', 'cursors'],
  transactional: true,
  run(context) {
    collectionName(context)
    const killed: Long[] = []
    const missing: Long[] = []
    for (const value of requiredArray(context, 'cursors')) {
      const id = value instanceof Long ? value : Long.fromNumber(Number(value))
      ;(context.server.cursors.close(id) ? killed : missing).push(id)
    }
    return { cursorsKilled: killed, cursorsNotFound: missing, cursorsAlive: [], cursorsUnknown: [] }
  },
}
