import { createAjv } from '@dcesop/sdk-plugin/http'
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

export const isSubscribeRequest = ajv.compile<SubscribeRequest>({
  type: 'object',
  additionalProperties: false,
  required,
  properties: { ...properties, since: { type: 'string', pattern: '^[0-9a-z]{1,40}-[0-9]{1,15}$' } },
})

export const isUnsubscribeRequest = ajv.compile<ChannelName>({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
})
