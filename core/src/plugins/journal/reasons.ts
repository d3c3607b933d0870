/** What a message may be given: lists are put together by the language that they are read in. */
export type Param = string | number | readonly string[]

/** One reason by its code, for a text in the reader's language. */
export interface Cause {
  readonly code: string
  readonly params: Readonly<Record<string, Param>>
}

/** Why the host did something: the sentence for logs, and the same by codes. Rows of before have only the sentence. */
export interface Reason {
  readonly reason: string
  readonly causes?: readonly Cause[]
}

interface Version {
  readonly plugin: string
  readonly version: string
}
interface CanaryEnd {
  readonly minRequests: number
  readonly minSeconds: number
  readonly promote: string
}
interface Figures {
  readonly requests: number
  readonly failed: number
  /** Whole ms, or `none` without requests. */
  readonly p95: string
}
type Detail = { readonly detail: string }
type Plugin = Pick<Version, 'plugin'>
/** `deadline` is a time, or `none`. */
type Finding = Version & { readonly why: string; readonly deadline: string; readonly snapshot: number }

const engines: Readonly<Record<string, string>> = { dcesop: 'the host', sdk: 'the SDK', node: 'Node.js' }
const itself = ({ detail }: Detail) => detail

/** Every code with its sentence. The screens have a message for each in `sdk-plugin/src/ui/reasons`. */
const sentences = {
  // What people and other plugins ask for.
  installed: () => 'installed',
  enabled: () => 'enabled',
  disabled: () => 'disabled',
  disabled_with: ({ plugin }: Plugin) => `disabled with ${plugin}`,
  uninstalled: () => 'uninstalled',
  uninstalled_because: ({ why }: { why: string }) => why,
  plan_taken_back: () => 'a later step of the plan failed',
  upgrade: () => 'upgrade',
  upgrade_to: ({ version }: { version: string }) => `upgrade to ${version}`,
  upgrade_of: ({ plugin }: Plugin) => `upgrade of ${plugin}`,
  rollback: () => 'rollback',
  rollback_to: ({ version }: { version: string }) => `rollback to ${version}`,
  configure: () => 'configuration',
  configure_to: ({ version }: { version: string }) => `another configuration of ${version}`,
  rolled_back: () => 'rolled back',
  in_region: ({ region }: { region: string }) => `in ${region}`,
  everybody: () => 'everybody',
  started_again: () => 'started again',
  with_what_it_needs: () => 'with what it needs',
  other_not_started: () => 'another one did not start',
  two_behind: () => 'two versions behind',
  window_over: () => 'the rollback window is over',
  // Starts, stops and crashes of the host.
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
  // What keeps a version from its start.
  failed: itself,
  package_missing: ({ plugin, version }: Version) =>
    `The package of plugin "${plugin}" ${version} is not in the store. Upload it again.`,
  package_damaged: itself,
  config_invalid: itself,
  config_in_region: ({ region }: { region: string }) => `In region ${region}:`,
  config_scope_unknown: ({ plugin, version, scope }: Version & { scope: string }) =>
    `Plugin "${plugin}" ${version} lets its configuration differ by ${scope} (config.scopes), which this platform does not have. ` +
    'Install a version that asks for "global" and "region" only.',
  config_scope_undeclared: ({ plugin, version, scope }: Version & { scope: string }) =>
    `Plugin "${plugin}" ${version} does not let its configuration be set on the level "${scope}" (config.scopes). ` +
    'Take away what is set there, or set it on another level.',
  start_failed: ({ plugin, version, detail }: Version & Detail) =>
    `Plugin "${plugin}" ${version} failed to start: ${detail}`,
  not_started: ({ plugin, version }: Version) => `Plugin "${plugin}" ${version} failed to start:`,
  start_late: ({ limitMs }: { limitMs: number }) => `The plugin did not finish its start within ${limitMs} ms.`,
  on_host: ({ host }: { host: string }) => `On ${host}:`,
  hosts_silent: ({ hosts, seconds }: { hosts: readonly string[]; seconds: number }) =>
    `No answer from ${hosts.join(', ')} within ${seconds} s.`,
  migration_failed: ({
    name,
    plugin,
    version,
    step,
    region,
    detail,
  }: Version & Detail & Record<'name' | 'step' | 'region', string>) =>
    `Migration "${name}" of "${plugin}" ${version} failed to ${step} in ${region}: ${detail}`,
  migration_contracted: ({ name, by, plugin, version }: Version & Record<'name' | 'by', string>) =>
    `Migration "${name}" of version ${by} has removed what versions before it read; ` +
    `version ${version} of "${plugin}" does not know it. Install a version from ${by} on.`,
  migration_changed: ({ name, by, plugin, version }: Version & Record<'name' | 'by', string>) =>
    `Migration "${name}" of "${plugin}" ${version} is not the one that ran with version ${by}. ` +
    'A migration never changes: add one with the next number.',
  // What plugins need of each other.
  plugin_missing: ({ plugin }: Plugin) =>
    `Plugin "${plugin}" should run, but no package of it is in the store. Upload one, or take the plugin out of the desired state.`,
  engine_mismatch: ({
    plugin,
    version,
    engine,
    range,
    present,
  }: Version & Record<'engine' | 'range' | 'present', string>) =>
    `Plugin "${plugin}" ${version} needs ${engines[engine]} in version ${range}, but this is ${present}. ` +
    `Install a version of "${plugin}" made for ${present}, or change the host.`,
  capability_missing: ({
    plugin,
    version,
    capability,
    range,
    provider,
    why,
  }: Needed & { why: 'nobody' | 'refused' | 'off' }) =>
    `Plugin "${plugin}" ${version} needs capability "${capability}" in version ${range}, but ${
      why === 'nobody'
        ? 'no plugin in the store provides it. Upload and install one that does.'
        : why === 'refused'
          ? `its provider "${provider}" was refused itself. Mend "${provider}" first.`
          : `its provider "${provider}" is not enabled. Enable "${provider}" first.`
    }`,
  capability_out_of_range: ({
    plugin,
    version,
    capability,
    range,
    provider,
    providerVersion,
    offered,
  }: Needed & Record<'providerVersion' | 'offered', string>) =>
    `Plugin "${plugin}" ${version} needs capability "${capability}" in version ${range}, but "${provider}" ${providerVersion} provides version ${offered}. ` +
    `Install a version of "${provider}" that provides ${range}, or another version of "${plugin}".`,
  duplicate_provider: ({ plugin, version, capability, provider }: Omit<Needed, 'range'>) =>
    `Plugin "${plugin}" ${version} provides "${capability}", but "${provider}" provides it already and a capability has one provider. ` +
    `Disable "${provider}" first, or do not enable "${plugin}".`,
  conflict: ({
    plugin,
    version,
    other,
    otherVersion,
    why,
    range,
  }: Version & Record<'other' | 'otherVersion' | 'why' | 'range', string>) =>
    `Plugin "${plugin}" ${version} cannot run beside "${other}" ${otherVersion}: ${why} ` +
    `Disable "${other}", or install a version of it outside ${range}.`,
  cycle: ({ plugin, version, loop }: Version & { loop: string }) =>
    `Plugin "${plugin}" ${version} waits for itself: ${loop.replaceAll(' → ', ' needs ')}. ` +
    'Make one of these capabilities optional, or leave one of the plugins out.',
  // Who or what stops a version that runs.
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
  // Versions on trial.
  canary_percent: ({ percent, ...end }: CanaryEnd & { percent: number }) => trial(`${percent} % of people`, end),
  canary_regions: ({ regions, ...end }: CanaryEnd & { regions: readonly string[] }) =>
    trial(`people of ${regions.join(', ')}`, end),
  canary_people: ({ count, ...end }: CanaryEnd & { count: number }) => trial(`${count} named people`, end),
  canary_waits: ({ requests, seconds }: { requests: number; seconds: number }) =>
    `waits for ${[requests > 0 ? `${requests} more requests` : [], seconds > 0 ? `${seconds} more seconds` : []].flat().join(' and ')}`,
  canary_broken: () => 'too many requests failed or were too slow',
  canary_unwell: () => 'it says that it is unwell, and the version before does not',
  canary_screens: ({ failures, allowed }: { failures: number; allowed: number }) =>
    `${failures} failures of its screens, ${allowed} allowed`,
  canary_errors: ({ budget }: { budget: number }) => `errors above the budget of ${percent(budget)}`,
  canary_slow: ({ ratio }: { ratio: number }) => `slower than ${ratio} times the version before`,
  canary_within: () => 'within its budgets',
  canary_figures: ({
    seconds,
    requests,
    failed,
    p95,
    requestsBefore,
    failedBefore,
    p95Before,
  }: Figures & { seconds: number; requestsBefore: number; failedBefore: number; p95Before: string }) =>
    `${figures({ requests, failed, p95 })}; before: ${figures({ requests: requestsBefore, failed: failedBefore, p95: p95Before })}; after ${seconds} s`,
} satisfies Record<string, (params: never) => string>

type Needed = Version & { readonly capability: string; readonly range: string; readonly provider: string }
type Kill = Readonly<Record<'by' | 'second' | 'why' | 'order', string>>

export type ReasonCode = keyof typeof sentences
export type ParamsOf<Code extends ReasonCode> = Parameters<(typeof sentences)[Code]>

/** Every code that the host can give. */
export const reasonCodes = Object.keys(sentences) as ReasonCode[]

const mostText = 2000

/** A reason by its code. */
export function because<Code extends ReasonCode>(code: Code, ...given: ParamsOf<Code>): Reason {
  const cut = (value: Param) => (typeof value === 'string' ? value.slice(0, mostText) : value)
  const params = Object.fromEntries(
    Object.entries((given[0] ?? {}) as Cause['params']).map(([name, value]) => [name, cut(value)]),
  )
  const sentence = sentences[code] as (params: object) => string
  return { reason: sentence(params).slice(0, mostText), causes: [{ code, params }] }
}

/** The reason that a record holds among other things; undefined where it has none. */
export function told({ reason, causes }: Partial<Reason>): Reason | undefined {
  return reason === undefined ? undefined : { reason, ...(causes && { causes }) }
}

/** Several reasons in one. */
export function together(separator: string, ...reasons: readonly Reason[]): Reason {
  const reason = reasons.map((one) => one.reason).join(separator)
  const told = reasons.every(({ causes }) => causes)
  return {
    reason: reason.slice(0, mostText),
    ...(told ? { causes: reasons.flatMap(({ causes }) => causes ?? []) } : {}),
  }
}

/** An error whose reason is more than its message. */
export class ReasonedError extends Error {
  readonly why: Reason

  constructor(why: Reason, cause?: unknown) {
    super(why.reason, cause === undefined ? undefined : { cause })
    this.name = 'ReasonedError'
    this.why = why
  }
}

export function reasonOf(error: unknown): Reason {
  if (error instanceof ReasonedError) return error.why
  return because('failed', { detail: error instanceof Error ? error.message : String(error) })
}

function byRegistry(what: string, { plugin, version, why, deadline, snapshot }: Finding): string {
  const until = deadline === 'none' ? '' : ` (deadline ${deadline})`
  return `Version ${version} of "${plugin}" ${what} by the registry${until}: ${why} (snapshot ${snapshot})`
}

function trial(who: string, { minRequests, minSeconds, promote }: CanaryEnd): string {
  const end = promote === 'manual' ? 'then waits for somebody' : 'then for everybody'
  return `${who}; at least ${minRequests} requests and ${minSeconds} s, ${end}`
}

function figures({ requests, failed, p95 }: Figures): string {
  return `${requests} requests, ${percent(failed)} failed, p95 ${p95 === 'none' ? 'unknown' : `${p95} ms`}`
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`
}
