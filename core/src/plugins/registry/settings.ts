import { readPublicKeys } from '@dcesop/sdk-plugin/signing'
import type { KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { RegistryConfig, RegistryReactions } from '../../config/config.ts'

/** The registry as this instance uses it. */
export interface RegistrySettings {
  /** Without a slash at the end; null where bundles are imported only. */
  readonly url: string | null
  /** The pinned root key by id. */
  readonly roots: ReadonlyMap<string, KeyObject>
  /** A version must be approved for each of them. */
  readonly regions: readonly string[]
  readonly channel: string
  readonly refreshMs: number
  readonly bundleMaxAgeDays: number
  readonly react: RegistryReactions
  /** By which the registry knows this instance when it reports an incident; left out, nothing is reported. */
  readonly reportToken?: string | undefined
}

/** Undefined where no root key is pinned: then nothing comes from a registry. */
export function registrySettings(config: RegistryConfig, hostRegions: readonly string[]): RegistrySettings | undefined {
  const { url, rootKey, regions, channel, refreshSeconds, bundleMaxAgeDays, react, reportToken } = config
  if (rootKey === null) return undefined
  return {
    url: url?.replace(/\/$/, '') ?? null,
    roots: readPublicKeys([readFileSync(rootKey, 'utf8')]),
    regions: regions ?? hostRegions,
    channel,
    refreshMs: refreshSeconds * 1000,
    bundleMaxAgeDays,
    react,
    reportToken: reportToken ?? undefined,
  }
}
