import { Problem } from '@dcesop/sdk-plugin'

/** For a request that found no process of its plugin: it was not the one that ended it. */
export function startingAgain(plugin: string): Problem {
  const detail = `The process of plugin "${plugin}" is being started again.`
  return new Problem(503, 'plugin_unavailable', detail, { retryAfter: 2 })
}

/** For a request that was with the process when that ended: what became of it nobody knows. It is not sent again, as it may be what ended it. */
export function endedMidway(plugin: string, cause: unknown): Problem {
  return new Problem(502, 'plugin_ended', `The process of plugin "${plugin}" ended while it answered.`, { cause })
}
