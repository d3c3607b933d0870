import type { PluginRoute } from '@dcesop/sdk-plugin/http'
import type { PluginManifest, RouteDeclaration } from '@dcesop/sdk-plugin/manifest'
import type { RequestRoute } from '@hapi/hapi'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { GenerationKey } from '../journal/journal.ts'
import type { OpenedPackage } from '../store/package-store.ts'
import type { Call } from './call.ts'
import type { Concurrency } from './concurrency.ts'

/** A route as the plugin registered it, and as its manifest declares it; the handler stays where the plugin runs. */
export interface ServedDefinition {
  readonly definition: Omit<PluginRoute['definition'], 'handler'>
  readonly declaration: RouteDeclaration
}

/** A started (plugin, version, package, configuration): serves requests, and is stopped as one. Where its code runs is its own affair. */
export interface Generation {
  readonly key: GenerationKey
  readonly manifest: PluginManifest
  readonly opened: OpenedPackage
  readonly routes: readonly ServedDefinition[]
  readonly concurrency: Concurrency
  readonly requestsInFlight: number
  /** The mandatory plugin that is down and without which this one must not answer. */
  readonly closedBy: string | undefined

  /** The declared route that would answer; null when none does. @param path as hapi normalised it, not decoded */
  match(method: string, path: string): RequestRoute | null
  /** Counts a request from its acceptance on. @returns to be called once, when its response is closed */
  accept(response: ServerResponse): () => void
  /** Hands an accepted request to the plugin. */
  handle(request: IncomingMessage, response: ServerResponse, call: Call): void
  /** Takes over: topics, capabilities, then jobs and event deliveries. */
  activate(): Promise<void>
  /** Gives its capabilities back at once: calls under way go on, new ones find another provider or none. */
  withdraw(): void
  /** Stops jobs and deliveries and waits, within the drain limit, for those under way; requests go on. */
  pause(): Promise<void>
  /** Waits for requests and capability calls in flight; at the manifest's limit aborts them, then cuts them off. */
  drain(): Promise<void>
  /** Disposes everything the generation registered. What fails to be disposed is logged and does not keep the rest. */
  stop(): Promise<void>
}
