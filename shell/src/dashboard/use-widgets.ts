import { holdsWhen } from '@dcesop/sdk-plugin/contracts'
import { computed, type ComputedRef } from 'vue'
import { extensionsOf } from '../composition/composition.ts'
import { useConsole, useShell } from '../state/shell.ts'
import type { WidgetOffer } from './layout.ts'

export interface KnownWidget extends WidgetOffer {
  readonly plugin: string
  readonly expose: string
  readonly title: string
  /** Whether its plugin serves now. */
  readonly available: boolean
}

const defaultSize = { columns: 4, rows: 3 }

/** Widgets of all plugins that the person may see, by `<plugin>/<extension>`, in the feed's order. */
export function useWidgets(): ComputedRef<ReadonlyMap<string, KnownWidget>> {
  const composed = useConsole()
  const { session } = useShell()
  return computed(() => {
    const permissions = session.user.value?.permissions ?? new Set<string>()
    const { roles = [], regions = [] } = session.user.value ?? {}
    const scope = { context: undefined, user: { roles, regions } }
    const offered = extensionsOf(composed.composition.value, 'dashboard.widget/v1', permissions)
    const known = offered
      .filter(({ item: { when } }) => when === undefined || holdsWhen(when, scope))
      .map(({ entry, item }): KnownWidget => {
        const plugin = entry.plugin.id
        return {
          widget: `${plugin}/${item.id}`,
          plugin,
          expose: item.expose,
          title: (item.titleKey && composed.textsOf(plugin)?.t(item.titleKey)) ?? composed.nameOf(plugin),
          size: item.size ?? defaultSize,
          defaultFor: item.defaultFor ?? [],
          available: entry.kind === 'available',
        }
      })
    return new Map(known.map((widget) => [widget.widget, widget]))
  })
}
