import type { Command } from './command.ts'

/**
 * Commands that a server started with enableTestCommands has for drivers to try their API version on: `deprecated` in
 * version 1, or part of `another` version alone.
 */
export const TEST_API: ReadonlyMap<string, 'deprecated' | 'another'> = new Map([
  ['testDeprecation', 'deprecated'],
  ['testVersion2', 'another'],
])

export const testCommands: readonly Command[] = [...TEST_API.keys()].map((name) => ({ name, run: () => ({}) }))
