import { useHost } from '@dcesop/sdk-plugin/ui'
import { openCustomers, type OpenCustomers } from './open-customers.ts'

const bySubject = new Map<string, OpenCustomers>()

/** The signed-in person's open customers, shared by the plugin's pages in this tab. */
export function useOpenCustomers(): OpenCustomers {
  const { subject } = useHost().user
  let customers = bySubject.get(subject)
  if (customers === undefined) {
    customers = openCustomers(subject, sessionStorage)
    bySubject.set(subject, customers)
  }
  return customers
}
