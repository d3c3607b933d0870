import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import { isObject } from '../values/types.ts'
import { API_PARAMETERS } from './stable-api.ts'
import type { Command } from './command.ts'

const ENDS = new Set(['commitTransaction', 'abortTransaction'])
const READS = new Set(['find', 'aggregate', 'distinct'])
const CREATES = new Set(['create', 'createIndexes'])

function invalid(message: string): CommandError {
  return new CommandError(72, 'InvalidOptions', message)
}

function unsupported(message: string): CommandError {
  return new CommandError(263, 'OperationNotSupportedInTransaction', message)
}

/** Each of the fields needs the one before: lsid, txnNumber, autocommit, startTransaction. @throws CommandError 72 */
export function checkSessionFields({ lsid, txnNumber, autocommit, startTransaction }: Document): void {
  if (txnNumber === undefined) {
    const field = autocommit === undefined ? 'startTransaction' : 'autocommit'
    if (autocommit === undefined && startTransaction === undefined) return
    throw invalid(`'${field}' field requires a transaction number to also be specified`)
  }
  if (lsid === undefined) throw invalid('Transaction number requires a session ID to also be specified')
  if (autocommit !== undefined && autocommit !== false) throw invalid('Specifying autocommit=true is not allowed.')
  if (startTransaction === undefined) return
  if (autocommit === undefined)
    throw invalid("'startTransaction' field requires 'autocommit' field to also be specified")
  if (startTransaction !== true) throw invalid('Specifying startTransaction=false is not allowed.')
}

/** What a transaction refuses without ending by it. @throws CommandError 263 */
export function checkStatement(command: Command, name: string, body: Document): void {
  if (ENDS.has(command.name)) {
    if (body.startTransaction) throw unsupported(`Cannot start a transaction with '${name}'.`)
    return
  }
  if (!command.transactional) throw unsupported(`Cannot run '${name}' in a multi-document transaction.`)
  if (body.$db === 'local' || body.$db === 'config')
    throw unsupported(`Cannot run command against the '${body.$db}' database in a transaction.`)
  if (body[name] === 'system.profile')
    throw unsupported(`Cannot run command against the '${String(body.$db)}.system.profile' namespace in a transaction`)
}

/** The server's own collections are not part of transactions. @throws CommandError that ends the transaction */
export function checkOwnCollections(command: Command, name: string, body: Document): void {
  for (const namespace of namespacesOf(command, name, body)) {
    if (!namespace.includes('.system.')) continue
    if (READS.has(command.name)) {
      if (namespace.endsWith('.system.views'))
        throw new CommandError(51071, 'Location51071', `Cannot run '${name}' on '${namespace}' in a transaction`)
    } else if (CREATES.has(command.name))
      throw unsupported(`Cannot create system collection ${namespace} within a transaction.`)
    else if (command.name !== 'getMore' && command.name !== 'killCursors')
      throw new CommandError(
        50791,
        'Location50791',
        `Cannot write to system collection ${namespace} within a transaction.`,
      )
  }
}

function namespacesOf(command: Command, name: string, body: Document): string[] {
  if (command.name !== 'bulkWrite') return typeof body[name] === 'string' ? [`${body.$db}.${body[name]}`] : []
  const listed: unknown = body.nsInfo
  return (Array.isArray(listed) ? (listed as unknown[]) : []).flatMap((one) =>
    isObject(one) && typeof one.ns === 'string' ? [one.ns] : [],
  )
}

/** What a command says of the API version, to be the same in a whole transaction. */
export function apiOf(body: Document): string {
  return JSON.stringify(Object.fromEntries(API_PARAMETERS.map((field) => [field, body[field] as unknown])))
}

/** @throws CommandError 369, by which the transaction does not end */
export function checkSameApi(first: string, name: string, body: Document): void {
  const own = apiOf(body)
  if (own !== first)
    throw new CommandError(
      369,
      'APIMismatchError',
      `API parameter mismatch: ${name} used params ${own}, the transaction's first command used ${first}`,
    )
}
