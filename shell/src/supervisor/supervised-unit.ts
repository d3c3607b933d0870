import type { MountedUnit, UiHost } from '@dcesop/sdk-plugin/ui'
import type { UnitRef } from '../feed/feed.ts'
import { RemoteLoadError } from '../remotes/load-failure.ts'
import type { FailureLog } from './failures.ts'
import type { CardContent, Incident, UnitSource } from './source.ts'
import { TimeLimitExceeded, withTimeLimit } from './time-limit.ts'

/** What the supervisor needs of the shell; one object serves all units. */
export interface SupervisorTools {
  readonly limits: { readonly loadMs: number; readonly mountMs: number }
  readonly failures: FailureLog
  now(): Date
  newIncidentId(): string
  report(incident: Incident): void
  /** The unit's own view of the shell; `reportError` is how the running unit tells about errors that it did not handle. */
  host(ref: UnitRef, reportError: UiHost['reportError']): Promise<UiHost>
  /** Shows that something is on its way, without moving what is around; gives back what takes it away. */
  showLoading(target: HTMLElement): () => void
  showCard(target: HTMLElement, content: CardContent): () => void
}

export type UnitState = 'idle' | 'loading' | 'mounted' | 'failed' | 'unavailable' | 'stopped'

/** One place of the shell that shows one unit. None of its methods ever rejects: failures become cards and incidents. */
export interface SupervisedUnit<Context> {
  readonly state: UnitState
  readonly source: UnitSource | undefined
  /** Shows the source instead of what is shown now; the running unit is unmounted first. */
  show(source: UnitSource): Promise<void>
  /** Shows the source again when it is not on screen only because a line was slow or down. */
  recover(): Promise<void>
  /** Hands a new host or context to the running unit. */
  update(context: Context): Promise<void>
  stop(): Promise<void>
}

type Phase = Incident['phase']

const nobody: UnitRef = { plugin: '?', version: '?', expose: '?' }

class UnitFailure extends Error {
  readonly phase: Phase
  /** A line that is slow or down is no fault of the plugin. */
  readonly blameless: boolean

  constructor(phase: Phase, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    const late = cause instanceof TimeLimitExceeded
    this.phase = late ? 'timeout' : phase
    const unreachable = cause instanceof RemoteLoadError && cause.code === 'remote_unreachable'
    this.blameless = phase === 'load' && (late || unreachable)
  }
}

const inPhase = async <T>(phase: Phase, limitMs: number, work: () => Promise<T>): Promise<T> => {
  try {
    return await withTimeLimit(limitMs, work)
  } catch (error) {
    throw new UnitFailure(phase, error)
  }
}

interface Running<Context> {
  readonly unit: MountedUnit<Context>
  readonly element: HTMLElement
  readonly reportError: UiHost['reportError']
}

/**
 * @param target element that belongs to this unit alone
 * @param onLate called when a unit has taken the place of the card that told of its delay
 */
export function superviseUnit<Context>(
  target: HTMLElement,
  initial: Context,
  tools: SupervisorTools,
  onLate: () => void = () => undefined,
): SupervisedUnit<Context> {
  let state: UnitState = 'idle'
  let context = initial
  let source: UnitSource | undefined
  let running: Running<Context> | undefined
  let removeNotice: () => void = () => undefined
  let steps: Promise<void> = Promise.resolve()
  /** Grows with each wish, so that a step that was overtaken gives up. */
  let wish = 0
  /** Whether what failed may be there now without anybody's doing. */
  let recoverable = false

  const notice = (show: () => () => void) => {
    removeNotice()
    removeNotice = show()
  }
  const clearNotice = () => notice(() => () => undefined)

  /** Steps run one after the other: a unit is never unmounted while it mounts. */
  function enqueue(step: () => Promise<void>): Promise<void> {
    steps = steps.then(step)
    return steps
  }

  async function unmount(): Promise<void> {
    if (running === undefined) return
    const { unit, element } = running
    running = undefined
    try {
      await inPhase('crash', tools.limits.mountMs, () => unit.unmount())
    } catch (error) {
      fail(error)
    }
    element.remove()
  }

  /** Counts what the plugin answers for, and reports; gives the id under which the failure can be found. */
  function fail(error: unknown, ref = source?.ref ?? nobody): { incident: string; phase: Phase; quarantined: boolean } {
    const phase = error instanceof UnitFailure ? error.phase : 'crash'
    const incident = tools.newIncidentId()
    const blameless = error instanceof UnitFailure && error.blameless
    const quarantined = blameless ? tools.failures.quarantined(ref.plugin) : tools.failures.record(ref.plugin, phase)
    const told = error instanceof Error ? error.message : String(error)
    const message = quarantined ? `Off for the session after repeated failures, now: ${told}` : told
    tools.report({
      id: incident,
      plugin: ref.plugin,
      version: ref.version,
      unit: ref.expose,
      phase,
      message,
      at: tools.now().toISOString(),
      quarantined,
    })
    return { incident, phase, quarantined }
  }

  function showFailure(error: unknown, wanted: UnitSource): void {
    const { incident, phase, quarantined } = fail(error)
    state = 'failed'
    recoverable = error instanceof UnitFailure && error.blameless && !quarantined
    const content = { ref: wanted.ref, since: tools.now().toISOString(), incident }
    const retry = () => void show(wanted)
    notice(() =>
      tools.showCard(
        target,
        quarantined ? { ...content, reason: 'quarantine', last: phase } : { ...content, reason: phase, retry },
      ),
    )
  }

  async function mount(wanted: UnitSource & { kind: 'available' }, mine: number): Promise<void> {
    const element = document.createElement('div')
    element.dataset['plugin'] = wanted.ref.plugin
    try {
      const reportError = (error: unknown) => crashed(error, wanted, mine)
      const loading = Promise.resolve().then(() => wanted.load())
      const arriving = Promise.all([tools.host(wanted.ref, reportError), loading])
      const [host, unit] = await inPhase('load', tools.limits.loadMs, () => arriving).catch((error: unknown) => {
        if (error instanceof UnitFailure && error.phase === 'timeout')
          loadLate(arriving, { ...wanted, load: () => loading }, mine)
        throw error
      })
      if (mine !== wish) return
      target.append(element)
      const mounting = Promise.resolve().then(() => unit.mount(element, host, context))
      const mounted = await inPhase('mount', tools.limits.mountMs, () => mounting).catch((error: unknown) => {
        mountLate(mounting, { element, reportError }, wanted, mine)
        throw error
      })
      present({ unit: mounted, element, reportError })
    } catch (error) {
      element.remove()
      if (mine === wish) showFailure(error, wanted)
    }
  }

  function present(arrived: Running<Context>): void {
    running = arrived
    state = 'mounted'
    clearNotice()
  }

  /** On a slow line or machine a unit may arrive after its time: it takes the place of the card that told of the delay. */
  const stillWanted = (mine: number) =>
    mine === wish && state === 'failed' && source !== undefined && !tools.failures.quarantined(source.ref.plugin)

  function loadLate(arriving: Promise<unknown>, wanted: UnitSource, mine: number): void {
    arriving.then(
      () => {
        if (stillWanted(mine)) void show(wanted).then(onLate)
      },
      // That it did not come is told already.
      () => undefined,
    )
  }

  function mountLate(
    mounting: Promise<MountedUnit<Context>>,
    { element, reportError }: Omit<Running<Context>, 'unit'>,
    { ref }: UnitSource,
    mine: number,
  ): void {
    mounting.then(
      (unit) =>
        enqueue(async () => {
          if (stillWanted(mine)) {
            target.append(element)
            present({ unit, element, reportError })
            onLate()
          } else await unit.unmount().catch((error: unknown) => fail(error, ref))
        }),
      () => undefined,
    )
  }

  /** Errors of the running unit count as failures; a plugin that reaches quarantine is taken off the screen. */
  function crashed(error: unknown, wanted: UnitSource, mine: number): void {
    if (mine !== wish || running === undefined) return
    const { incident, phase, quarantined } = fail(error)
    if (!quarantined) return
    void enqueue(async () => {
      if (mine !== wish) return
      await unmount()
      state = 'failed'
      notice(() =>
        tools.showCard(target, {
          ref: wanted.ref,
          reason: 'quarantine',
          last: phase,
          since: tools.now().toISOString(),
          incident,
        }),
      )
    })
  }

  function show(wanted: UnitSource): Promise<void> {
    const mine = ++wish
    return enqueue(async () => {
      if (mine !== wish) return
      await unmount()
      source = wanted
      recoverable = false
      if (wanted.kind === 'unavailable') {
        state = 'unavailable'
        const { ref, cause, since } = wanted
        notice(() => tools.showCard(target, { ref, reason: 'unavailable', state: wanted.state, cause, since }))
      } else if (tools.failures.quarantined(wanted.ref.plugin)) {
        state = 'failed'
        notice(() =>
          tools.showCard(target, {
            ref: wanted.ref,
            reason: 'quarantine',
            last: tools.failures.lastOf(wanted.ref.plugin),
            since: tools.now().toISOString(),
          }),
        )
      } else {
        state = 'loading'
        notice(() => tools.showLoading(target))
        await mount(wanted, mine)
      }
    })
  }

  return {
    get state() {
      return state
    },
    get source() {
      return source
    },
    show,
    async recover() {
      if (!recoverable || state !== 'failed' || source === undefined) return
      await show(source)
      if (running !== undefined) onLate()
    },
    update(next) {
      context = next
      return enqueue(async () => {
        if (running === undefined || source === undefined) return
        try {
          const { ref } = source
          const { unit, reportError } = running
          unit.update(await inPhase('load', tools.limits.loadMs, () => tools.host(ref, reportError)), context)
        } catch (error) {
          fail(error)
        }
      })
    },
    stop() {
      wish += 1
      return enqueue(async () => {
        await unmount()
        clearNotice()
        state = 'stopped'
      })
    },
  }
}
