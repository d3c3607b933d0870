import { definePlugin } from '@dcesop/sdk-plugin'
import type { TimelineEntryAdded } from '@dcesop/sdk-plugin/contracts'
import { customersDirectory } from './directory.ts'
import { customerRoute, revealRoute } from './routes/customer.ts'
import { importRoute } from './routes/import.ts'
import { searchRoutes } from './routes/search.ts'
import { summariesRoute } from './routes/summaries.ts'
import { notesRoute, timelineRoute } from './routes/timeline.ts'
import { openStores } from './store.ts'
import { isCustomer, takeEntry, timelineTopic } from './timeline.ts'

export default definePlugin({
  start(context) {
    const stores = openStores(context.data)
    searchRoutes(context, stores)
    summariesRoute(context, stores)
    customerRoute(context, stores)
    revealRoute(context, stores)
    timelineRoute(context, stores)
    notesRoute(context, stores)
    importRoute(context, stores)
    // Who follows is on record with the key: it must be a customer's.
    context.realtime.authorize(timelineTopic, async (_identity, region, id) => isCustomer(stores.get(region), id))
    context.capabilities.provide('customers.directory', customersDirectory(stores))
    context.events.subscribe<TimelineEntryAdded>('customers.timeline-entry/v1', (event) =>
      takeEntry(stores, context.realtime, event),
    )
  },
})
