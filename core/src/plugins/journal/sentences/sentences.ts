/** Sentences by code; each is given what it is about. */
export type Sentences = Readonly<Record<string, (params: never) => string>>

export interface Plugin {
  readonly plugin: string
}

export interface Version extends Plugin {
  readonly version: string
}

/** What an error says of itself. */
export interface Detail {
  readonly detail: string
}
