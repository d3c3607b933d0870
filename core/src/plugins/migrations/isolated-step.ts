import type { Container } from 'inversify'
import type { HostPorts } from '../generation/handles.ts'
import { portsIn } from '../generation/ports-in.ts'
import type { OpenedPackage } from '../store/package-store.ts'
import type { RunStep, Step } from './migrate.ts'

const entry = 'dist/migration.cjs'
const longestMs = 1_800_000

/**
 * Runs steps of migrations where the plugin's code runs: for a plugin that the host keeps in a process of its own, each in a
 * process with the same limits and the same way to the data. Undefined for a plugin that runs inline.
 */
export function isolatedStep(ports: HostPorts, container: Container, { manifest }: OpenedPackage): RunStep | undefined {
  if (!ports.processes.takes(manifest)) return undefined
  return async (opened, path, step, region) => {
    const { id: plugin, version } = opened.manifest
    const key = { plugin, version, digest: opened.digest, configRevision: '' }
    const generation = await ports.processes.start(
      key,
      asPlugin(opened, path, step, region),
      { value: undefined, regions: {} },
      portsIn(ports, [region]),
      container,
    )
    await generation.stop()
  }
}

/** The migration as a plugin whose start is the step, and that does nothing else. */
function asPlugin(opened: OpenedPackage, path: string, step: Step, region: string): OpenedPackage {
  const { provides: _, consumes: __, realtime: ___, ui: ____, backend, ...manifest } = opened.manifest
  const { resources } = backend ?? {}
  const code = `const migration = { exports: {} };
(function (module, exports) {
${opened.files.get(path)?.toString('utf8') ?? ''}
})(migration, migration.exports);
module.exports = { default: { async start({ data }) { await migration.exports.${step}?.(data.region(${JSON.stringify(region)})) } } };`
  return {
    ...opened,
    manifest: {
      ...manifest,
      backend: {
        entry,
        isolation: 'process',
        routes: [],
        health: { startupMs: longestMs },
        ...(resources ? { resources } : {}),
      },
    },
    files: new Map(opened.files).set(entry, Buffer.from(code)),
  }
}
