import { checkNamespace } from '../engine/engine.ts'
import { insertDocuments } from '../engine/writes/insert.ts'
import { collectionName, flag } from './arguments.ts'
import type { Command } from './command.ts'
import { isUnacknowledged } from './concerns.ts'
import { insertedDocuments, ReplyList, statementNumber } from './write-arguments.ts'

export const insert: Command = {
  name: 'insert',
  kinds: { ordered: 'bool', bypassDocumentValidation: 'flag' },
  fields: [
    'insert',
    'documents',
    'ordered',
    'bypassDocumentValidation',
    'stmtId',
    'stmtIds',
    'isTimeseriesNamespace',
    'bypassEmptyTsReplacement',
    'collectionUUID',
  ],
  transactional: true,
  async run(context) {
    const name = collectionName(context)
    checkNamespace(context.database, name)
    const errors = new ReplyList()
    const inserted = await insertDocuments(
      context.mode,
      {
        database: context.database,
        name,
        documents: await insertedDocuments(context),
        ordered: context.body.ordered !== false,
        bypassValidation: flag(context.body.bypassDocumentValidation),
        statement: statementNumber(context),
        failed: (index, error) => errors.addError(index, error),
      },
      context.statements,
      context.interrupt,
    )
    if (isUnacknowledged(context.body)) return { n: 0 }
    return { n: inserted, writeErrors: errors.finish() }
  },
}
