import { readFileSync } from 'node:fs'
import { variableOf, type Variables } from './environment.ts'
import { isObject, type Json } from './json.ts'

/** A part of a configuration; later ones are laid over earlier ones. */
export interface Layer {
  /** As operators know it, for example its file. */
  readonly name: string
  readonly values: Json
}

/** Reads a layer; what is wrong with the file becomes a sentence in `mistakes`. */
export function readLayer(path: string, name: string, mistakes: string[]): Layer {
  try {
    const values: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (isObject(values)) return { name, values }
    mistakes.push(`${name} must hold one JSON object.`)
  } catch (error) {
    mistakes.push(`${name} cannot be read: ${(error as Error).message}.`)
  }
  return { name, values: {} }
}

/** Name of the layer that the environment makes. */
export const environment = 'environment'

/** Where the value of a key came from, for a sentence. */
export function sourceOf(key: string, layers: readonly Layer[], variables: Variables, env: NodeJS.ProcessEnv): string {
  const path = key.split('.')
  const layer = layers.findLast(({ values }) => has(values, path))
  const variable = layer?.name === environment ? variableOf(key, variables, env) : undefined
  if (variable !== undefined) return `environment variable ${variable}`
  return layer ? `from ${layer.name}` : 'from no layer'
}

function has(value: unknown, [head, ...rest]: string[]): boolean {
  if (head === undefined) return true
  if (Array.isArray(value)) return has(value[Number(head)], rest)
  return isObject(value) && head in value && has(value[head], rest)
}
