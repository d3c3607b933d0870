import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'

/** What one plugin's process may use. */
export interface ProcessLimits {
  /** Size of the JavaScript heap, MiB. */
  readonly heapMb: number
  /** Resident memory of the process, MiB; it is killed beyond. */
  readonly residentMb: number
  /** Writable memory that the kernel gives it, MiB; what goes beyond in one step is refused before it is there. */
  readonly dataMb: number
  readonly openFiles: number
}

const defaultMemoryMb = 256
/** Code, buffers and threads of a Node that does nothing yet. */
const runtimeMb = 192
/** What V8 and libuv set aside without using it. */
const reservedMb = 640
/** Sockets, the data connections and Node's own descriptors beside the requests. */
const ownFiles = 128
const defaultConcurrency = 200

export function limitsOf({ backend }: PluginManifest): ProcessLimits {
  const { memoryMb = defaultMemoryMb, concurrency = defaultConcurrency } = backend?.resources ?? {}
  const residentMb = memoryMb + runtimeMb
  return { heapMb: memoryMb, residentMb, dataMb: residentMb + reservedMb, openFiles: concurrency + ownFiles }
}

/** Processes below a plugin's, wrappers included; its own code may start none. */
export const mostProcesses = 6
/** Of the machine's, for all that a plugin runs: JavaScript keeps one busy, and V8 clears up beside it. */
export const mostProcessors = 1.5
export const memoryCheckMs = 250
export const beatMs = 1_000
/** Beats without an answer until a process counts as stuck that has had the processor to answer. */
export const mostMissedBeats = 6
/** Beats without an answer until one counts as stuck that has not had it: it may wait for what does not come. */
export const mostSilentBeats = 30
/** What a process has spent of a processor that computes instead of answering, ms: an answer costs a tenth of it. */
export const computesMs = 100
/** Beats, the one at hand among them, until a process that computes instead of answering gets only what nobody else wants of a processor. */
export const beatsUntilRest = 2
/** Bytes of one answer, event streams excepted. */
export const mostAnswerBytes = 64 * 1024 * 1024
/** What of one answer goes on at once, how fast the rest does, and what it may have in all. */
export const pacedAnswer = {
  freeBytes: 1024 * 1024,
  bytesPerSecond: 8 * 1024 * 1024,
  mostBytes: mostAnswerBytes,
} as const

/** What the host takes from a plugin's process on its channel. */
export const fromChild = {
  frameBytes: 4 * 1024 * 1024,
  perSecond: 20_000,
  bytesPerSecond: 16 * 1024 * 1024,
  pending: 500,
  pendingBytes: 32 * 1024 * 1024,
  unsentBytes: 64 * 1024 * 1024,
} as const

/** The host is trusted: no message of its is refused. */
export const fromHost = {
  frameBytes: 256 * 1024 * 1024,
  perSecond: Number.POSITIVE_INFINITY,
  bytesPerSecond: Number.POSITIVE_INFINITY,
  pending: Number.POSITIVE_INFINITY,
  pendingBytes: Number.POSITIVE_INFINITY,
  unsentBytes: 64 * 1024 * 1024,
} as const

/** Lines of log that a plugin may write in a second; the rest is counted. */
export const logLinesPerSecond = 200
/** Characters of a line's fields, as JSON; of a line with more the message alone is kept. */
export const mostLogCharacters = 16 * 1024
/** Bytes of an event; the host reads some hundred at a time. */
export const mostEventBytes = 256 * 1024
