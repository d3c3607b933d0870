import { Problem } from '@dcesop/sdk-plugin'
import type { LogHead } from '@dcesop/sdk-plugin/signing'
import pLimit from 'p-limit'
import type { CatalogueVersion } from '../../distribution/catalogue/catalogue.ts'
import { ReplayedLog } from './replayed-log.ts'
import type { TransparencyLog } from './transparency-log.ts'

/**
 * What the log says of versions and keys. The database says the same, unless somebody changed it without the registry: a yank that
 * was taken out of it, or an approval put into it, would be signed with the next snapshot.
 */
export class LoggedState {
  readonly #log: TransparencyLog
  #told = new ReplayedLog()
  readonly #oneByOne = pLimit(1)

  constructor(log: TransparencyLog) {
    this.#log = log
  }

  /** Reads what came since the last time. @throws Problem 503 `log_altered` unless all entries together are those of the head */
  upTo(head: LogHead): Promise<void> {
    return this.#oneByOne(() => this.#read(this.#told, head))
  }

  /** Reads every entry again: one that was read may have been changed since. @throws Problem 503 `log_altered` */
  again(head: LogHead): Promise<void> {
    return this.#oneByOne(async () => {
      // Beside what is known, which a snapshot that is signed meanwhile goes by.
      const anew = new ReplayedLog()
      await this.#read(anew, head)
      if (anew.size >= this.#told.size) this.#told = anew
    })
  }

  /** Packages that entries from a sequence on are about. */
  changedSince(seq: number): string[] {
    return this.#told.changedSince(seq)
  }

  /** Whether a version is in the state that the log tells. */
  tells(version: CatalogueVersion): boolean {
    return this.#told.tells(version)
  }

  tellsUi(id: string, text: string): boolean {
    return this.#told.tellsUi(id, text)
  }

  /** By tag; undefined where the log does not tell it of a package. */
  tagsOf(name: string): ReadonlyMap<string, string> | undefined {
    return this.#told.tagsOf(name)
  }

  isActiveKey(keyid: string): boolean {
    return this.#told.isActiveKey(keyid)
  }

  async #read(into: ReplayedLog, head: LogHead): Promise<void> {
    if (head.size < into.size) return
    for await (const row of this.#log.rows(into.size, head.size))
      if (!into.take(row)) throw this.#altered(`Entry ${into.size} is not what was logged.`)
    if (!into.isWhole(head)) throw this.#altered(`Its entries are not the ${head.size} that were signed.`)
  }

  /** Mended, it is read from its beginning. */
  #altered(how: string): Problem {
    this.#told = new ReplayedLog()
    return new Problem(
      503,
      'log_altered',
      `The log of the registry was altered. ${how} Nothing is signed until it is mended.`,
    )
  }
}
