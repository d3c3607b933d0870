import { AsyncLocalStorage } from 'node:async_hooks'
import type { Call } from './call.ts'

/** On whose behalf code runs. */
export interface Attribution {
  readonly plugin: string
  readonly version: string
  readonly traceId?: string
  /** The request in which it runs. */
  readonly call?: Call
}

const storage = new AsyncLocalStorage<Attribution>()

/** Runs plugin code so that what it starts, timers and promises included, stays attributed to it. */
export function runAs<T>(attribution: Attribution, work: () => T): T {
  return storage.run(attribution, work)
}

export function currentAttribution(): Attribution | undefined {
  return storage.getStore()
}

const scheme = 'dcesop-plugin://'

/** Name under which a plugin's file appears in stack traces. */
export function sourceName(plugin: string, version: string, path: string): string {
  return `${scheme}${plugin}@${version}/${path}`
}

/** The plugin that an error nobody caught belongs to: by the asynchronous context, else by the first plugin file in its stack. */
export function pluginOf(error: unknown): string | undefined {
  const attributed = currentAttribution()?.plugin
  if (attributed !== undefined || !(error instanceof Error)) return attributed
  return /dcesop-plugin:\/\/([a-z0-9-]+)@/.exec(error.stack ?? '')?.[1]
}
