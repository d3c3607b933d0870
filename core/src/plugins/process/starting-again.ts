import { Problem } from '@dcesop/sdk-plugin'

/** For a request that found no process of its plugin: it was not the one that ended it. */
export function startingAgain(plugin: string): Problem {
  const detail = `The process of plugin "${plugin}" is being started again.`
  return new Problem(503, 'plugin_unavailable', detail, { retryAfter: 2 })
}
