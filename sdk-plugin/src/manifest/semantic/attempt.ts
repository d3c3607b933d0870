import type { Options } from 'ajv/dist/2020.js'
import { createAjv } from '../../http/ajv.ts'

/** What is wrong with it, in a sentence; undefined when nothing is. */
export function errorOf(work: () => unknown): string | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Why a JSON Schema of the author's cannot be used. */
export function compileError(schema: object, options: Options): string | undefined {
  return errorOf(() => createAjv({ strict: true, ...options }).compile(schema))
}
