export interface Attenuation {
  /** Length of the copper or fibre, metres. */
  readonly metres: number
  /** Measured, dB. */
  readonly decibel: number
}

export type Verdict = 'good' | 'worn' | 'broken'

/** Fibre at 1310 nm loses about 0.35 dB a kilometre; connectors and splices add 1.5 dB. */
const perMetre = 0.35 / 1000
const connectors = 1.5

/** What a measured loss says about a line of that length. */
export function verdict({ metres, decibel }: Attenuation): Verdict {
  const excess = decibel - (metres * perMetre + connectors)
  return excess <= 1 ? 'good' : excess <= 6 ? 'worn' : 'broken'
}
