import { useApi, usePermission } from '@dcesop/sdk-plugin/ui'

/** Reveals masked fields of a customer through the audited route. */
export function useReveal(customer: () => { readonly region: string; readonly id: string }) {
  const api = useApi()
  const permission = usePermission('customers:reveal')
  return {
    get locked(): boolean {
      return !permission.value
    },
    reveal: async (field: string, reason: string): Promise<string> => {
      const { region, id } = customer()
      const path = `/plugins/customers/customers/${region}/${id}/reveal`
      return (await api.post<{ value: string }>(path, { field, reason })).value
    },
  }
}
