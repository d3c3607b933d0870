import type { Log } from '@dcesop/sdk-plugin'
import { pino, type DestinationStream } from 'pino'
import { scrub } from './scrub.ts'

/** The host's log; `child` binds fields such as the plugin id. */
export interface HostLog extends Log {
  child(fields: object): HostLog
}

const secretPaths = [
  'password',
  'totp',
  'totpSecret',
  'clientSecret',
  'token',
  'cookie',
  'authorization',
  '*.password',
  '*.totp',
  '*.totpSecret',
  '*.clientSecret',
  '*.token',
  '*.cookie',
  '*.authorization',
]

/**
 * JSON lines on standard error, so that standard output carries only what scripts wait for.
 * Named secrets are removed by path; e-mails, phone and document numbers are removed from every text by value.
 * @param destination another stream, for tests
 */
export function createLog(
  level: string,
  destination: DestinationStream = pino.destination({ dest: 2, sync: false }),
): HostLog {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: secretPaths, censor: '[removed]' },
      hooks: { streamWrite: scrub },
    },
    destination,
  )
}
