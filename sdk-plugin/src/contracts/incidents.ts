/** What can become of a version on a host that its publisher has to know of; codes alone, so that nothing about people leaves a host. */
export const incidentKinds = [
  /** Its process ended too often, and it is in quarantine. */
  'process_ended',
  /** The host stopped each time while it started, and it is in quarantine or was taken back. */
  'start_interrupted',
  /** On trial it failed more of its requests than its budget allows, and was taken back. */
  'canary_errors',
  /** On trial it was slower than its budget allows, and was taken back. */
  'canary_slow',
  /** On trial its screens failed more often than its budget allows, and it was taken back. */
  'canary_screens',
  /** Its screens failed again and again for somebody, and are off until that person signs in again. */
  'screens_failed',
  /** Two administrators ordered it to stop at once. */
  'killed',
] as const

export type IncidentKind = (typeof incidentKinds)[number]

/** What a host tells the registry, once for each `id`. */
export interface IncidentReport {
  /** UUID that the host chose. */
  readonly id: string
  readonly plugin: string
  readonly version: string
  /** Of the package's bytes, in hex. */
  readonly sha512: string
  readonly kind: IncidentKind
  /** ISO time of the host's clock. */
  readonly at: string
}
