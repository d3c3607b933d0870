import { shallowRef, type Ref } from 'vue'

/** What is kept of an open customer: never a name or number. */
export interface Reference {
  readonly region: string
  readonly id: string
}

export const mostOpen = 8

export interface OpenCustomers {
  /** In the order of opening. */
  readonly open: Readonly<Ref<readonly Reference[]>>
  /** Newest first. */
  readonly recent: Readonly<Ref<readonly Reference[]>>
  has(reference: Reference): boolean
  /** False when eight others are open: one must be closed first. */
  add(reference: Reference): boolean
  close(reference: Reference): void
}

/** Whether it may name a customer: an address that a person typed may be anything. */
export function isReference(value: unknown): value is Reference {
  const { region, id } = (value ?? {}) as Partial<Record<keyof Reference, unknown>>
  return (
    typeof region === 'string' && /^[a-z]{2,8}$/.test(region) && typeof id === 'string' && /^c_[0-9a-z]{20}$/.test(id)
  )
}

function read(storage: Storage, key: string): readonly Reference[] {
  try {
    const value: unknown = JSON.parse(storage.getItem(key) ?? '[]')
    return Array.isArray(value) ? value.filter(isReference).slice(0, mostOpen) : []
  } catch {
    // Someone else wrote there: what cannot be read is as good as nothing kept.
    return []
  }
}

const same = (a: Reference, b: Reference): boolean => a.region === b.region && a.id === b.id

/** Open and recent customers of one person in this tab, kept in the tab's storage. */
export function openCustomers(subject: string, storage: Storage): OpenCustomers {
  const keys = { open: `dcesop.customers.open.${subject}`, recent: `dcesop.customers.recent.${subject}` }
  const open = shallowRef(read(storage, keys.open))
  const recent = shallowRef(read(storage, keys.recent))

  function keep(target: typeof open, key: string, references: readonly Reference[]): void {
    target.value = references
    storage.setItem(key, JSON.stringify(references))
  }

  const has = (reference: Reference): boolean => open.value.some((one) => same(one, reference))
  return {
    open,
    recent,
    has,
    add(reference) {
      if (!has(reference)) {
        if (open.value.length >= mostOpen) return false
        keep(open, keys.open, [...open.value, reference])
      }
      const others = recent.value.filter((one) => !same(one, reference))
      keep(recent, keys.recent, [reference, ...others].slice(0, mostOpen))
      return true
    },
    close: (reference) =>
      keep(
        open,
        keys.open,
        open.value.filter((one) => !same(one, reference)),
      ),
  }
}
