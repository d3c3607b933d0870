import { shallowRef, type ShallowRef } from 'vue'
import type { UiHost } from '../host.ts'

export type Notice = Parameters<UiHost['notify']>[0]

export interface Toast extends Notice {
  readonly id: number
}

export interface Toasts {
  readonly items: Readonly<ShallowRef<readonly Toast[]>>
  push(notice: Notice): number
  dismiss(id: number): void
  /** While someone points at or tabs through the notices none disappears (WCAG 2.2.1). */
  hold(): void
  release(): void
}

/** Notices that leave by themselves after `seconds`; those with an action stay twice as long, errors until dismissed. */
export function createToasts(seconds = 8, keep = 4): Toasts {
  const items = shallowRef<readonly Toast[]>([])
  const timers = new Map<number, ReturnType<typeof setTimeout>>()
  let next = 1
  let held = false

  function dismiss(id: number): void {
    clearTimeout(timers.get(id))
    timers.delete(id)
    items.value = items.value.filter((toast) => toast.id !== id)
  }

  function start(toast: Toast): void {
    if (toast.tone === 'danger') return
    const ms = seconds * 1000 * (toast.action === undefined ? 1 : 2)
    timers.set(
      toast.id,
      setTimeout(() => dismiss(toast.id), ms),
    )
  }

  return {
    items,
    push(notice) {
      const toast = { ...notice, id: next++ }
      items.value = [...items.value, toast]
      for (const old of items.value.slice(0, -keep)) dismiss(old.id)
      if (!held) start(toast)
      return toast.id
    },
    dismiss,
    hold() {
      held = true
      for (const timer of timers.values()) clearTimeout(timer)
      timers.clear()
    },
    release() {
      held = false
      for (const toast of items.value) start(toast)
    },
  }
}
