import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import { deleteStatement } from '../engine/writes/delete.ts'
import { runStatements } from '../engine/writes/statements.ts'
import type { Statement } from '../engine/writes/statements.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { collectionName } from './arguments.ts'
import type { Command, CommandContext } from './command.ts'
import { isUnacknowledged } from './concerns.ts'
import { checkHint, ReplyList, statementNumber, statementRun, targetOf, writeStatements } from './write-arguments.ts'
import type { StatementShape } from './write-arguments.ts'

const STATEMENT: StatementShape = {
  fields: { q: 'object', limit: 'any', collation: 'object', hint: checkHint },
  required: ['q', 'limit'],
}

/** Whether a statement deletes all that it finds, and not one. */
function deletesAll({ limit }: Document): boolean {
  if (isNumeric(limit) && (toNumber(limit) === 0 || toNumber(limit) === 1)) return toNumber(limit) === 0
  throw new CommandError(9, 'FailedToParse', `The limit field in delete objects must be 0 or 1. Got ${String(limit)}`)
}

function compileOne(context: CommandContext, namespace: string, one: Document, statement: number): Statement<number> {
  const target = targetOf(context, namespace, one.q, {
    collation: one.collation,
    hint: one.hint,
    let: context.body.let,
  })
  return deleteStatement(context.mode, target, deletesAll(one), context.statements, statement, context.interrupt)
}

export const deleteCommand: Command = {
  name: 'delete',
  kinds: { ordered: 'bool', let: 'object' },
  fields: ['delete', 'deletes', 'ordered', 'let', 'stmtId', 'stmtIds', 'collectionUUID'],
  transactional: true,
  async run(context) {
    const namespace = `${context.database}.${collectionName(context)}`
    const statement = statementNumber(context)
    const errors = new ReplyList()
    let n = 0
    const statements = await writeStatements(context, 'deletes', STATEMENT)
    statements.forEach(deletesAll)
    await runStatements({
      ...statementRun(context),
      count: statements.length,
      compile: (index) => compileOne(context, namespace, statements[index] as Document, statement(index)),
      done: (_, deleted) => void (n += deleted),
      failed: (index, error) => errors.addError(index, error),
    })
    if (isUnacknowledged(context.body)) return { n: 0 }
    return { n, writeErrors: errors.finish() }
  },
}
