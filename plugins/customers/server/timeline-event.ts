import { Ajv2020 } from 'ajv/dist/2020.js'
import type { TimelineEntryAdded } from '@dcesop/sdk-plugin/contracts'
import { channels } from './model/timeline.ts'

const name = { type: 'string', maxLength: 120 }

/** JSON Schema of what `customers.timeline-entry/v1` carries; members that a later version adds are no fault. */
export const timelineEventSchema = {
  type: 'object',
  required: ['customerId', 'entry'],
  properties: {
    customerId: { type: 'string', maxLength: 120 },
    entry: {
      type: 'object',
      required: ['at', 'kind', 'channel', 'titleKey'],
      properties: {
        at: { type: 'string', format: 'moment', maxLength: 40 },
        kind: name,
        channel: { enum: channels },
        titleKey: name,
        values: { type: 'object', additionalProperties: { type: ['string', 'number'] } },
        title: { type: 'object', additionalProperties: { type: 'string', maxLength: 300 } },
      },
    },
  },
}

// Each start waits for it, so a spec checks that the schema is one.
const ajv = new Ajv2020({ validateSchema: false, allowUnionTypes: true })
ajv.addFormat('moment', (text: string) => !Number.isNaN(Date.parse(text)))

/** Whether an event's payload keeps the contract. */
export const isTimelineEvent = ajv.compile<TimelineEntryAdded>(timelineEventSchema)
