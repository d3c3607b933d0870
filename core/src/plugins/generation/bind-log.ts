import type { Log } from '@dcesop/sdk-plugin'
import { currentAttribution } from './attribution.ts'

/** A log whose every line carries `fields`, and the trace id of the request in which it is written. */
export function bindLog(log: Log, fields: object): Log {
  const bound = (extra: object) => {
    const traceId = currentAttribution()?.traceId
    return { ...fields, ...(traceId === undefined ? {} : { traceId }), ...extra }
  }
  return {
    debug: (extra, message) => log.debug(bound(extra), message),
    info: (extra, message) => log.info(bound(extra), message),
    warn: (extra, message) => log.warn(bound(extra), message),
    error: (extra, message) => log.error(bound(extra), message),
  }
}
