import type { Detail, Plugin, Sentences, Version } from './sentences.ts'

/** `deadline` is a time, or `none`. */
type Finding = Version & Readonly<Record<'why' | 'deadline', string>> & { readonly snapshot: number }
type Kill = Readonly<Record<'by' | 'second' | 'why' | 'order', string>>

/** Who or what stops a version that runs. */
export const stopSentences = {
  requests_failed: () => 'too many requests failed',
  requests_slow: () => 'too many requests took almost all of their time',
  loop_held: () => 'it held the event loop of the host for seconds, and nobody else was served',
  requests_succeed: () => 'requests succeed again',
  unwell: () => 'it says that it is unwell, or does not answer when it is asked',
  well_again: () => 'it says that it is well again',
  process_gave_up: () => 'Its process ended too often, at last because',
  process_ended: () => 'Its process ended:',
  process_not_started: ({ detail }: Detail) => `it could not be started: ${detail}`,
  process_exited: ({ how }: { how: string }) => `it ended by itself (${/^\d/.test(how) ? `exit code ${how}` : how})`,
  process_channel: ({ detail }: Detail) => `its channel closed: ${detail}`,
  process_busy: ({ seconds }: { seconds: number }) => `it did not answer for ${seconds} s: its event loop is busy`,
  process_memory: ({ usedMb, mostMb }: { usedMb: number; mostMb: number }) =>
    `it used ${usedMb} MiB of memory, and may use ${mostMb} MiB`,
  process_children: ({ count }: { count: number }) => `it started ${count} processes`,
  process_late: ({ limitMs }: { limitMs: number }) => `it was not ready after ${limitMs} ms`,
  process_stopped: () => 'the host stopped it',
  killed_plugin: ({ plugin, by, second, why, order }: Plugin & Kill) =>
    `Plugin "${plugin}" was killed by ${by} and ${second}: ${why} (order ${order})`,
  killed_version: ({ plugin, version, by, second, why, order }: Version & Kill) =>
    `Version ${version} of "${plugin}" was killed by ${by} and ${second}: ${why} (order ${order})`,
  must_not_run: () => 'It must not run.',
  yanked: ({ kind, ...finding }: Finding & { kind: string }) => byRegistry(`was yanked for class "${kind}"`, finding),
  flagged: (finding: Finding) => byRegistry('is flagged', finding),
  unapproved: ({ regions, ...finding }: Omit<Finding, 'why'> & { regions: readonly string[] }) =>
    byRegistry('may not run', { ...finding, why: `The approval for ${regions.join(', ')} was taken back.` }),
  unlisted: (finding: Omit<Finding, 'why'>) =>
    byRegistry('may not run', { ...finding, why: 'The registry does not list it any more.' }),
  release_unlisted: ({ plugin, version, snapshot }: Version & { snapshot: number }) =>
    `Snapshot ${snapshot} of the registry has no ${version} of "${plugin}".`,
  release_away: ({ plugin, version }: Version) =>
    `${plugin}@${version} is not in the store, and there is no registry to fetch it from. Import a bundle that has it.`,
  publisher_bound: ({ plugin, bound, found }: Plugin & { bound: string; found: readonly string[] }) =>
    `"${plugin}" is ${bound} on this instance, and the registry has ${found.join(', ')} under that id. Nothing of another publisher takes its place.`,
  publisher_several: ({ plugin, found }: Plugin & { found: readonly string[] }) =>
    `Several publishers have a plugin "${plugin}": ${found.join(', ')}. An id belongs to one package.`,
  no_replacement: () => 'There is no version that may take its place.',
  replacement_failed: ({ version, detail }: { version: string } & Detail) =>
    `Version ${version} could not take its place: ${detail}`,
} satisfies Sentences

function byRegistry(what: string, { plugin, version, why, deadline, snapshot }: Finding): string {
  const until = deadline === 'none' ? '' : ` (deadline ${deadline})`
  return `Version ${version} of "${plugin}" ${what} by the registry${until}: ${why} (snapshot ${snapshot})`
}
