import { type Disposable, type Identity, type Log, Problem, toDisposable } from '@dcesop/sdk-plugin'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import type { PluginPackage } from '@dcesop/sdk-plugin/package'
import { actorOf, type Trace } from '../../audit/actor.ts'
import type { AuditPort } from '../../ports.ts'
import type { AssetSet } from '../feed/assets.ts'
import { sourceName } from '../generation/attribution.ts'
import type { UiIncident } from '../incidents/ui-incidents.ts'
import { manifestsBeside } from '../lifecycle/dependants.ts'
import type { LifecycleParts } from '../lifecycle/parts.ts'
import type { Slot } from '../lifecycle/slot.ts'
import { DevOverride } from './dev-override.ts'
import { DevSession } from './dev-session.ts'
import { misfitsOf } from './misfits.ts'

/** That wait for somebody to type their code, and as many that somebody typed. */
const mostSessions = 20
/** Of them, from one address while they wait, and of one person then: nobody fills the host alone. */
const mostOfOne = 5
/** A command that is silent for so long is gone; one that builds on a busy machine may miss many signs. */
const silenceMs = 60_000
/** A code that nobody types. */
const unclaimedMs = 10 * 60_000
const lookMs = 1000

/** Plugins that authors try out, each in their own session only. */
export class DevSessions {
  readonly #parts: LifecycleParts
  readonly #audit: AuditPort
  /** Milliseconds that only go forward, whatever the clock of the machine does. */
  readonly #now: () => number
  readonly #sessions = new Set<DevSession>()

  constructor(parts: LifecycleParts, audit: AuditPort, now = () => performance.now()) {
    this.#parts = parts
    this.#audit = audit
    this.#now = now
  }

  /** Looks for commands that are gone, until disposed; then everything ends. */
  watch(): Disposable {
    const timer = setInterval(() => void this.sweep(), lookMs)
    timer.unref()
    return toDisposable(async () => {
      clearInterval(timer)
      for (const session of this.#sessions) await this.end(session, 'the host stops')
    })
  }

  /** @throws Problem 503 when there are too many, 429 when the address has too many of them */
  begin(address: string): { session: DevSession; token: string } {
    const waiting = [...this.#sessions].filter(({ owner }) => owner === undefined)
    if (waiting.length >= mostSessions)
      throw new Problem(503, 'plugin_busy', 'Too many development sessions are open.', { retryAfter: 60 })
    if (waiting.filter((one) => one.address === address).length >= mostOfOne)
      throw new Problem(
        429,
        'too_many_requests',
        'Too many development sessions of your address wait for their code.',
        {
          retryAfter: 60,
        },
      )
    const begun = DevSession.begin(this.#now(), address)
    this.#sessions.add(begun.session)
    return begun
  }

  /** Makes the session that of the person who typed its code. @throws Problem 404; 503 and 429 when there are too many */
  async claim(code: string, owner: Identity, trace: Trace): Promise<void> {
    const session = [...this.#sessions].find((one) => one.code === code && one.owner === undefined)
    if (!session) throw new Problem(404, 'dev_code_unknown', 'No "dcesop dev" waits with this code.')
    const claimed = [...this.#sessions].flatMap((one) => (one.owner ? [one.owner.subject] : []))
    if (claimed.length >= mostSessions)
      throw new Problem(503, 'plugin_busy', 'Too many development sessions are open.', { retryAfter: 60 })
    if (claimed.filter((subject) => subject === owner.subject).length >= mostOfOne)
      throw new Problem(429, 'too_many_requests', 'You have too many development sessions open.', { retryAfter: 60 })
    session.owner = owner
    session.beatAt = this.#now()
    await this.#record(session, 'dev.override.begin', {}, trace)
    session.tell({ level: 'info', message: `connected to the session of ${owner.displayName}` })
  }

  /** @throws Problem 401 */
  byToken(token: string): DevSession {
    const found = [...this.#sessions].find((session) => session.isOf(token))
    if (!found) throw new Problem(401, 'dev_session_over', 'This development session is over.')
    // Until it is claimed its time is that of its code, however long the command asks.
    if (found.owner) found.beatAt = this.#now()
    return found
  }

  /** The next build for the session. @throws Problem 409 while nobody claimed it, or for another plugin; StartFailure */
  async take(session: DevSession, opened: PluginPackage, trace: Trace): Promise<void> {
    const { id, version } = opened.manifest
    if (!session.owner) throw new Problem(409, 'conflict', 'Type the code into the shell first.')
    if (session.override && session.override.slot.id !== id)
      throw new Problem(409, 'conflict', `This development session is of plugin "${session.override.slot.id}".`)
    const override = session.override ?? new DevOverride(this.#parts, id, this.#teeTo(session))
    await this.#record(session, 'dev.override.put', { plugin: id, version, sha512: opened.sha512 }, trace)
    await override.take(opened).catch((error: unknown) => {
      session.tellPlace(error as Error, sourceName(id, version, ''))
      throw error
    })
    session.override = override
    session.warn(await this.#misfits(session.owner, opened.manifest))
    // The command may have gone while the build started.
    if (!this.#sessions.has(session)) return override.dispose()
    await this.#parts.changed()
  }

  /** @param trace of the request that ends it; the host itself may, too */
  async end(session: DevSession, reason: string, trace?: Trace): Promise<void> {
    if (!this.#sessions.delete(session)) return
    const { owner, override } = session
    if (owner) await this.#record(session, 'dev.override.end', { reason }, trace)
    if (!override) return
    await override.dispose()
    await this.#parts.changed()
  }

  /** What serves a plugin's requests for this person instead of the installed version. */
  slotFor(identity: Identity, plugin: string): Slot | undefined {
    return this.overridesOf(identity).find(({ slot }) => slot.id === plugin)?.slot
  }

  overridesOf({ sessionId }: Identity): DevOverride[] {
    return [...this.#sessions].flatMap(({ owner, override }) =>
      override && owner?.sessionId === sessionId && sessionId !== undefined ? [override] : [],
    )
  }

  /** What went wrong with a build's screens in the browser of the person who tries it out. */
  tellAuthor({ plugin, version, unit, phase, message }: UiIncident, { sessionId }: Identity): void {
    for (const session of this.#sessions) {
      const { owner, override } = session
      if (sessionId === undefined || owner?.sessionId !== sessionId || override?.slot.id !== plugin) continue
      if (override.slot.active?.key.version !== version) continue
      session.tell({ level: phase === 'style' ? 'warn' : 'error', message: `${unit} (${phase}): ${message}` })
    }
  }

  /** Files by the directory that they are served from; its name is made of their digest. */
  assets(directory: string): AssetSet | undefined {
    return [...this.#sessions].map(({ override }) => override?.assets).find((set) => set?.baseUrl === directory)
  }

  /** Ends what gave no sign for too long. */
  async sweep(): Promise<void> {
    for (const session of this.#sessions) {
      const silent = this.#now() - session.beatAt
      if (silent > (session.owner ? silenceMs : unclaimedMs)) await this.end(session, 'the command is gone')
    }
  }

  /** Held against what this person has beside it, in each of their regions. */
  async #misfits(owner: Identity, manifest: PluginManifest): Promise<ReadonlySet<string>> {
    const regions = owner.regions.length > 0 ? owner.regions : this.#parts.ports.data.regions
    const tried = this.overridesOf(owner).flatMap(({ slot }) => slot.active?.manifest ?? [])
    const found = await Promise.all(
      regions.map(async (region) => {
        const installed = await manifestsBeside(this.#parts, manifest.id, region)
        const others = new Map([...installed, ...tried].map((one) => [one.id, one]))
        others.delete(manifest.id)
        return misfitsOf(manifest, [...others.values()], this.#parts.engines)
      }),
    )
    return new Set(found.flat())
  }

  async #record(session: DevSession, action: string, details: Record<string, string>, trace?: Trace): Promise<void> {
    const plugin = session.override?.slot.id
    await this.#audit.append({
      action,
      actor: actorOf(session.owner as Identity),
      outcome: 'allowed',
      details,
      ...trace,
      ...(plugin === undefined ? {} : { resource: plugin }),
    })
  }

  /** The host's log, which the author's terminal hears, too. */
  #teeTo(session: DevSession): Log {
    const { log } = this.#parts
    const at = (level: 'debug' | 'info' | 'warn' | 'error') => (fields: object, message: string) => {
      log[level](fields, message)
      const { err } = fields as { err?: unknown }
      const stack = err instanceof Error ? `\n${err.stack ?? err.message}` : ''
      session.tell({ level, message: `${message}${stack}` })
    }
    return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
  }
}
