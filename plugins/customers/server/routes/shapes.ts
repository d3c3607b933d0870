import type { JsonSchema } from '@dcesop/sdk-plugin'
import { idPattern } from '../model/ids.ts'

/** A closed object schema. */
export function closed(required: readonly string[], properties: Readonly<Record<string, unknown>>): JsonSchema {
  return { type: 'object', additionalProperties: false, required, properties }
}

export const regionShape = { type: 'string', pattern: '^[a-z]{2,8}$' }

/** Path parameters of everything below one customer. */
export const customerParams = closed(['region', 'id'], {
  region: regionShape,
  id: { type: 'string', pattern: idPattern.customer },
})

export interface CustomerParams {
  readonly region: string
  readonly id: string
}

export const summaryShape = closed(['region', 'id', 'name', 'segment'], {
  region: { type: 'string' },
  id: { type: 'string' },
  name: { type: 'string' },
  segment: { type: 'string' },
  city: { type: 'string' },
  document: closed(['kind', 'masked'], { kind: { type: 'string' }, masked: { type: 'string' } }),
  phone: { type: 'string' },
  matched: { enum: ['phone', 'document', 'account', 'email', 'name'] },
})

export const entryShape = closed(['id', 'at', 'kind', 'channel', 'titleKey'], {
  id: { type: 'string' },
  at: { type: 'string' },
  kind: { type: 'string' },
  channel: { type: 'string' },
  titleKey: { type: 'string' },
  values: { type: 'object' },
  title: { type: 'object' },
  text: { type: 'string' },
  author: { type: 'string' },
})
