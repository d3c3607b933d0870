import type { JobsPort } from '@dcesop/sdk-plugin'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import type { JobScheduler } from '../../jobs/job-scheduler.ts'
import type { Activation } from './activation.ts'
import { runAs } from './attribution.ts'

/** Jobs of the manifest; they run only while the generation is active. */
export function scopedJobs(manifest: PluginManifest, scheduler: JobScheduler, activation: Activation): JobsPort {
  const { id: plugin, version } = manifest
  const declared = new Set(manifest.backend?.jobs?.map((job) => job.name))
  return {
    every(name, everyMs, run) {
      if (!declared.has(name)) {
        throw new Error(
          `Plugin "${plugin}" registers job "${name}", which is not in backend.jobs of its manifest. Declare it there.`,
        )
      }
      const attributed = (signal: AbortSignal) => runAs({ plugin, version }, () => run(signal))
      return activation.defer(() => scheduler.schedule({ plugin, name, everyMs, run: attributed }))
    },
  }
}
