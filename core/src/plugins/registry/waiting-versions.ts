import type { Connection } from 'mongoose'
import semver from 'semver'
import { durable } from '../../data/durable.ts'
import type { VersionWish } from '../journal/desired.ts'
import { isIn } from '../lifecycle/wish.ts'

/** A newer version of a range to which the host does not go by itself, by the code of what is in the way. */
export interface Waiting {
  readonly version: string
  readonly code: string
  readonly detail: string
  /** Those of the problem, for a text in the reader's language. */
  readonly extensions: Readonly<Record<string, unknown>>
}

/** Where: in the regions without a state of their own, or in one that has one. */
export interface Place {
  readonly plugin: string
  readonly region?: string | undefined
}

export interface WaitingHere extends Place, Waiting {
  /** Number of the registry's state by which it was told. */
  readonly snapshot: number
}

interface WaitingDocument extends Omit<WaitingHere, 'extensions'> {
  /** `<plugin>`, or `<plugin>/<region>` */
  _id: string
  /** JSON: names of members may be anything. */
  extensions: string
}

/** What waits for somebody: the same on every host, and after a restart. */
export class WaitingVersions {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  get #documents() {
    return this.#connection.collection<WaitingDocument>('plugin_waiting', durable)
  }

  /** Few at any time: what is settled is forgotten. */
  async all(): Promise<WaitingHere[]> {
    const found = await this.#documents.find({}).toArray()
    return found.map(({ _id: _, extensions, ...rest }) => ({
      ...rest,
      extensions: JSON.parse(extensions) as Waiting['extensions'],
    }))
  }

  /** @returns whether it is news, to this host and all others */
  async note({ extensions, ...one }: WaitingHere): Promise<boolean> {
    const _id = nameOf(one)
    const $set = { ...one, extensions: JSON.stringify(extensions) }
    const before = await this.#documents.findOneAndUpdate({ _id }, { $set }, { upsert: true, returnDocument: 'before' })
    return before?.version !== one.version || before.code !== one.code
  }

  async forget(place: Place): Promise<void> {
    await this.#documents.deleteOne({ _id: nameOf(place) })
  }
}

/** Whether it is what somebody still wants. */
export function isOpen(
  { version }: Waiting,
  { range, pinned }: VersionWish,
  current: { readonly version: string },
): boolean {
  return range !== undefined && !pinned && isIn(version, range) && semver.gt(version, current.version)
}

export const nameOf = ({ plugin, region }: Place): string => (region === undefined ? plugin : `${plugin}/${region}`)
