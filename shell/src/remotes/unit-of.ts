import type { UiUnit } from '@dcesop/sdk-plugin/ui'

/** The unit of an exposed module: its default export, or an export named `unit`. @throws Error when there is none */
export function unitOf(module: unknown, expose: string): UiUnit {
  const exported = (module ?? {}) as { default?: unknown; unit?: unknown }
  const unit = (exported.default ?? exported.unit) as Partial<UiUnit> | undefined
  if (typeof unit?.mount !== 'function')
    throw new Error(`./${expose} exports no unit made by definePage or definePanel.`)
  return unit as UiUnit
}
