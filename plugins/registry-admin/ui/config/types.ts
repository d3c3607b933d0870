import type { JsonSchema } from '../api/manifest.ts'

export type Json = Readonly<Record<string, unknown>>

/** Answer of `GET /admin/plugins/{id}/config`. */
export interface ConfigAnswer {
  /** Whose schema it is. */
  readonly version: string
  readonly revision: number
  readonly schema: JsonSchema | null
  /** JSON pointers to what comes from the operator's file of secrets. */
  readonly secrets: readonly string[]
  readonly scopes: readonly ('global' | 'region')[]
  /** Messages `config.…` of the plugin's catalogues, by locale. */
  readonly texts: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly host: Json
  readonly global: Json
  /** Those of the reader alone. */
  readonly regions: Readonly<Record<string, Json>>
  /** What holds in each of the reader's regions; not of an earlier revision. */
  readonly effective?: Readonly<Record<string, Json>>
}

/** Answer of `POST …/config/check`. */
export interface CheckAnswer {
  readonly changed: readonly string[]
  readonly effective: Readonly<Record<string, Json>>
}

/** What the host has against one value; `rule` is a keyword of JSON Schema, or `secret`. */
export interface Mistake {
  readonly pointer: string
  readonly rule: string
  readonly params: Json
}

export interface ConfigChange {
  readonly revision: number
  readonly from: number
  readonly at: string
  readonly by: string
  readonly region: string | null
  readonly changed: readonly string[]
  readonly failed: boolean
}

/** Answer of `GET …/config/history`, newest first. */
export interface ConfigHistory {
  readonly names: Readonly<Record<string, string>>
  readonly changes: readonly ConfigChange[]
}

/** Where a setting is made: `everywhere`, or a region by its id. */
export type Level = string
export const everywhere: Level = 'everywhere'

/** A level as requests name it. */
export const inLevel = (level: Level): { readonly region?: string } => (level === everywhere ? {} : { region: level })
