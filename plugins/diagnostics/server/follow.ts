import { diagnosisTopic } from './diagnosis/runner.ts'
import type { Services } from './services.ts'
import { telemetryTopic } from './verdict/live-feed.ts'

/** Who follows is on record with the key, which must be a customer's or a diagnosis's and nothing that somebody typed. */
export function guardTopics({ context: { realtime }, inventory, stores }: Services): void {
  realtime.authorize(
    telemetryTopic,
    async (_identity, region, customerId) => (await inventory.ofCustomer(region, customerId)) !== undefined,
  )
  realtime.authorize(
    diagnosisTopic,
    async (_identity, region, id) => (await stores(region).diagnoses.findOne({ _id: id })) !== null,
  )
}
