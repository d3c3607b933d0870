import type { Log } from '@dcesop/sdk-plugin'
import { types } from 'node:util'

/** Gives back the same value without secrets in its texts. */
export type Hidden = <T>(value: T) => T

const shown = '[secret]'
const mostDepth = 8

/** A copy with `secrets` taken out of every text; of errors, which stay what they are, out of message, stack and cause. */
export function hidden<T>(value: T, secrets: ReadonlySet<string>): T {
  return without(value, [...secrets], 0) as T
}

function without(value: unknown, secrets: readonly string[], depth: number): unknown {
  if (typeof value === 'string') return secrets.reduce((text, secret) => text.replaceAll(secret, shown), value)
  if (typeof value !== 'object' || value === null || depth > mostDepth) return value
  const inner = (part: unknown) => without(part, secrets, depth + 1)
  if (value instanceof Error || types.isNativeError(value)) return overlaid(value, inner)
  if (Array.isArray(value)) return value.map(inner)
  if (!isPlain(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, inner(part)]))
}

/** Also one that another realm of JavaScript made. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function overlaid(error: Error, inner: (part: unknown) => unknown): Error {
  const own = Object.getOwnPropertyNames(error).map((name) => [name, error[name as keyof Error] as unknown] as const)
  const parts = own.map(([name, value]) => [name, { value: inner(value), enumerable: name !== 'stack' }] as const)
  return Object.create(error, Object.fromEntries(parts)) as Error
}

/** The same log, without secrets in its lines. */
export function hidingLog(log: Log, hide: Hidden): Log {
  const at = (level: keyof Log) => (fields: object, message: string) => log[level](hide(fields), hide(message))
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
