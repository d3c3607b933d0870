import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import { deleteStatement } from '../engine/writes/delete.ts'
import type { WriteError } from '../engine/writes/insert.ts'
import { runStatements } from '../engine/writes/statements.ts'
import type { Statement } from '../engine/writes/statements.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { collectionName } from './arguments.ts'
import type { Command, CommandContext } from './command.ts'
import { isUnacknowledged } from './concerns.ts'
import { statementNumber, statementRun, targetOf, writeErrors, writeStatements } from './write-arguments.ts'

const STATEMENT_FIELDS = new Set(['q', 'limit', 'collation', 'hint'])

function compileOne(context: CommandContext, namespace: string, one: Document, statement: number): Statement<number> {
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
  return deleteStatement(context.mode, target, limit === 0, context.statements, statement, context.interrupt)
}

export const deleteCommand: Command = {
  name: 'delete',
  fields: ['delete', 'deletes', 'ordered', 'let', 'stmtId', 'stmtIds', 'collectionUUID'],
  transactional: true,
  async run(context) {
    const namespace = `${context.database}.${collectionName(context)}`
    const statement = statementNumber(context)
    const errors: WriteError[] = []
    let n = 0
    const statements = writeStatements(context, 'deletes')
    await runStatements({
      ...statementRun(context),
      count: statements.length,
      compile: (index) => compileOne(context, namespace, statements[index] as Document, statement(index)),
      done: (_, deleted) => void (n += deleted),
      failed: (index, error) => errors.push({ index, error }),
    })
    if (isUnacknowledged(context.body)) return { n: 0 }
    return { n, writeErrors: writeErrors(errors) }
  },
}
