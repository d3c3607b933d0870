import type { Log } from '@dcesop/sdk-plugin'
import { Problem } from '@dcesop/sdk-plugin'
import { open, readFile, rename } from 'node:fs/promises'
import { type Envelope, type LogHead, signLogHead, verifyConsistency } from '@dcesop/sdk-plugin/signing'
import { StartRefused } from '@dcesop/sdk-plugin/host'
import pLimit from 'p-limit'
import type { RegistryKeys } from '../keys/registry-keys.ts'
import type { TransparencyLog } from './transparency-log.ts'

/**
 * Signs heads of the log, and only such as continue the last one: that one is kept in a file outside of the database, so that
 * whoever rewrites the database gets no signature for it.
 */
export class WitnessedLog {
  readonly #transparency: TransparencyLog
  readonly #keys: RegistryKeys
  readonly #file: string
  readonly #log: Log
  #seen: LogHead
  /** As the file has it: what is signed lies before this. */
  #kept: LogHead
  readonly #oneByOne = pLimit(1)

  private constructor(transparency: TransparencyLog, keys: RegistryKeys, file: string, log: Log, seen: LogHead) {
    this.#transparency = transparency
    this.#keys = keys
    this.#file = file
    this.#log = log
    this.#seen = seen
    this.#kept = seen
  }

  /** @throws StartRefused when the database holds another log than the one that was signed before */
  static async open(transparency: TransparencyLog, keys: RegistryKeys, file: string, log: Log): Promise<WitnessedLog> {
    const witnessed = new WitnessedLog(transparency, keys, file, log, await readHead(file))
    if (await witnessed.#continues(await transparency.head())) return witnessed
    throw new StartRefused(
      `The log in the database does not continue the one of ${witnessed.#seen.size} entries that was signed before (${file}). It was altered, or an old copy of the database was put back. Find out which; docs/registry.md says how to go on.`,
    )
  }

  /** The present head. @throws Problem 503 `log_altered` when it does not continue what was signed */
  head(): Promise<LogHead> {
    return this.#oneByOne(() => this.#advance())
  }

  /** The newest head that may be signed. A full disk keeps new ones from it, and nobody from reading. */
  async keptHead(): Promise<LogHead> {
    await this.head()
    return this.#kept
  }

  async signedHead(): Promise<Envelope> {
    const head = await this.keptHead()
    return signLogHead({ ...head, at: new Date().toISOString() }, this.#keys.signer('log'))
  }

  async #advance(): Promise<LogHead> {
    const head = await this.#transparency.head()
    if (!(await this.#continues(head))) {
      this.#log.error({ seen: this.#seen, found: head }, 'the log in the database was altered; nothing is signed')
      throw new Problem(
        503,
        'log_altered',
        'The log of the registry was altered. Nothing is signed until it is mended.',
      )
    }
    if (head.size > this.#seen.size) this.#seen = head
    if (head.size > this.#kept.size) await this.#keep(head)
    return head
  }

  async #keep(head: LogHead): Promise<void> {
    try {
      await writeHead(this.#file, head)
      this.#kept = head
    } catch (err) {
      this.#log.error(
        { err, file: this.#file },
        'the head of the log cannot be kept; nothing new is signed until it is',
      )
    }
  }

  async #continues(head: LogHead): Promise<boolean> {
    const { size, root } = this.#seen
    if (head.size < size) return false
    return verifyConsistency({
      smaller: size,
      smallerRoot: Buffer.from(root, 'hex'),
      larger: head.size,
      largerRoot: Buffer.from(head.root, 'hex'),
      proof: size === head.size ? [] : await this.#transparency.consistency(size, head.size),
    })
  }
}

const emptyRoot = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

async function readHead(file: string): Promise<LogHead> {
  try {
    const { size, root } = JSON.parse(await readFile(file, 'utf8')) as LogHead
    return { size, root }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { size: 0, root: emptyRoot }
    throw new StartRefused(`${file} cannot be read: ${(error as Error).message}.`)
  }
}

async function writeHead(file: string, head: LogHead): Promise<void> {
  const handle = await open(`${file}.part`, 'w', 0o600)
  try {
    await handle.writeFile(JSON.stringify(head))
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(`${file}.part`, file)
}
