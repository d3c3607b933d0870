import type { ChangeStream, Document, ResumeToken } from 'mongodb'
import { onlyOutage } from './told.ts'

/** A change as a stream told it, in short. */
export interface Change {
  collection: string
  kind: string
  id: unknown
  fields: Document | undefined
  /** The transaction it belongs to. */
  transaction: string | undefined
}

/** Follows a change stream over every restart, and keeps all that it says. */
export class Watcher {
  readonly changes: Change[] = []
  private token: ResumeToken
  private readonly open: (options: { resumeAfter?: ResumeToken; maxAwaitTimeMS: number }) => ChangeStream
  /** How often it had to be opened anew, where the driver's own attempt to resume had failed. */
  reopened = -1

  constructor(open: Watcher['open']) {
    this.open = open
  }

  /** Resolves when the stream stands, so that whatever comes later is in it. */
  async start(): Promise<void> {
    const stream = this.open({ maxAwaitTimeMS: 20 })
    await stream.tryNext()
    this.token = stream.resumeToken
    await stream.close()
  }

  /** Reads until the change of the given document. @throws what a killed server does not explain */
  async until(last: unknown): Promise<void> {
    for (;;) {
      const stream = this.open({ maxAwaitTimeMS: 200, resumeAfter: this.token })
      this.reopened++
      try {
        for (;;) {
          const event = (await stream.tryNext()) as Document | null
          if (event) this.changes.push(changeOf(event))
          this.token = stream.resumeToken
          if (event && (event.documentKey as Document | undefined)?._id === last) return
        }
      } catch (error) {
        onlyOutage(error)
      } finally {
        await stream.close().catch(onlyOutage)
      }
    }
  }
}

function changeOf(event: Document): Change {
  return {
    collection: String((event.ns as Document | undefined)?.coll),
    kind: String(event.operationType),
    id: (event.documentKey as Document | undefined)?._id,
    fields: (event.updateDescription as Document | undefined)?.updatedFields as Document | undefined,
    transaction: event.lsid ? `${JSON.stringify((event.lsid as Document).id)} ${String(event.txnNumber)}` : undefined,
  }
}
