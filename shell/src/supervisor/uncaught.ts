import type { FailureTools } from './count-failure.ts'

/** Where the host serves a version's files. */
const ownFile = /\/ui\/([a-z][a-z0-9-]*)\/([0-9A-Za-z.+-]+)-[0-9a-f]{8}\//

/** A timer may throw every second: of one version as many different errors are told, each once. */
const mostPerVersion = 10

/**
 * Tells of errors that a plugin's code lets go outside of its components, where Vue does not see them: in timers, in listeners that it
 * put on the document and may have left there, and in promises. They count as no failure: what is on screen goes on working.
 * @returns what ends it
 */
export function watchUncaught(
  target: EventTarget,
  { newIncidentId, now, report }: Omit<FailureTools, 'failures'>,
): () => void {
  const told = new Map<string, Set<string>>()

  function tell(error: unknown, file = ''): void {
    const [, plugin, version] = ownFile.exec(error instanceof Error ? (error.stack ?? file) : file) ?? []
    if (plugin === undefined || version === undefined) return
    const message = error instanceof Error ? error.message : String(error)
    const known = told.get(`${plugin} ${version}`) ?? new Set()
    told.set(`${plugin} ${version}`, known)
    if (known.has(message) || known.size >= mostPerVersion) return
    known.add(message)
    const at = now().toISOString()
    report({ id: newIncidentId(), plugin, version, unit: 'script', phase: 'crash', message, at, quarantined: false })
  }

  const onError = (event: Event) => {
    const { error, message, filename } = event as ErrorEvent
    tell(error ?? message, filename)
  }
  const onRejection = (event: Event) => tell((event as PromiseRejectionEvent).reason)
  target.addEventListener('error', onError)
  target.addEventListener('unhandledrejection', onRejection)
  return () => {
    target.removeEventListener('error', onError)
    target.removeEventListener('unhandledrejection', onRejection)
  }
}
