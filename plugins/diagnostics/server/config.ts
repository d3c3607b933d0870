/** By how much the clock of whoever reports may be ahead of the host's. */
export const clockToleranceMs = 5 * 60_000

/** Configuration of the plugin; the manifest's `config.schema` validates it and fills the defaults that are named here. */
export interface DiagnosticsConfig {
  readonly retention?: Partial<Retention>
  readonly ingest?: Partial<IngestLimits>
  /** A tile without a sample for longer than this is stale. */
  readonly staleAfterMinutes?: number
  /** Rules added to the shipped thresholds; the same id and day replaces. */
  readonly thresholds?: readonly unknown[]
  readonly massIncident?: Partial<MassIncidentRule>
}

export interface Retention {
  /** Raw samples. With `minuteDays` it also settles how old a row may be when it comes in. */
  readonly rawHours: number
  readonly minuteDays: number
  readonly hourDays: number
  readonly dayDays: number
  readonly issueDays: number
}

export interface IngestLimits {
  readonly bodyBytes: number
  readonly lineBytes: number
  readonly lines: number
  readonly batchesPerRegion: number
  readonly batchesPerClient: number
}

export interface MassIncidentRule {
  /** At least so many services of one cell or OLT must be bad. */
  readonly minServices: number
  /** At least this share of the services there must be bad. */
  readonly openShare: number
  /** Below this share the incident ends. */
  readonly closeShare: number
}

export interface Settings {
  readonly retention: Retention
  readonly ingest: IngestLimits
  readonly staleMs: number
  readonly thresholds: readonly unknown[]
  readonly massIncident: MassIncidentRule
}

/** Fills in the defaults, once, at the door. */
export function settingsFrom(config: DiagnosticsConfig | undefined): Settings {
  return {
    retention: { rawHours: 26, minuteDays: 2, hourDays: 40, dayDays: 400, issueDays: 90, ...config?.retention },
    ingest: {
      bodyBytes: 8_388_608,
      lineBytes: 4096,
      lines: 10_000,
      batchesPerRegion: 8,
      batchesPerClient: 4,
      ...config?.ingest,
    },
    staleMs: (config?.staleAfterMinutes ?? 20) * 60_000,
    thresholds: config?.thresholds ?? [],
    massIncident: { minServices: 5, openShare: 0.4, closeShare: 0.15, ...config?.massIncident },
  }
}
