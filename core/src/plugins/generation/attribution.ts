import { AsyncLocalStorage } from 'node:async_hooks'
import type { Call } from './call.ts'
import { ran } from './loop-time.ts'

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
  const before = currentAttribution()
  ran(before?.plugin, before?.version)
  const ended = () => ran(attribution.plugin, attribution.version)
  const result = storage.run(attribution, work)
  ended()
  if (result instanceof Promise) result.then(ended, ended)
  return result
}

export function currentAttribution(): Attribution | undefined {
  return storage.getStore()
}

/** For whom a command of a plugin is, in the database's own logs. */
export function databaseComment({ id, version }: { readonly id: string; readonly version: string }): string {
  ran(id, version)
  const traceId = currentAttribution()?.traceId
  return `${id}@${version}${traceId === undefined ? '' : ` ${traceId}`}`
}

const scheme = 'dcesop-plugin://'

/** Name under which a plugin's file appears in stack traces. */
export function sourceName(plugin: string, version: string, path: string): string {
  return `${scheme}${plugin}@${version}/${path}`
}

export function isPluginSource(name: string): boolean {
  return name.startsWith(scheme)
}

/** The plugin that an error nobody caught belongs to: by the asynchronous context, else by the first plugin file in its stack. */
export function pluginOf(error: unknown): string | undefined {
  const attributed = currentAttribution()?.plugin
  if (attributed !== undefined || !(error instanceof Error)) return attributed
  return /dcesop-plugin:\/\/([a-z0-9-]+)@/.exec(error.stack ?? '')?.[1]
}
