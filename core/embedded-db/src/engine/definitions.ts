import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import type { Collection, View } from './collection.ts'
import { SLICE_MS } from './commit-queue.ts'
import type { DirectWrite } from './direct-write.ts'
import type { Engine } from './engine.ts'
import { checkNamespace } from './engine.ts'
import { tableRange } from './keyspace.ts'
import { loggedName } from './time-series.ts'
import { checkViewGraph } from './view-graph.ts'

/** Removes a collection's definition; its records and entries are cleared afterwards, in slices. */
export function dropCollection(engine: Engine, context: DirectWrite, collection: Collection): number[] {
  engine.catalogue.remove(context, collection)
  context.log({
    kind: 'command',
    database: collection.database,
    namespace: loggedName(collection),
    name: 'drop',
    detail: { uuid: collection.uuid },
  })
  return [collection.table, ...collection.indexes.map((index) => index.table)]
}

/** Stores a view that is new, or one in place of another. @throws as {@link checkViewGraph} */
export function putView(engine: Engine, context: DirectWrite, view: View, change: 'create' | 'modify'): void {
  checkViewGraph(engine.catalogue.views.values(), view)
  engine.catalogue.addView(context, view)
  const { viewOn, pipeline, collation } = view
  logView(context, view, change, { viewOn, pipeline, ...(collation && { collation }) })
}

export function dropView(engine: Engine, context: DirectWrite, view: View): void {
  engine.catalogue.removeView(context, view)
  logView(context, view, 'drop', {})
}

function logView(context: DirectWrite, { database, name: namespace }: View, name: string, view: Document): void {
  context.log({ kind: 'command', database, namespace, name, detail: { view } })
}

/** Clears tables that no definition uses any more, some thousand keys to a commit. */
export async function clearTables(engine: Engine, tables: readonly number[]): Promise<void> {
  for (const table of tables) {
    let left = true
    while (left) {
      left = await engine.write((context) => {
        const until = performance.now() + SLICE_MS
        const keys: Buffer[] = []
        for (const { key } of context.range({ ...tableRange(table), keysOnly: true })) if (keys.push(key) >= 2000) break
        for (const key of keys) {
          context.remove(key)
          if (performance.now() > until) return true
        }
        return keys.length >= 2000
      })
    }
  }
}

/** Clears what a crash left of dropped collections and of unfinished index builds. */
export async function clearOrphans(engine: Engine, firstTable: number): Promise<void> {
  const used = engine.catalogue.tablesInUse()
  const orphans: number[] = []
  let table = firstTable
  for (;;) {
    let found: number | undefined
    for (const { key } of engine.store.range({
      start: tableRange(table).start,
      end: Buffer.from([0xff, 0xff, 0xff, 0xff]),
      keysOnly: true,
    })) {
      found = key.readUInt32BE(0)
      break
    }
    if (found === undefined) break
    if (!used.has(found)) orphans.push(found)
    table = found + 1
  }
  await clearTables(engine, orphans)
}

/** Gives a collection another name, dropping what has that name when asked to. */
export function renameCollection(
  engine: Engine,
  context: DirectWrite,
  from: string,
  to: { database: string; name: string },
  dropTarget: boolean,
): number[] {
  const collection = engine.collection(from)
  if (!collection) throw new CommandError(26, 'NamespaceNotFound', `Source collection ${from} does not exist`)
  if (collection.timeField !== undefined)
    throw new CommandError(166, 'CommandNotSupportedOnView', `cannot rename a time-series collection: ${from}`)
  checkNamespace(to.database, to.name)
  const target = `${to.database}.${to.name}`
  if (target === from) throw new CommandError(20, 'IllegalOperation', "Can't rename a collection to itself")
  const existing = engine.collection(target)
  if (existing && !dropTarget) throw new CommandError(48, 'NamespaceExists', 'target namespace exists')
  const cleared = existing ? [existing.table, ...existing.indexes.map((index) => index.table)] : []
  if (existing) engine.catalogue.remove(context, existing)
  const { database, name, uuid } = collection
  engine.catalogue.rename(context, collection, to.database, to.name)
  const detail: Document = { uuid, to: { db: to.database, coll: to.name } }
  if (existing) detail.dropTarget = existing.uuid
  context.log({ kind: 'command', database, namespace: name, name: 'renameCollection', detail })
  return cleared
}
