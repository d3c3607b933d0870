import type { Log } from '@dcesop/sdk-plugin'
import { currentAttribution } from './attribution.ts'

/** Names that the log gives to each line: a second one in the line would count instead. */
const own = ['level', 'time', 'msg'] as const

/**
 * A log whose every line carries `fields`, and the trace id of the request in which it is written. What a line says of itself besides
 * does not stand in for these, nor for its time and level: those are found under their name and `_`.
 */
export function bindLog(log: Log, fields: object): Log {
  const bound = (extra: object) => {
    const traceId = currentAttribution()?.traceId
    return { ...besideOwn(extra), ...(traceId === undefined ? {} : { traceId }), ...fields }
  }
  return {
    debug: (extra, message) => log.debug(bound(extra), message),
    info: (extra, message) => log.info(bound(extra), message),
    warn: (extra, message) => log.warn(bound(extra), message),
    error: (extra, message) => log.error(bound(extra), message),
  }
}

function besideOwn(extra: object): object {
  if (!own.some((name) => name in extra)) return extra
  const names: readonly string[] = own
  return Object.fromEntries(
    Object.entries(extra).map(([name, value]) => [names.includes(name) ? `${name}_` : name, value as unknown]),
  )
}
