import type { Connection } from 'mongoose'
import { type DesiredState, DesiredStates } from '../journal/desired.ts'

/** Writes what is wanted as the host that changed it last would have. */
export async function putDesired(core: Connection, state: DesiredState): Promise<void> {
  const states = new DesiredStates(core)
  const present = await states.get(state.plugin)
  const token = present?.fence ?? 1
  await (present ? states.put(state, token) : states.add(state, token))
}
