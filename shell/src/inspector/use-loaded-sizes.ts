import { uiBudget } from '@dcesop/sdk-plugin/contracts'
import { useI18n } from '@dcesop/sdk-plugin/ui'
import { computed, type Ref } from 'vue'
import { loadedSize } from '../extension-points/ui-size.ts'
import { useConsole, useShell } from '../state/shell.ts'
import type { SlotView } from '../supervisor/slots.ts'

/** Sizes in KiB, written for the person. */
export type SizeText = Readonly<Record<'entry' | 'total', string>>

/** What a plugin loaded, against what it may. */
export type TextedSize = SizeText & { readonly overBudget: boolean }

/** By plugin with an extension on screen: of its scripts and styles what this page loaded so far; and what each may. */
export function useLoadedSizes(views: Readonly<Ref<readonly SlotView[]>>) {
  const { loadedFiles } = useShell()
  const { composition } = useConsole()
  const text = useI18n()
  const kib = (bytes: number) => `${text.n(bytes / 1024, { maximumFractionDigits: 0 })} KiB`

  const sizes = computed<ReadonlyMap<string, TextedSize>>(() => {
    const plugins = new Set(views.value.flatMap(({ extensions }) => extensions.map(({ plugin }) => plugin)))
    return new Map(
      [...plugins].flatMap((id) => {
        const entry = composition.value.entries.get(id)
        if (entry?.kind !== 'available') return []
        const { entryBytes, totalBytes, overBudget } = loadedSize(entry.plugin.baseUrl, loadedFiles)
        return [[id, { entry: kib(entryBytes), total: kib(totalBytes), overBudget }] as const]
      }),
    )
  })
  const sizeBudget = computed<SizeText>(() => ({ entry: kib(uiBudget.entryBytes), total: kib(uiBudget.totalBytes) }))
  return { sizes, sizeBudget }
}
