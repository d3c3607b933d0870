import type { ClientSession, Collection, Document } from 'mongodb'
import type { Model, Schema } from 'mongoose'
import type { RegionId } from './identity.ts'

/**
 * A plugin's own data in one region: mongoose models and driver collections whose names start with `<plugin id>_`
 * (dashes become underscores). Any other name is refused. Write concern is majority and journalled.
 */
export interface RegionData {
  readonly region: RegionId
  /** Compiles the schema once per name; indexes of the schema are created before the plugin is started. */
  model<T>(name: string, schema: Schema<T>): Model<T>
  /** The driver's collection, for hot paths. */
  collection<T extends Document = Document>(name: string): Collection<T>
  /** Runs the callback in a transaction with the driver's retry rules. */
  transaction<T>(work: (session: ClientSession) => Promise<T>): Promise<T>
}

/** The data port: one database per region. */
export interface DataPort {
  readonly regions: readonly RegionId[]
  /** @throws Problem 404 when the host does not serve that region. */
  region(id: RegionId): RegionData
}
