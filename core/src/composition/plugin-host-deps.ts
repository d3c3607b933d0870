import type { Container } from 'inversify'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EngineVersions, PluginHostDeps } from '../plugins/host-types.ts'
import type { SafeModeConfig } from '../config/config.ts'
import type { SafeModeRules } from '../plugins/safe-mode/boot-record.ts'
import { registrySettings } from '../plugins/registry/settings.ts'
import type { Clock } from '../ports.ts'
import { tokens } from './tokens.ts'

/** What the plugin host is given of the core. */
export function pluginHostDeps(container: Container, root: string, sharedClock: Clock): PluginHostDeps {
  const { data, http, plugins, regions } = container.get(tokens.config)
  const limits = container.get(tokens.limits)
  const metrics = container.get(tokens.metrics)
  return {
    dataDir: data.directory,
    ...(existsSync(plugins.packagesDirectory) ? { packagesDir: plugins.packagesDirectory } : {}),
    firstInstall: plugins.firstInstall,
    pluginConfig: plugins.config,
    secretsFile: plugins.secretsFile,
    isolation: plugins.isolation,
    leaseMs: plugins.leaseSeconds * 1000,
    safeMode: safeModeRules(plugins.safeMode),
    registry: registrySettings(plugins.registry, regions),
    engines: engineVersions(root),
    authenticator: container.get(tokens.authenticator),
    policy: container.get(tokens.policy),
    audit: container.get(tokens.audit),
    strangers: container.get(tokens.strangers),
    stepUp: container.get(tokens.stepUp),
    data: container.get(tokens.data),
    realtime: container.get(tokens.realtime),
    clock: container.get(tokens.clock),
    sharedClock,
    log: container.get(tokens.log),
    namesOf: (ids, readers) => container.get(tokens.accounts).employeeNames(ids, readers),
    devOverrides: plugins.devOverrides,
    publicOrigin: http.publicOrigin,
    rateLimit: (request, identity) => limits.request(request, identity),
    observe: (sample) => metrics.observePlugin(sample),
    observeUiIncident: (sample) => metrics.countUiIncident(sample),
    observeLoop: (plugin, seconds) => metrics.addLoopTime(plugin, seconds),
  }
}

function safeModeRules({ crashes, withinMinutes, watchSeconds, settleSeconds }: SafeModeConfig): SafeModeRules {
  return { crashes, withinMinutes, watchMs: watchSeconds * 1000, settleMs: settleSeconds * 1000 }
}

function engineVersions(root: string): EngineVersions {
  const versionOf = (file: string) =>
    (JSON.parse(readFileSync(join(root, file), 'utf8')) as { version: string }).version
  return { dcesop: versionOf('package.json'), sdk: versionOf('sdk-plugin/package.json'), node: process.versions.node }
}
