import { renameSync, writeFileSync } from 'node:fs'
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Clock } from '../../ports.ts'
import type { GenerationKey } from '../journal/journal.ts'
import { sameGeneration } from '../lifecycle/lookup.ts'

/** When a host begins in safe mode, and how long it looks at what it adds. */
export interface SafeModeRules {
  /** Ends of the host that nothing explains, … */
  readonly crashes: number
  /** … within this time, put the next start into safe mode. */
  readonly withinMinutes: number
  /** How long the host must outlive what it began with, and each generation that is added, ms. */
  readonly watchMs: number
  /** How long a generation must have served for it to be known as good, ms. */
  readonly settleMs: number
}

export const defaultSafeModeRules: SafeModeRules = {
  crashes: 3,
  withinMinutes: 10,
  watchMs: 10_000,
  settleMs: 60_000,
}

/** `safe` begins with what is mandatory and what is known as good, `bare` with nothing: what was thought good brought it down. */
export type Mode = 'normal' | 'safe' | 'bare'

interface Content {
  /** ISO times of starts after an end that nothing explains. */
  crashes: string[]
  /** There from a start to a stop in order: found at a start, the host went down. */
  running?: { since: string; mode: Mode; suspect?: GenerationKey; outlived?: true }
  /** Digests of those during which the host went down in safe mode, once each. */
  fell?: string[]
  /** Ends in safe mode so far. */
  ends?: number
  /** By plugin, the last generation that served for long enough. */
  good: Record<string, GenerationKey>
}

/** What a start finds out about the last run. */
export interface Findings {
  readonly mode: Mode
  /** The host went down with no plugin in it: somebody ended it. */
  readonly outside?: true
  /** Was being added both times that the host went down. */
  readonly culprit?: GenerationKey
}

/** A file that tells the next start how this run ended; every change is on disk before it counts, so it survives any end. */
export class BootRecord {
  readonly #file: string
  /** Where V8 writes what ended the process, when that was its memory. */
  readonly fatalReport: string
  readonly #clock: Clock
  readonly #content: Content
  #writing: Promise<void> = Promise.resolve()

  private constructor(file: string, clock: Clock, content: Content) {
    this.#file = file
    this.fatalReport = join(dirname(file), 'fatal-error.json')
    this.#clock = clock
    this.#content = content
  }

  static async open(file: string, clock: Clock): Promise<BootRecord> {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw error
    })
    return new BootRecord(file, clock, contentOf(text))
  }

  get good(): Readonly<Record<string, GenerationKey>> {
    return this.#content.good
  }

  get mode(): Mode {
    return this.#content.running?.mode ?? 'normal'
  }

  /** Whether the host went down in safe mode while it was added. */
  fell({ digest }: GenerationKey): boolean {
    return this.#content.fell?.includes(digest) ?? false
  }

  /** Ends in safe mode so far. */
  get ends(): number {
    return this.#content.ends ?? 0
  }

  /**
   * Judges the last run and notes that this one has begun. Who is killed from outside looks like who falls over a plugin; so an
   * end without a trace counts only soon after a start, and a plugin is at fault when the host goes down twice while just that
   * one is added.
   */
  async begin({ crashes, withinMinutes }: SafeModeRules): Promise<Findings> {
    const now = this.#clock.now()
    const oldest = now.getTime() - withinMinutes * 60_000
    const content = this.#content
    const { running: last } = content
    const inSafeMode = last !== undefined && last.mode !== 'normal'
    const ranOutOfMemory = await this.#takeFatalReport()
    if (last && !inSafeMode && (!last.outlived || ranOutOfMemory)) content.crashes.push(now.toISOString())
    content.crashes = content.crashes.filter((at) => Date.parse(at) >= oldest)
    const outside = last?.mode === 'bare' && !last.suspect
    const culprit = last?.suspect && this.fell(last.suspect) ? last.suspect : undefined
    if (outside) this.#forget()
    else if (inSafeMode) {
      content.ends = this.ends + 1
      if (last.suspect && !culprit) content.fell = [...(content.fell ?? []), last.suspect.digest]
    }
    const mode = outside ? 'normal' : modeAfter(last, content.crashes.length >= crashes)
    content.running = { since: now.toISOString(), mode }
    await this.#save()
    return { mode, ...(culprit && { culprit }), ...(outside && { outside }) }
  }

  /** Before a generation is added on trial. */
  async suspect(key: GenerationKey): Promise<void> {
    const { running } = this.#content
    if (!running) return
    running.suspect = key
    await this.#save()
  }

  /** Whether what serves has done so for long enough that an end is nothing of its start. */
  async outlives(does: boolean): Promise<void> {
    const { running } = this.#content
    if (!running || (running.outlived ?? false) === does) return
    if (does) running.outlived = true
    else delete running.outlived
    await this.#save()
  }

  /** The process ends by itself, which is nobody's doing from outside: last words, so nothing waits. */
  endsByItself(): void {
    const { running } = this.#content
    if (!running?.outlived) return
    delete running.outlived
    const temporary = `${this.#file}.last`
    writeFileSync(temporary, JSON.stringify(this.#content, null, 2))
    renameSync(temporary, this.#file)
  }

  async knowAsGood(keys: readonly GenerationKey[]): Promise<void> {
    const news = keys.filter((key) => {
      const known = this.#content.good[key.plugin]
      return !known || !sameGeneration(known, key)
    })
    if (news.length === 0) return
    for (const key of news) this.#content.good[key.plugin] = key
    await this.#save()
  }

  /** Everything has been added: the next crash is the first again. */
  async back(): Promise<void> {
    this.#forget()
    if (this.#content.running) this.#content.running = { since: this.#content.running.since, mode: 'normal' }
    await this.#save()
  }

  /** A stop in order. */
  async end(): Promise<void> {
    delete this.#content.running
    await this.#save()
  }

  /** Puts the report of the last run aside, for the operator. @returns whether there was one */
  async #takeFatalReport(): Promise<boolean> {
    return rename(this.fatalReport, `${this.fatalReport}.last`).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return false
        throw error
      },
    )
  }

  #forget(): void {
    this.#content.crashes = []
    delete this.#content.fell
    delete this.#content.ends
  }

  /** One after the other, each whole. */
  #save(): Promise<void> {
    const text = JSON.stringify(this.#content, null, 2)
    this.#writing = this.#writing.then(() => writeDurably(this.#file, text))
    return this.#writing
  }
}

/** What is no record any more is none: the record is there so that the host starts. */
function contentOf(text = ''): Content {
  try {
    const content = JSON.parse(text) as Partial<Content> | null
    if (content?.crashes && content.good) return content as Content
  } catch {}
  return { crashes: [], good: {} }
}

function modeAfter(last: Content['running'], tooMany: boolean): Mode {
  if (!last) return 'normal'
  if (last.mode === 'normal') return tooMany ? 'safe' : 'normal'
  // What it began with brought it down: it begins with less.
  return last.suspect ? last.mode : 'bare'
}

async function writeDurably(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const temporary = `${file}.new`
  const handle = await open(temporary, 'w')
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(temporary, file)
  const folder = await open(dirname(file), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
