import type { Document } from 'bson'
import { compileMatch } from '../match/index.ts'
import { canonical, relaxed, typed } from '../values/typed-testing.ts'
import { compileConstantScope } from './constant-scope.ts'
import { compileExpression } from './expression.ts'
import { compilePipeline } from './index.ts'
import type { PipelineOptions } from './types.ts'

export interface PipelineWorld extends Partial<PipelineOptions> {
  /** The documents of other collections. */
  collections?: Record<string, Document[]>
  /** Receives every filter that a look-up asks for. */
  asked?: Document[]
}

/** Runs a pipeline over documents with in-memory collections beside it. For specs. */
export async function aggregate(
  stages: Document[],
  documents: Document[],
  { collections = {}, asked, ...options }: PipelineWorld = {},
): Promise<Document[]> {
  const pipeline = compilePipeline(stages.map(typed), {
    ns: 'test.source',
    lookup: (name, { match }) => {
      asked?.push(match ?? {})
      const test = match ? compileMatch(match, { collation: options.collation }) : () => true
      return (collections[name] ?? []).map(typed).filter(test)
    },
    ...options,
  })
  const results: Document[] = []
  for await (const document of pipeline.run(documents.map(typed))) results.push(document)
  return results
}

/** The results as short texts. */
export async function results(stages: Document[], documents: Document[], world?: PipelineWorld): Promise<string[]> {
  return (await aggregate(stages, documents, world)).map(relaxed)
}

/** The value of an expression on a document, as a text: 'missing', or JSON with types shown when `showTypes`. */
export function evaluate(expression: unknown, document: Document = {}, showTypes = false): string {
  const { scope, variables } = compileConstantScope({ now: new Date(0) })
  const value = compileExpression(typed({ expression }).expression, scope)(typed(document), variables)
  return showTypes ? canonical(value) : relaxed(value)
}
