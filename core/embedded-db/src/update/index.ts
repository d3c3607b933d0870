import { type Document, Timestamp } from 'bson'
import { CommandError } from '../errors.ts'
import { compileUpdatePipeline } from '../aggregate/update-pipeline.ts'
import { fieldSet } from '../bson/field-filter.ts'
import { notInThisContext } from '../match/filter.ts'
import { matchContext } from '../match/index.ts'
import { describe } from '../values/document.ts'
import { identical } from '../values/compare.ts'
import { applyNode } from './apply.ts'
import { compileArrayFilters } from './array-filters.ts'
import { compileModify } from './compile-modify.ts'
import { keepId, withId } from './immutable-id.ts'
import type { ApplyContext } from './mutation.ts'
import { compilePositions } from './positional.ts'
import { compileReplacement } from './replacement.ts'
import type { CompiledUpdate, UpdateOptions } from './types.ts'
import { upsertBase } from './upsert-base.ts'

export type { CompiledUpdate, UpdateOptions } from './types.ts'

function checkIdentifiers(
  used: ReadonlyMap<string, string>,
  filters: ReadonlyMap<string, unknown>,
  update: Document,
): void {
  for (const [identifier, path] of used) {
    if (!filters.has(identifier))
      throw new CommandError(2, 'BadValue', `No array filter found for identifier '${identifier}' in path '${path}'`)
  }
  for (const identifier of filters.keys()) {
    if (!used.has(identifier))
      throw new CommandError(
        9,
        'FailedToParse',
        `The array filter for identifier '${identifier}' was not used in the update ${describe(update)}`,
      )
  }
}

function compileModification(update: Document, options: UpdateOptions): CompiledUpdate {
  const match = matchContext(options)
  const parts = matchContext({ ...options, refuse: notInThisContext })
  const { root, identifiers, matched } = compileModify(update, parts)
  const filters = compileArrayFilters(options.arrayFilters ?? [], parts)
  checkIdentifiers(identifiers, filters, update)
  const filter = options.filter ?? {}
  let positions: ReturnType<typeof compilePositions> | undefined
  const now = options.now ?? new Date()
  const clusterTime = options.clusterTime ?? new Timestamp({ t: Math.floor(now.getTime() / 1000), i: 1 })
  const change = (document: Document, inserting: boolean, touched?: (readonly string[])[]): Document => {
    const context: ApplyContext = {
      original: document,
      inserting,
      touched,
      now,
      clusterTime,
      position: (path) => (positions ??= compilePositions(filter, match))(document, path),
      passes: (identifier, element) => filters.get(identifier)?.(element) === true,
    }
    return applyNode(root, document, context, []) as Document
  }
  return {
    kind: 'modify',
    fields: matched ? undefined : fieldSet(['_id', ...root.children.keys()]),
    apply: (document, touched) => {
      const updated = change(document, false, touched)
      return updated === document ? document : keepId(document, updated, true)
    },
    insert: (id) => {
      const base = upsertBase(filter, false)
      return withId(keepId(base, change(base, true), true), id)
    },
  }
}

function compilePipelineUpdate(stages: Document[], options: UpdateOptions): CompiledUpdate {
  if (options.arrayFilters && options.arrayFilters.length > 0)
    throw new CommandError(9, 'FailedToParse', 'arrayFilters may not be specified for pipeline-syle updates')
  const run = compileUpdatePipeline(stages, options)
  return {
    kind: 'pipeline',
    fields: undefined,
    apply: (document) => {
      const updated = run(document)
      const kept =
        updated._id === undefined && document._id !== undefined ? { _id: document._id as unknown, ...updated } : updated
      return identical(document, kept) ? document : keepId(document, kept, false)
    },
    insert: (id) => {
      const base = upsertBase(options.filter ?? {}, false)
      return withId(keepId(base, run(base), false), id)
    },
  }
}

/**
 * Compiles an update: a replacement, a document of update operators, or a pipeline. All of it is checked here, before any
 * document is seen; errors are CommandErrors with MongoDB's codes (9 unknown operator, 40 conflict, 52 and 56 names,
 * 2 and 14 operands), and apply and insert add those that depend on the document (2, 14, 28 path, 66 _id, 54).
 */
export function compileUpdate(update: Document | Document[], options: UpdateOptions = {}): CompiledUpdate {
  if (Array.isArray(update)) return compilePipelineUpdate(update as Document[], options)
  const [first] = Object.keys(update)
  if (first?.startsWith('$')) return compileModification(update, options)
  compileArrayFilters(options.arrayFilters ?? [], matchContext({ ...options, refuse: notInThisContext }))
  return compileReplacement(update, options)
}
