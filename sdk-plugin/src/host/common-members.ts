import { isDeepStrictEqual } from 'node:util'
import { isObject } from './config/json.ts'

/** What several configurations have in common: members that are equal in all of them, at any depth. @param all one at least */
export function commonMembers(all: readonly unknown[]): unknown {
  const [first, ...others] = all
  if (others.every((other) => isDeepStrictEqual(other, first))) return first
  if (!all.every(isObject)) return undefined
  const shared = Object.keys(first as object).filter((name) => all.every((one) => Object.hasOwn(one, name)))
  const members = shared.map((name) => [name, commonMembers(all.map((one) => one[name]))] as const)
  return Object.freeze(Object.fromEntries(members.filter(([, value]) => value !== undefined)))
}
