import type { CustomerView } from '../../server/customer-view.ts'

/** Answer of the 360 route: the view and when the access was recorded. */
export type OpenedCustomer = CustomerView & { readonly recordedAt: string }
