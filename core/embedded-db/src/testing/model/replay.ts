import type { Document } from 'bson'
import type { Backend } from './backend.ts'
import { commandOf } from './commands.ts'
import type { DataOperation } from './commands.ts'
import { CursorCheck } from './cursor-check.ts'
import { Difference } from './difference.ts'
import type { FreshName } from './fresh-names.ts'
import { checkHalfWay, mayStopHalfWay, type Update } from './half-way.ts'
import type { Operation, Session } from './operations.ts'
import { OracleIndex } from './oracle-index.ts'
import { Oracle, Waits } from './oracle.ts'
import type { OracleTransaction } from './oracle.ts'
import { outcomeOf, show } from './outcome.ts'
import type { Outcome } from './outcome.ts'
import { perform } from './perform.ts'
import { Refused } from './update.ts'
import { isRow } from './values.ts'
import type { Row } from './values.ts'

interface Waiting {
  operation: DataOperation
  reply: Promise<Document>
}

/** Runs a sequence on a collection of a fresh name and on the model side by side. @throws Difference */
export async function replay(operations: readonly Operation[], backend: Backend, name: FreshName): Promise<void> {
  await new Replay(backend, name).run(operations)
}

class Replay {
  private readonly backend: Backend
  private readonly database: string
  private readonly oracle = new Oracle()
  private readonly transactions: [OracleTransaction | undefined, OracleTransaction | undefined] = [undefined, undefined]
  private waiting: Waiting[] = []
  private readonly names: readonly [string, string]
  private collection: string
  private cursor: CursorCheck | undefined
  private readonly patterns = new Map<string, string>()

  constructor(backend: Backend, { database, collection }: FreshName) {
    this.backend = backend
    this.database = database
    this.names = [collection, `${collection}_renamed`]
    this.collection = collection
  }

  async run(operations: readonly Operation[]): Promise<void> {
    await this.expectOk({ create: this.collection })
    for (const operation of operations) await this.step(operation)
    for (const session of [0, 1] as const) await this.end(session, false)
    if (this.waiting.length > 0) throw new Difference(`still waiting after the last transaction: ${show(this.waiting)}`)
    await this.cursor?.finish()
    const stored = await this.rows()
    const expected = this.oracle.seen().map(([, row]) => row)
    if (show(stored) !== show(expected)) throw new Difference(`stored\n${show(stored)}\nmodel\n${show(expected)}`)
    const checked = await this.backend.command(this.database, { validate: this.collection })
    if (checked.valid !== true) throw new Difference(`the indexes disagree with the collection: ${show(checked)}`)
  }

  private step(operation: Operation): Promise<void> {
    switch (operation.kind) {
      case 'end':
        return this.end(operation.session, operation.commit)
      case 'openCursor':
        return this.openCursor(operation.filter, operation.batchSize)
      case 'readCursor':
        return this.cursor?.read(operation.batchSize) ?? Promise.resolve()
      case 'createIndex':
      case 'dropIndex':
      case 'rename':
      case 'drop':
        // Nothing is defined while a transaction is open, which would have to wait or fail by rules of its own.
        return this.oracle.open.size > 0 ? Promise.resolve() : this.define(operation)
      default:
        return this.data(this.determined(operation))
    }
  }

  private async openCursor(filter: Row, batchSize: number): Promise<void> {
    await this.cursor?.finish()
    this.cursor = new CursorCheck(this.backend, this.database, this.collection, this.oracle, filter)
    await this.cursor.open(batchSize)
  }

  private async define(
    operation: Extract<Operation, { kind: 'createIndex' | 'dropIndex' | 'rename' | 'drop' }>,
  ): Promise<void> {
    await this.cursor?.finish()
    this.cursor = undefined
    if (operation.kind === 'createIndex') return this.createIndex(operation)
    if (operation.kind === 'dropIndex') {
      if (!this.patterns.delete(operation.name)) return
      await this.expectOk({ dropIndexes: this.collection, index: operation.name })
      this.oracle.indexes = this.oracle.indexes.filter(({ name }) => name !== operation.name)
    } else if (operation.kind === 'rename') {
      const to = this.collection === this.names[0] ? this.names[1] : this.names[0]
      const names = { renameCollection: `${this.database}.${this.collection}`, to: `${this.database}.${to}` }
      const reply = await this.backend.command('admin', names)
      if (reply.ok !== 1) throw new Difference(`rename: ${show(reply)}`)
      this.collection = to
    } else {
      await this.expectOk({ drop: this.collection })
      await this.expectOk({ create: this.collection })
      this.patterns.clear()
      this.oracle.clear()
    }
  }

  private async createIndex({ name, pattern, options }: Extract<Operation, { kind: 'createIndex' }>): Promise<void> {
    const shape = show(pattern)
    if (this.patterns.has(name) || [...this.patterns.values()].includes(shape) || /^{"_id":-?1}$/.test(shape)) return
    let code: number | undefined
    try {
      this.oracle.addIndex(new OracleIndex(name, pattern, options))
      this.patterns.set(name, shape)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      code = error.code
    }
    const index = { key: pattern, name, ...options }
    const reply = await this.backend.command(this.database, { createIndexes: this.collection, indexes: [index] })
    this.compare({ createIndexes: index }, reply.ok === 1 ? {} : { code: Number(reply.code) }, code ? { code } : {})
  }

  /** A write of one row names its row, so that no choice is left to the plan. */
  private determined(operation: DataOperation): DataOperation {
    if (operation.kind !== 'delete' && operation.kind !== 'update') return operation
    if (operation.multi || (operation.kind === 'update' && operation.upsert)) return operation
    const [first] = this.oracle.find(operation.filter, this.openOf(operation))
    return first
      ? { ...operation, filter: { $and: [{ _id: first[1]._id as Row[string] }, operation.filter] } }
      : operation
  }

  private openOf(operation: DataOperation): OracleTransaction | undefined {
    const session = sessionOf(operation)
    return session === undefined ? undefined : this.transactions[session]
  }

  private transactionOf(operation: DataOperation): OracleTransaction | undefined {
    const session = sessionOf(operation)
    if (session === undefined) return undefined
    return (this.transactions[session] ??= this.oracle.begin())
  }

  private async data(operation: DataOperation): Promise<void> {
    if (mayStopHalfWay(operation, this.oracle, this.openOf(operation))) return this.halfWay(operation)
    const transaction = this.transactionOf(operation)
    if (!transaction && this.oracle.open.size > 0 && writesMany(operation) && this.wouldWait(operation)) return
    let expected: Outcome
    try {
      expected = perform(operation, this.oracle, transaction)
    } catch (error) {
      if (!(error instanceof Waits)) throw error
      return this.wait(operation)
    }
    const reply = await this.send(operation)
    this.compare(operation, outcomeOf(operation, reply), expected)
    // What others commit may put something else before what waits.
    if (!transaction) return this.ended(undefined)
    if (expected.code === undefined) return
    this.checkLabels(operation, reply, expected.code)
    this.oracle.abort(transaction)
    await this.ended(sessionOf(operation))
  }

  private send(operation: DataOperation): Promise<Document> {
    const database = operation.kind === 'bulk' ? 'admin' : this.database
    return this.backend.command(database, commandOf(operation, this.database, this.collection), sessionOf(operation))
  }

  /** A write conflict tells the driver to run the transaction again, any other error does not. */
  private checkLabels(operation: DataOperation, reply: Document, code: number): void {
    const labels = (reply.errorLabels ?? []) as string[]
    if (labels.includes('TransientTransactionError') !== (code === 112))
      throw new Difference(`${show(operation)}\nlabels ${show(labels)} with code ${code}`)
  }

  /** The model takes over what was stored. */
  private async halfWay(operation: Update): Promise<void> {
    if (operation.session !== undefined || this.oracle.open.size > 0) return
    const reply = await this.send(operation)
    const stored = await this.rows()
    checkHalfWay(operation, this.oracle, reply, stored)
    this.oracle.adopt(stored)
  }

  private wouldWait(operation: DataOperation): boolean {
    try {
      perform(operation, this.oracle.copy(), undefined)
      return false
    } catch (error) {
      if (error instanceof Waits) return true
      throw error
    }
  }

  private async wait(operation: DataOperation): Promise<void> {
    let answered = false
    const reply = this.send(operation).finally(() => (answered = true))
    await this.backend.settle()
    if (answered)
      throw new Difference(`${show(operation)}\ndid not wait for the transaction, and answered ${show(await reply)}`)
    this.waiting.push({ operation, reply })
  }

  private async end(session: 0 | 1, commit: boolean): Promise<void> {
    const transaction = this.transactions[session]
    if (!transaction) return
    const reply = await this.backend.end(session, commit)
    if (reply.ok !== 1) throw new Difference(`${commit ? 'commit' : 'abort'}: ${show(reply)}`)
    if (commit) this.oracle.commit(transaction)
    else this.oracle.abort(transaction)
    await this.ended(session)
  }

  /** What waited for a transaction goes on, in the order in which it came. */
  private async ended(session: 0 | 1 | undefined): Promise<void> {
    if (session !== undefined) this.transactions[session] = undefined
    // What one of them does may let an earlier one go on, so until nothing moves.
    for (let moved = true; moved;) {
      const waiting = this.waiting
      this.waiting = []
      for (const one of waiting) {
        try {
          const expected = perform(one.operation, this.oracle, undefined)
          this.compare(one.operation, outcomeOf(one.operation, await one.reply), expected)
        } catch (error) {
          if (!(error instanceof Waits)) throw error
          this.waiting.push(one)
        }
      }
      moved = this.waiting.length < waiting.length
    }
  }

  private async rows(): Promise<Row[]> {
    const reply = await this.backend.command(this.database, { find: this.collection, hint: { $natural: 1 } })
    return outcomeOf({ kind: 'find' } as DataOperation, reply).rows as Row[]
  }

  private compare(operation: unknown, found: Outcome, expected: Outcome): void {
    if (show(sortedFields(found)) === show(sortedFields(expected))) return
    const rows = this.oracle.seen().map(([, row]) => row)
    throw new Difference(
      `${show(operation)}\nanswered\n${show(found)}\nmodel\n${show(expected)}\nrows of the model\n${show(rows)}\nindexes ${show([...this.patterns])}`,
    )
  }

  private async expectOk(body: Document): Promise<void> {
    const reply = await this.backend.command(this.database, body)
    if (reply.ok !== 1) throw new Difference(`${show(body)}: ${show(reply)}`)
  }
}

const sessionOf = (operation: DataOperation): Session | undefined =>
  'session' in operation ? operation.session : undefined

const writesMany = (operation: DataOperation): boolean =>
  operation.kind === 'bulk' ||
  (operation.kind === 'insert' && operation.rows.length > 1) ||
  ((operation.kind === 'update' || operation.kind === 'delete') && operation.multi)

/** Outcomes name their parts in any order; rows do not. */
function sortedFields(outcome: Outcome): Row {
  return isRow(outcome as Row)
    ? Object.fromEntries(Object.entries(outcome as Row).sort(([a], [b]) => (a < b ? -1 : 1)))
    : {}
}
