import type { Document, Timestamp } from 'bson'
import { CommandError } from '../../errors.ts'
import { laterBy } from '../oplog.ts'
import type { LogEntry, LoggedOperation } from '../oplog.ts'
import { shownSession } from '../sessions.ts'
import { encodeToken } from './resume-token.ts'
import type { Watch } from './watch.ts'

/** One event of a stream before its pipeline. */
export interface ChangeEvent {
  event: number
  document: Document
  /** Whether the stream ends after it, with an invalidate event. */
  invalidates: boolean
}

const INTERNAL = new Set(['admin', 'config', 'local'])

function watches(watch: Watch, operation: LoggedOperation): boolean {
  if (operation.collection?.startsWith('system.')) return false
  // A view has no stream of its own: what becomes of it is told to those of its database and of the deployment.
  if (operation.command?.detail.view && (watch.collection !== undefined || !watch.expanded)) return false
  if (watch.database === undefined) return !INTERNAL.has(operation.database)
  if (operation.command?.name === 'renameCollection') {
    const to = operation.command.detail.to as Document
    if (watch.database === to.db && (watch.collection === undefined || watch.collection === to.coll)) return true
  }
  if (operation.database !== watch.database) return false
  if (operation.command?.name === 'dropDatabase') return watch.collection === undefined
  return watch.collection === undefined ? operation.collection !== undefined : operation.collection === watch.collection
}

/** The events of one log entry that the stream is about, in order, with their places. */
export function* eventsOf(
  entry: LogEntry,
  watch: Watch,
  lookup: (operation: LoggedOperation) => Document | null,
): Generator<ChangeEvent> {
  let event = 0
  for (const operation of entry.operations) {
    const count = operation.kind === 'insert' ? operation.documents.length : 1
    if (watches(watch, operation)) {
      for (let i = 0; i < count; i++) {
        const body = operation.command ? commandEvent(operation, watch) : documentEvent(operation, i, watch, lookup)
        if (!body) continue
        const clusterTime = entry.origin ? entry.last : laterBy(entry.time, event + i)
        const { operationType, ...rest } = body
        const document: Document = {
          _id: encodeToken({ time: entry.time, event: event + i, invalidate: false }),
          operationType: operationType as string,
          clusterTime,
        }
        const uuid: unknown = operation.uuid ?? operation.command?.detail.uuid
        if (watch.expanded && uuid) document.collectionUUID = uuid
        document.wallTime = entry.wall
        Object.assign(document, rest)
        if (entry.origin) Object.assign(document, { ...entry.origin, lsid: shownSession(entry.origin.lsid) })
        yield { event: event + i, document, invalidates: ends(operation, watch) }
      }
    }
    event += count
  }
}

function ends(operation: LoggedOperation, watch: Watch): boolean {
  const name = operation.command?.name
  if (watch.collection !== undefined) return name === 'drop' || name === 'renameCollection'
  return watch.database !== undefined && name === 'dropDatabase'
}

function documentEvent(
  operation: LoggedOperation,
  index: number,
  watch: Watch,
  lookup: (operation: LoggedOperation) => Document | null,
): Document {
  const ns = { db: operation.database, coll: operation.collection }
  const inserted = operation.documents[index]
  if (operation.kind === 'insert' && inserted)
    return { operationType: 'insert', fullDocument: inserted, ns, documentKey: { _id: inserted._id as unknown } }
  const event: Document = { operationType: operation.kind }
  if (operation.kind === 'replace') event.fullDocument = operation.post
  event.ns = ns
  event.documentKey = operation.key
  if (operation.kind === 'update') {
    const { disambiguatedPaths, ...change } = operation.change ?? {}
    event.updateDescription = watch.expanded
      ? { ...change, disambiguatedPaths: disambiguatedPaths as Document }
      : change
    if (watch.fullDocument === 'updateLookup') event.fullDocument = lookup(operation)
    else if (watch.fullDocument !== 'default') event.fullDocument = image(operation.post, watch.fullDocument, 'post')
  }
  if (watch.fullDocumentBeforeChange !== 'off')
    event.fullDocumentBeforeChange = image(operation.pre, watch.fullDocumentBeforeChange, 'pre')
  return event
}

function image(
  stored: Document | undefined,
  wanted: 'whenAvailable' | 'required',
  which: 'pre' | 'post',
): Document | null {
  if (stored) return stored
  if (wanted === 'whenAvailable') return null
  throw new CommandError(
    47,
    'NoMatchingDocument',
    `Change stream was configured to require a ${which}-image for all update, delete and replace events, but the ${which}-image was not found; the collection needs changeStreamPreAndPostImages`,
  )
}

/** A clustered collection has no index on _id. */
function createdAs(options: Document, idIndex: Document): Document {
  return options.clusteredIndex === undefined ? { ...options, idIndex } : options
}

/** Events about definitions; without showExpandedEvents only those that end or redirect streams. */
function commandEvent(operation: LoggedOperation, watch: Watch): Document | undefined {
  const { name = '', detail = {} } = operation.command ?? {}
  const ns =
    operation.collection === undefined
      ? { db: operation.database }
      : { db: operation.database, coll: operation.collection }
  if (detail.view && name !== 'drop')
    return {
      operationType: name,
      ns,
      ...(name === 'create' && { nsType: 'view' }),
      operationDescription: detail.view as Document,
    }
  switch (name) {
    case 'drop':
    case 'dropDatabase':
      return { operationType: name, ns }
    case 'renameCollection': {
      const { to, dropTarget } = detail
      const event: Document = { operationType: 'rename', ns, to: to as Document }
      if (watch.expanded)
        event.operationDescription =
          dropTarget === undefined ? { to: to as Document } : { to: to as Document, dropTarget: dropTarget as unknown }
      return event
    }
    case 'create':
      return watch.expanded
        ? {
            operationType: 'create',
            ns,
            nsType: 'collection',
            operationDescription: createdAs(detail.options as Document, detail.idIndex as Document),
          }
        : undefined
    case 'createIndexes':
    case 'dropIndexes':
      return watch.expanded
        ? { operationType: name, ns, operationDescription: { indexes: detail.indexes as Document[] } }
        : undefined
    case 'modify':
      return watch.expanded
        ? {
            operationType: 'modify',
            ns,
            operationDescription: detail.options as Document,
            stateBeforeChange: detail.before as Document,
          }
        : undefined
    default:
      return undefined
  }
}

/** The last event of a stream whose collection or database is gone. */
export function invalidateEvent(after: Document, entry: LogEntry, event: number): Document {
  return {
    _id: encodeToken({ time: entry.time, event, invalidate: true }),
    operationType: 'invalidate',
    clusterTime: after.clusterTime as Timestamp,
    wallTime: entry.wall,
  }
}
