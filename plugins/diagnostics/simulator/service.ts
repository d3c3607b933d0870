import type { InventoryLine } from '../server/inventory/inventory-route.ts'

/** Stories that the demo customers tell; each keeps its service in the state that its name says. */
export type Story =
  | 'weak-indoor-coverage'
  | 'degraded-fibre-power'
  | 'suspended-for-payment'
  | 'near-allowance'
  | 'healthy'
  | 'cell-congestion'
  | 'cpe-reboots'
  | 'packet-loss'
  | 'mass-incident'
  | 'silent-telemetry'
  | 'trace-replay'
  | 'heavy-user'

/** What the simulator knows of a service. */
export type SimulatedService = Pick<
  InventoryLine,
  'serviceId' | 'technology' | 'status' | 'elementId' | 'elementKind' | 'site' | 'promise' | 'cycleDay' | 'timeZone'
> & { readonly story?: Story }
