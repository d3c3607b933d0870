import type { Sentences } from './sentences.ts'

/** Starts, stops and crashes of the host. */
export const hostSentences = {
  host_started: () => 'host started',
  host_stopped: () => 'the host stopped',
  host_stopped_draining: () => 'the host stopped while it drained',
  host_gone: () => 'The host that started it is gone. Enable it to try again.',
  settled: () => 'settled',
  change_interrupted: ({ version, state }: { version: string; state: string }) =>
    `the host stopped while ${version} was ${state}`,
  change_ended: ({ verb, version, state }: { verb: string; version: string; state: string }) =>
    `${verb} to ${version} had ended ${state}`,
  start_interrupted: ({ count }: { count: number }) =>
    `The host stopped ${count} times while this version started. Upgrade it, or enable it to try again.`,
  canary_interrupted: ({ count }: { count: number }) => `The host stopped ${count} times while this version started.`,
  safe_mode_waits: () => 'safe mode: it is added after the others',
  safe_mode_added: () => 'added in safe mode',
  safe_mode_replaced: () => 'safe mode',
  safe_mode_culprit: () => 'The host went down while this version was added in safe mode. Enable it to try again.',
} satisfies Sentences
