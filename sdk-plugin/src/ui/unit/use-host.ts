import type { Ref } from 'vue'
import type { Customer360Context } from '../../contracts/index.ts'
import type { ApiClient, PageContext, UiHost, WidgetContext } from '../host.ts'
import { useContextRef, useHostRef } from './injection.ts'

/** The shell, as of each access: its members follow theme and language switches. */
export function useHost(): UiHost {
  const host = useHostRef()
  return new Proxy({} as UiHost, { get: (_target, name) => Reflect.get(host.value, name) as unknown })
}

/** Requests below `/api`; see ApiClient. */
export function useApi(): ApiClient {
  return useHostRef().value.api
}

/** Speaks through the shell's live regions; same `key` replaces what still waits. */
export function useAnnounce(): UiHost['announce'] {
  const host = useHostRef()
  return (message, options) => host.value.announce(message, options)
}

/** Whether the person holds a permission, to explain a disabled action; the server decides anyway. */
export function usePermission(permission: string): { readonly value: boolean } {
  const host = useHostRef()
  return {
    get value() {
      return host.value.user.permissions.has(permission)
    },
  }
}

/** What path and query of the page's manifest entry matched. */
export function usePage(): Readonly<Ref<PageContext>> {
  return useContextRef<PageContext>()
}

/** Context of the customer 360 extension points. */
export function useCustomer(): Readonly<Ref<Customer360Context>> {
  return useContextRef<Customer360Context>()
}

/** Context of a dashboard widget. */
export function useWidget(): Readonly<Ref<WidgetContext>> {
  return useContextRef<WidgetContext>()
}
