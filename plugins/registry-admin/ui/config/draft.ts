import { at, has, pathOf, same, without, withValue } from './pointer.ts'
import type { Json } from './types.ts'

/** What somebody did to one setting: a value, or back to what holds without one. */
export type Edit =
  | { readonly set: unknown; readonly text?: string }
  | { readonly unset: true }
  | { readonly wrong: 'number' | 'integer' | 'json'; readonly text: string }

/** By JSON pointer. */
export type Edits = Readonly<Record<string, Edit>>

export interface Draft {
  /** The revision that it was begun on. */
  readonly revision: number
  readonly edits: Edits
}

/** A part of the settings with the edits in it; what is no value yet stays as it was. */
export function applied(part: Json, edits: Edits): Json {
  return Object.entries(edits).reduce((so, [pointer, edit]) => {
    if ('set' in edit) return withValue(so, pathOf(pointer), edit.set)
    return 'unset' in edit ? without(so, pathOf(pointer)) : so
  }, part)
}

/** Edits with one more; what comes to what is set already is none. */
export function edited(part: Json, edits: Edits, pointer: string, edit: Edit): Edits {
  const { [pointer]: _, ...others } = edits
  const path = pathOf(pointer)
  const isNone = 'set' in edit ? has(part, path) && same(at(part, path), edit.set) : 'unset' in edit && !has(part, path)
  return isNone ? others : { ...others, [pointer]: edit }
}

/** What of the edits somebody else has changed meanwhile. */
export function collisions(before: Json, now: Json, edits: Edits): string[] {
  return Object.keys(edits).filter((pointer) => {
    const path = pathOf(pointer)
    return has(before, path) !== has(now, path) || !same(at(before, path), at(now, path))
  })
}

/** Drafts of a person in this tab, by level; they stay while other tabs and pages are looked at, and over a reload. */
export class DraftStore {
  readonly #name: string
  readonly #storage: Storage

  constructor(subject: string, plugin: string, storage: Storage = sessionStorage) {
    this.#name = `dcesop.registry-admin.config.${subject}.${plugin}`
    this.#storage = storage
  }

  read(): Readonly<Record<string, Draft>> {
    try {
      return JSON.parse(this.#storage.getItem(this.#name) ?? '{}') as Record<string, Draft>
    } catch {
      return {}
    }
  }

  keep(drafts: Readonly<Record<string, Draft>>): void {
    const open = Object.entries(drafts).filter(([, { edits }]) => Object.keys(edits).length > 0)
    if (open.length === 0) this.#storage.removeItem(this.#name)
    else this.#storage.setItem(this.#name, JSON.stringify(Object.fromEntries(open)))
  }
}
