import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import type { Collection } from '../engine/collection.ts'
import { executionTree, planTree } from '../engine/planner/explain.ts'
import type { Figures, Purpose } from '../engine/planner/explain.ts'
import type { Plan } from '../engine/planner/plan.ts'
import { runAggregation } from '../engine/query/aggregation.ts'
import { Batch } from '../engine/query/batch.ts'
import { compileFind } from '../engine/query/open-find.ts'
import type { FindOptions, OpenFind } from '../engine/query/open-find.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { isObject } from '../values/types.ts'
import { flag, queryCollator } from './arguments.ts'
import type { Command, CommandContext } from './command.ts'
import { VERSION } from './diagnostics.ts'
import { refuse } from './refused.ts'

interface Explained extends FindOptions {
  purpose: Purpose
  collation?: unknown
}

/** The find that a command's reading part amounts to. */
function readingPart(name: string, command: Document): Explained {
  const first = (field: string): Document =>
    Array.isArray(command[field]) && isObject(command[field][0]) ? command[field][0] : {}
  const number = (value: unknown): number | undefined => (isNumeric(value) ? Math.abs(toNumber(value)) : undefined)
  const { hint, collation } = command
  switch (name) {
    case 'find':
      return {
        purpose: 'find',
        filter: (command.filter ?? {}) as Document,
        sort: command.sort as Document,
        projection: command.projection as Document,
        skip: number(command.skip),
        limit: number(command.limit),
        hint,
        collation,
      }
    case 'count':
      return {
        purpose: 'count',
        filter: (command.query ?? {}) as Document,
        skip: number(command.skip),
        limit: number(command.limit),
        hint,
        collation,
      }
    case 'distinct':
      return { purpose: 'find', filter: (command.query ?? {}) as Document, hint, collation }
    case 'findAndModify':
      return {
        purpose: flag(command.remove) ? 'delete' : 'update',
        filter: (command.query ?? {}) as Document,
        sort: command.sort as Document,
        limit: 1,
        hint,
        collation,
      }
    case 'update': {
      const one = first('updates')
      const limit = flag(one.multi) ? undefined : 1
      const { q, hint: own, collation: text } = one
      return { purpose: 'update', filter: (q ?? {}) as Document, limit, hint: own, collation: text }
    }
    case 'delete': {
      const { q, hint: own, collation: text, limit } = first('deletes')
      return { purpose: 'delete', filter: (q ?? {}) as Document, limit: number(limit), hint: own, collation: text }
    }
    default:
      refuse(name)
      throw new CommandError(59, 'CommandNotFound', `Explain failed due to unknown command: ${name}`)
  }
}

const nothingRead: Figures = { returned: 0, keys: 0, documents: 0 }

async function runFind(context: CommandContext, find: OpenFind): Promise<Figures> {
  let returned = 0
  for (let done = false; !done;) {
    const batch = new Batch(1000, () => undefined)
    done = await find.fill(batch, context.interrupt)
    returned += batch.count
  }
  return { returned, keys: find.scan.keysExamined, documents: find.scan.documentsExamined }
}

/** Counting reads index entries only, or nothing at all. */
function countsUnread(plan: Plan, options: Explained): boolean {
  return (
    options.purpose === 'count' &&
    ((plan.stage === 'IXSCAN' && plan.exact) || (plan.stage === 'COLLSCAN' && Object.keys(options.filter).length === 0))
  )
}

function countUnread(context: CommandContext, plan: Plan): Figures {
  if (plan.stage !== 'IXSCAN') return nothingRead
  const { reader } = context.source
  let keys = 0
  for (const { start, end } of plan.ranges) keys += reader.count(start, end)
  return { ...nothingRead, keys }
}

interface Execution {
  tree: Document
  purpose: Purpose
  verbosity: string
  figures: Figures
  started: number
}

function executionStats({ tree, purpose, verbosity, figures, started }: Execution): Document {
  const writes = purpose === 'update' || purpose === 'delete'
  const nReturned = writes || purpose === 'count' ? 0 : figures.returned
  const time = Math.round(performance.now() - started)
  return {
    executionSuccess: true,
    nReturned,
    executionTimeMillis: time,
    totalKeysExamined: figures.keys,
    totalDocsExamined: figures.documents,
    executionStages: {
      nReturned,
      executionTimeMillisEstimate: time,
      nWouldModify: purpose === 'update' ? figures.returned : undefined,
      nWouldDelete: purpose === 'delete' ? figures.returned : undefined,
      ...executionTree(tree, figures),
    },
    // Plans are chosen without trying them, so that none was run beside the one that won.
    allPlansExecution: verbosity === 'allPlansExecution' ? [] : undefined,
  }
}

async function explainRead(
  context: CommandContext,
  namespace: string,
  options: Explained,
  verbosity: string,
): Promise<Document> {
  const collection: Collection | undefined = context.source.collection(namespace)
  const compiled = compileFind({ ...options, collator: queryCollator(options.collation, collection) })
  const opened = collection && compiled.open(collection, context.source)
  const plan: Plan = opened?.plan ?? { stage: 'EOF', sorted: true }
  const sorts = options.sort !== undefined && Object.keys(options.sort).length > 0
  const winningPlan = planTree(plan, { ...options, needsSort: sorts && !plan.sorted })
  const reply: Document = {
    explainVersion: '1',
    queryPlanner: { namespace, indexFilterSet: false, parsedQuery: options.filter, winningPlan, rejectedPlans: [] },
  }
  if (verbosity === 'queryPlanner') return reply
  const started = performance.now()
  const figures = !opened
    ? nothingRead
    : countsUnread(plan, options)
      ? countUnread(context, plan)
      : await runFind(context, opened.find)
  reply.executionStats = executionStats({ tree: winningPlan, purpose: options.purpose, verbosity, figures, started })
  return reply
}

async function explainAggregate(context: CommandContext, command: Document, verbosity: string): Promise<Document> {
  const name: unknown = command.aggregate
  const namespace = `${context.database}.${typeof name === 'string' ? name : '$cmd.aggregate'}`
  const opened = runAggregation(command.pipeline as Document[], {
    explains: true,
    engine: context.engine,
    source: context.source,
    interrupt: context.interrupt,
    database: context.database,
    collection: typeof name === 'string' ? name : undefined,
    hint: command.hint,
    let: command.let as Document | undefined,
    collator: queryCollator(
      command.collation,
      context.source.view(namespace) ? undefined : context.source.collection(namespace),
    ),
  })
  const { leadingMatch = {}, leadingSort, leadingSkip, leadingLimit, rest, writes } = opened.pipeline
  const winningPlan = planTree(opened.plan ?? { stage: 'EOF', sorted: true }, {
    purpose: rest.length === 0 ? 'find' : 'aggregate',
    filter: leadingMatch,
    sort: leadingSort,
    skip: leadingSkip,
    limit: leadingLimit,
    needsSort: leadingSort !== undefined && opened.plan?.sorted === false,
  })
  const cursor: Document = {
    queryPlanner: { namespace, indexFilterSet: false, parsedQuery: leadingMatch, winningPlan, rejectedPlans: [] },
  }
  if (verbosity !== 'queryPlanner' && !writes) {
    const started = performance.now()
    let returned = 0
    while (!(await opened.documents.next()).done) returned++
    const scan = opened.find?.scan
    const figures = { returned, keys: scan?.keysExamined ?? 0, documents: scan?.documentsExamined ?? 0 }
    cursor.executionStats = executionStats({ tree: winningPlan, purpose: 'aggregate', verbosity, figures, started })
  }
  // A pipeline that is nothing but a find is explained as one.
  return rest.length === 0
    ? { explainVersion: '1', ...cursor }
    : { explainVersion: '1', stages: [{ $cursor: cursor }, ...rest] }
}

/** The explanation of a command: the plan, and unless only that is asked for, the figures of running its reading part. */
export async function explainCommand(context: CommandContext, command: Document, verbosity: string): Promise<Document> {
  const sent = Object.keys(command)[0] ?? ''
  const name = sent === 'findandmodify' ? 'findAndModify' : sent
  if (context.body.$db !== undefined && command.$db !== undefined && command.$db !== context.body.$db)
    throw new CommandError(73, 'InvalidNamespace', 'Mismatched $db in explain command')
  const body =
    name === 'aggregate'
      ? await explainAggregate(context, command, verbosity)
      : await explainRead(
          context,
          `${context.database}.${String(command[sent])}`,
          readingPart(name, command),
          verbosity,
        )
  return { ...body, command, serverInfo: { host: context.server.host, version: VERSION, gitVersion: 'embedded' } }
}

export const explain: Command = {
  name: 'explain',
  fields: ['explain', 'verbosity'],
  run(context) {
    const command: unknown = context.body.explain
    if (!isObject(command))
      throw new CommandError(
        14,
        'TypeMismatch',
        "BSON field 'explain.explain' is the wrong type, expected type 'object'",
      )
    const verbosity: unknown = context.body.verbosity ?? 'allPlansExecution'
    if (!['queryPlanner', 'executionStats', 'allPlansExecution'].includes(verbosity as string))
      throw new CommandError(
        2,
        'BadValue',
        `Enumeration value '${String(verbosity)}' for field 'explain.verbosity' is not a valid value.`,
      )
    return explainCommand(context, command, verbosity as string)
  },
}
