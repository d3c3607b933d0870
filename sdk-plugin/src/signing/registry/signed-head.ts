import type { KeyObject } from 'node:crypto'
import { type Envelope, signEnvelope } from '../dsse.ts'
import type { LogHead } from '../log/verify-log.ts'
import { openByRole, type TrustedKeys } from './key-list.ts'

export const logHeadType = 'application/vnd.dcesop.log-head+json'

export interface SignedLogHead extends LogHead {
  readonly at: string
}

export function signLogHead(head: SignedLogHead, key: KeyObject): Envelope {
  return signEnvelope(logHeadType, Buffer.from(JSON.stringify(head)), [key])
}

/** @throws TrustError */
export function openLogHead(envelope: Envelope, keys: TrustedKeys): SignedLogHead {
  return openByRole<SignedLogHead>(envelope, logHeadType, keys, {
    role: 'log',
    what: { id: 'what.head' },
    members: ['size', 'root', 'at'],
    time: ({ at }) => at,
  })
}
