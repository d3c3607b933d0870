import { createAjv } from '@dcesop/sdk-plugin/http'
import type { ValidateFunction } from 'ajv/dist/2020.js'
import type { ChannelName } from './channels.ts'

export interface SubscribeRequest extends ChannelName {
  readonly since?: string
}

/** Answer to `subscribe`. */
export type SubscribeAck =
  | { readonly ok: true; readonly latest: string; readonly resync?: true }
  | { readonly ok: false; readonly code: string }

const ajv = createAjv({ strict: true, strictRequired: false })
const properties = {
  topic: { type: 'string', pattern: '^[a-z][a-z0-9.-]{0,99}(/v[0-9]+)?$' },
  region: { type: 'string', pattern: '^[a-z][a-z0-9-]{0,19}$' },
  key: { type: 'string', pattern: '^[^\\n]{1,200}$' },
}
const required = ['topic', 'region', 'key']

// Compiled at the first of them, and not at each start: the first compilation of a process takes a tenth of a second.
let subscribe: ValidateFunction<SubscribeRequest> | undefined
let unsubscribe: ValidateFunction<ChannelName> | undefined

export function isSubscribeRequest(input: unknown): input is SubscribeRequest {
  subscribe ??= ajv.compile({
    type: 'object',
    additionalProperties: false,
    required,
    properties: { ...properties, since: { type: 'string', pattern: '^[0-9a-z]{1,40}-[0-9]{1,15}$' } },
  })
  return subscribe(input)
}

export function isUnsubscribeRequest(input: unknown): input is ChannelName {
  unsubscribe ??= ajv.compile({ type: 'object', additionalProperties: false, required, properties })
  return unsubscribe(input)
}
