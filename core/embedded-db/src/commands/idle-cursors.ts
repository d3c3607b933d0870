import type { Document } from 'bson'
import { sessionOfName } from '../engine/sessions.ts'
import { isObject } from '../values/types.ts'
import { flag } from './arguments.ts'
import type { Server } from './server.ts'
import { long } from './arguments.ts'

/** Cursors that stay open while nobody reads them, as $currentOp shows them. */
export function idleCursors({ cursors, host }: Server): Document[] {
  return cursors.idle().map((cursor) => {
    const {
      lsid: _,
      $db: __,
      $clusterTime: ___,
      ...command
    }: Document = isObject(cursor.originalCommand) ? cursor.originalCommand : {}
    return {
      type: 'idleCursor',
      host,
      ns: cursor.namespace,
      ...(cursor.session !== undefined && { lsid: sessionOfName(cursor.session) }),
      cursor: {
        cursorId: cursor.id,
        createdDate: cursor.opened,
        lastAccessDate: cursor.lastRead,
        nDocsReturned: long(cursor.documents),
        nBatchesReturned: long(cursor.batches),
        noCursorTimeout: cursor.noTimeout,
        tailable: cursor.awaitData || flag(command.tailable),
        awaitData: cursor.awaitData,
        originatingCommand: command,
      },
    }
  })
}
