import type { MountedUnit, UiHost } from '@dcesop/sdk-plugin/ui'
import type { UnitRef } from '../feed/feed.ts'
import { type CountedFailure, countFailure, type FailureTools } from './count-failure.ts'
import type { CardContent, UnitSource } from './source.ts'
import { inPhase, UnitFailure } from './unit-failure.ts'

/** What the supervisor needs of the shell; one object serves all units. */
export interface SupervisorTools extends FailureTools {
  readonly limits: { readonly loadMs: number; readonly mountMs: number }
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

const nobody: UnitRef = { plugin: '?', version: '?', expose: '?' }

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

  function fail(error: unknown, ref = source?.ref ?? nobody): CountedFailure {
    return countFailure(tools, error, ref)
  }

  /** Shows that the plugin is off for the session. @param more how it failed the last time, as far as it is known */
  function showQuarantine(ref: UnitRef, more: Pick<CardContent, 'last' | 'incident'>): void {
    state = 'failed'
    notice(() => tools.showCard(target, { ref, reason: 'quarantine', since: tools.now().toISOString(), ...more }))
  }

  function showFailure(error: unknown, wanted: UnitSource): void {
    const { incident, phase, quarantined } = fail(error)
    if (quarantined) return showQuarantine(wanted.ref, { last: phase, incident })
    state = 'failed'
    recoverable = error instanceof UnitFailure && error.blameless
    const since = tools.now().toISOString()
    const retry = () => void show(wanted)
    notice(() => tools.showCard(target, { ref: wanted.ref, reason: phase, since, incident, retry }))
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
    mine === wish && state === 'failed' && source !== undefined && !tools.failures.quarantined(source.ref)

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
      showQuarantine(wanted.ref, { last: phase, incident })
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
      } else if (tools.failures.quarantined(wanted.ref)) {
        showQuarantine(wanted.ref, { last: tools.failures.lastOf(wanted.ref) })
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
