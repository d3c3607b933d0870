import { requireMatch, tagOf } from '@dcesop/sdk-plugin/http'
import type { DesiredState, DesiredStates } from '../journal/desired.ts'
import type { Exclusive } from './exclusive.ts'

/** By which changes of plugins take turns. */
export type Turns = Pick<Exclusive, 'run' | 'runAll'>

/** Of what administrators want of a plugin: another one as soon as one of them, or the host for them, has changed it. */
export function revisionOf({ fence: _, ...wanted }: DesiredState): string {
  return tagOf(wanted)
}

/** What an administrator has seen of a plugin before deciding to change it. */
export interface Seen {
  readonly plugin: string
  /** Header `If-Match` with its revision; whatever is there is changed when left out. */
  readonly ifMatch: string | undefined
}

/** @throws Problem 412 when it is another state by now */
export async function requireSeen(desired: DesiredStates, { plugin, ifMatch }: Seen): Promise<void> {
  if (ifMatch === undefined) return
  const state = await desired.get(plugin)
  requireMatch(ifMatch, state && revisionOf(state), `Plugin "${plugin}" has changed since you read it.`)
}

/** The same turns, in which a change of what was seen begins by looking again: only then nobody else is at it. */
export function turnsOn(seen: Seen, exclusive: Turns, desired: DesiredStates): Turns {
  const turns: Turns = {
    run: (plugin, work) => turns.runAll([plugin], (tokenOf) => work(tokenOf(plugin))),
    runAll: (plugins, work) =>
      exclusive.runAll(plugins, async (tokenOf) => {
        if (plugins.includes(seen.plugin)) await requireSeen(desired, seen)
        return work(tokenOf)
      }),
  }
  return turns
}
