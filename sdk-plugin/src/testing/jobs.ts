import { toDisposable } from '../backend/disposable.ts'
import type { JobsPort } from '../backend/ports.ts'
import type { PluginManifest } from '../manifest/types.ts'
import { requireDeclared } from './declared.ts'

/** Jobs run only when the test says so. */
export function createTestJobs(manifest: PluginManifest) {
  const jobs = new Map<string, (signal: AbortSignal) => Promise<void>>()
  const declared = (manifest.backend?.jobs ?? []).map(({ name }) => name)
  const port: JobsPort = {
    every(name, _everyMs, run) {
      requireDeclared(declared, name, 'backend.jobs')
      jobs.set(name, run)
      return toDisposable(() => void jobs.delete(name))
    },
  }
  const run = async (name: string, signal = new AbortController().signal): Promise<void> => {
    const job = jobs.get(name)
    if (!job) throw new Error(`There is no job "${name}"; there are: ${[...jobs.keys()].join(', ') || 'none'}.`)
    await job(signal)
  }
  return { port, run }
}
