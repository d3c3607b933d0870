import { because, type ParamsOf, type Reason } from '../journal/reasons.ts'

type Code =
  | 'plugin_missing'
  | 'engine_mismatch'
  | 'capability_missing'
  | 'capability_out_of_range'
  | 'duplicate_provider'
  | 'conflict'
  | 'cycle'

/** Why a plugin cannot start: a stable code, and a sentence with what it needs, what is there and what to do. */
export interface Refusal {
  readonly plugin: string
  readonly code: Code
  readonly why: Reason
}

export function refuse<One extends Code>(code: One, params: ParamsOf<One>[0]): Refusal {
  return { plugin: params.plugin, code, why: because(code, ...([params] as ParamsOf<One>)) }
}
