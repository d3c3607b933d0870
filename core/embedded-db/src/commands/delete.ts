import { CommandError } from '../errors.ts'
import { deleteMatching } from '../engine/writes/delete.ts'
import type { WriteError } from '../engine/writes/insert.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { collectionName } from './arguments.ts'
import type { Command } from './command.ts'
import { statementNumber, targetOf, writeErrors, writeStatements } from './write-arguments.ts'

const STATEMENT_FIELDS = new Set(['q', 'limit', 'collation', 'hint'])

export const deleteCommand: Command = {
  name: 'delete',
  fields: ['delete', 'deletes', 'ordered', 'let', 'stmtId', 'stmtIds', 'collectionUUID'],
  transactional: true,
  async run(context) {
    const namespace = `${context.database}.${collectionName(context)}`
    const statement = statementNumber(context)
    const errors: WriteError[] = []
    let n = 0
    for (const [index, one] of writeStatements(context, 'deletes').entries()) {
      try {
        const unknown = Object.keys(one).find((field) => !STATEMENT_FIELDS.has(field))
        if (unknown)
          throw new CommandError(40415, 'Location40415', `BSON field 'delete.deletes.${unknown}' is an unknown field.`)
        const limit = isNumeric(one.limit) ? toNumber(one.limit) : Number.NaN
        if (limit !== 0 && limit !== 1)
          throw new CommandError(
            9,
            'FailedToParse',
            `The limit field in delete objects must be 0 or 1. Got ${String(one.limit)}`,
          )
        const target = targetOf(context, namespace, one.q, {
          collation: one.collation,
          hint: one.hint,
          let: context.body.let,
        })
        n += await deleteMatching(
          context.mode,
          target,
          limit === 0,
          context.statements,
          statement(index),
          context.interrupt,
        )
      } catch (error) {
        if (!(error instanceof CommandError) || context.inTransaction) throw error
        errors.push({ index, error })
        if (context.body.ordered !== false) break
      }
    }
    return { n, writeErrors: writeErrors(errors) }
  },
}
