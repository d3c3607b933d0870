import type { ClientSession } from 'mongodb'
import type { Connection, Model, Schema } from 'mongoose'
import type { DataPort, RegionData } from '../backend/data.ts'
import { notFound } from '../backend/problem.ts'
import type { PluginManifest } from '../manifest/types.ts'
import { commentCommands } from './commented.ts'

const durable = { w: 'majority', j: true } as const

/** Connections of a host: one for itself, one database for each region. */
export interface RegionConnections {
  readonly core: Connection
  readonly regions: readonly string[]
  region(id: string): Connection
}

/** The data port of one generation, and what the host does with it. */
export interface ScopedData {
  readonly port: DataPort
  /** Resolves when the indexes of every model registered so far exist. */
  indexesReady(): Promise<void>
  dispose(): void
}

/**
 * Regions that the host serves and the manifest does not exclude; collections of the plugin's own only.
 * @param comment for whom a command is, as the database is told
 */
export function scopedData(platform: RegionConnections, manifest: PluginManifest, comment?: () => string): ScopedData {
  const regions = regionsOf(platform, manifest)
  const opened = new Map<string, ReturnType<typeof openRegion>>()
  const region = (id: string): RegionData => {
    if (!regions.includes(id)) throw notFound()
    const known = opened.get(id) ?? openRegion(platform, id, manifest, comment)
    opened.set(id, known)
    return known.data
  }
  return {
    port: { regions, region },
    async indexesReady() {
      await Promise.all(
        [...opened.values()].flatMap(({ models }) => [...models.values()].map((model) => model.createIndexes())),
      )
    },
    dispose() {
      for (const { close } of opened.values()) close()
      opened.clear()
    },
  }
}

/** Regions that the host serves and the manifest does not exclude. */
export function regionsOf({ regions }: Pick<RegionConnections, 'regions'>, manifest: PluginManifest): string[] {
  const { allow, deny } = manifest.regions ?? {}
  return regions.filter((id) => (allow?.includes(id) ?? true) && !deny?.includes(id))
}

function openRegion(
  platform: RegionConnections,
  region: string,
  manifest: PluginManifest,
  comment: (() => string) | undefined,
) {
  // A connection object of its own shares the sockets but not the models, so two generations can both define theirs. It hangs
  // on the root connection: mongoose tells only direct children of heartbeats, and takes others for disconnected after 20 s.
  const { core } = platform
  const connection = core.useDb(platform.region(region).name, { useCache: false })
  if (comment && connection.db) commentCommands(connection.db, comment)
  const models = new Map<string, Model<unknown>>()
  const data: RegionData = {
    region,
    model<T>(name: string, schema: Schema<T>): Model<T> {
      requireOwn(name, manifest)
      const known = models.get(name)
      if (known) return known as unknown as Model<T>
      if (schema.get('writeConcern') === undefined) schema.set('writeConcern', durable)
      const model = connection.model<T>(name, schema, name)
      models.set(name, model as unknown as Model<unknown>)
      return model
    },
    collection: ((name: string) => {
      requireOwn(name, manifest)
      return connection.collection(name, { writeConcern: durable })
    }) as RegionData['collection'],
    async transaction<T>(work: (session: ClientSession) => Promise<T>): Promise<T> {
      const session = await connection.startSession()
      try {
        return await session.withTransaction(() => work(session as unknown as ClientSession), { writeConcern: durable })
      } finally {
        await session.endSession()
      }
    },
  }
  const close = () => {
    connection.deleteModel(/.*/)
    const related = core as unknown as { otherDbs: unknown[] }
    related.otherDbs = related.otherDbs.filter((other) => other !== connection)
  }
  return { data, models, close }
}

/** Whether a plugin owns a collection: it starts with its id, and its manifest declares it. */
export function ownsCollection({ id, data }: PluginManifest, name: string): boolean {
  return name.startsWith(prefixOf(id)) && (data?.collections ?? []).some((pattern) => covers(pattern, name))
}

function prefixOf(id: string): string {
  return `${id.replaceAll('-', '_')}_`
}

function requireOwn(name: string, manifest: PluginManifest): void {
  if (ownsCollection(manifest, name)) return
  const { id, data } = manifest
  const [prefix, declared] = [prefixOf(id), data?.collections ?? []]
  throw new Error(
    `Plugin "${id}" asks for collection "${name}". A plugin owns the collections that start with "${prefix}" and stand in ` +
      `data.collections of its manifest${declared.length > 0 ? ` (${declared.join(', ')})` : ' (none)'}.`,
  )
}

function covers(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern
}
