import type { Log } from '@dcesop/sdk-plugin'
import { pino } from 'pino'

const secrets = ['password', 'token', 'authorization', 'uri', '*.password', '*.token', '*.authorization']

/** JSON lines on standard error, so that standard output carries only what scripts wait for. */
export function createLog(level: string): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: secrets, censor: '[removed]' },
    },
    pino.destination({ dest: 2, sync: false }),
  )
}
