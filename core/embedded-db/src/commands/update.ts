import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import type { WriteError } from '../engine/writes/insert.ts'
import { collectionName, flag } from './arguments.ts'
import type { Command } from './command.ts'
import { runUpdate } from './update-statement.ts'
import { statementNumber, writeErrors, writeStatements } from './write-arguments.ts'

const STATEMENT_FIELDS = new Set([
  'q',
  'u',
  'c',
  'multi',
  'upsert',
  'arrayFilters',
  'collation',
  'hint',
  'sort',
  'upsertSupplied',
])

export const update: Command = {
  name: 'update',
  fields: [
    'update',
    'updates',
    'ordered',
    'bypassDocumentValidation',
    'let',
    'stmtId',
    'stmtIds',
    'isTimeseriesNamespace',
    'bypassEmptyTsReplacement',
    'collectionUUID',
  ],
  transactional: true,
  async run(context) {
    const collection = collectionName(context)
    const statement = statementNumber(context)
    const errors: WriteError[] = []
    const upserted: Document[] = []
    let n = 0
    let nModified = 0
    for (const [index, one] of writeStatements(context, 'updates').entries()) {
      try {
        const unknown = Object.keys(one).find((field) => !STATEMENT_FIELDS.has(field))
        if (unknown)
          throw new CommandError(40415, 'Location40415', `BSON field 'update.updates.${unknown}' is an unknown field.`)
        if (one.u === undefined)
          throw new CommandError(
            40414,
            'Location40414',
            `BSON field 'update.updates.u' is missing but a required field`,
          )
        const result = await runUpdate(context, {
          database: context.database,
          collection,
          filter: one.q as Document,
          update: one.u,
          multi: flag(one.multi),
          upsert: flag(one.upsert),
          arrayFilters: one.arrayFilters,
          collation: one.collation,
          hint: one.hint,
          sort: one.sort,
          let: context.body.let,
          variables: one.c,
          statement: statement(index),
        })
        if (result.upserted) upserted.push({ index, _id: result.upserted.id })
        n += result.upserted ? 1 : result.matched
        nModified += result.modified
      } catch (error) {
        if (!(error instanceof CommandError) || context.inTransaction) throw error
        errors.push({ index, error })
        if (context.body.ordered !== false) break
      }
    }
    return { n, nModified, upserted: upserted.length > 0 ? upserted : undefined, writeErrors: writeErrors(errors) }
  },
}
