import type { Connection } from 'mongoose'
import { type DesiredState, DesiredStates } from '../journal/desired.ts'
import { StaleToken } from '../journal/journal.ts'

/** Writes what is wanted as the host that changed it last would have; others may take a lease at any moment. */
export async function putDesired(core: Connection, state: DesiredState): Promise<void> {
  const states = new DesiredStates(core)
  for (;;) {
    const present = await states.get(state.plugin)
    const token = present?.fence ?? 1
    try {
      return await (present ? states.put(state, token) : states.add(state, token))
    } catch (error) {
      if (!(error instanceof StaleToken)) throw error
    }
  }
}
