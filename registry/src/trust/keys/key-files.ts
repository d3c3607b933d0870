import type { KeyObject } from 'node:crypto'
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { chmod, open, readdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Disposable, Problem } from '@dcesop/sdk-plugin'
import { lockFolder, makeFolder, StartRefused } from '@dcesop/sdk-plugin/host'
import { type Envelope, envelopeOf, keyIdOf, type KeyRole } from '@dcesop/sdk-plugin/signing'

const rootFile = 'root.pem'
/** What instances pin. */
const publicRootFile = 'root.pub.pem'
const listFile = 'keys.json'
/** How long a change waits for one of another process, and how often it looks. */
const [patienceMs, lookMs] = [10_000, 20]

/** The folder with the registry's keys: `root.pem` (away from it in production), `root.pub.pem`, `keys.json` and one `<role>.<n>.pem` for each key. */
export class KeyFiles {
  readonly #folder: string

  private constructor(folder: string) {
    this.#folder = folder
  }

  static async open(folder: string): Promise<KeyFiles> {
    makeFolder(folder)
    await chmod(folder, 0o700)
    return new KeyFiles(folder)
  }

  /** While no other process of the machine and network namespace changes the folder (docs/registry.md). @throws Problem 503 `unavailable` when one does not come to an end */
  async alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const lock = await this.#lock()
    try {
      return await work()
    } finally {
      await lock.dispose()
    }
  }

  async #lock(): Promise<Disposable> {
    for (let waited = 0; waited < patienceMs; waited += lookMs) {
      const lock = await lockFolder(this.#folder)
      if (lock) return lock
      await sleep(lookMs)
    }
    throw new Problem(503, 'unavailable', 'Another process is changing the list of keys.', { retryAfter: 5 })
  }

  /** The private root key, where it is here. */
  async root(): Promise<KeyObject | undefined> {
    const pem = await readIfThere(join(this.#folder, rootFile))
    return pem === undefined ? undefined : createPrivateKey(pem)
  }

  async publicRoot(): Promise<KeyObject | undefined> {
    const pem = await readIfThere(join(this.#folder, publicRootFile))
    return pem === undefined ? undefined : createPublicKey(pem)
  }

  async list(): Promise<Envelope | undefined> {
    const text = await readIfThere(join(this.#folder, listFile))
    if (text === undefined) return undefined
    const envelope = envelopeOf(parsed(text))
    if (!envelope) throw new StartRefused(`${join(this.#folder, listFile)} is not a signed list of keys.`)
    return envelope
  }

  saveList(envelope: Envelope): Promise<void> {
    return this.#write(listFile, `${JSON.stringify(envelope, null, 2)}\n`)
  }

  /** Private keys by id. */
  async privateKeys(): Promise<Map<string, KeyObject>> {
    const names = (await readdir(this.#folder)).filter((name) => /^[a-z]+\.[0-9a-f]+\.pem$/.test(name))
    const keys = await Promise.all(
      names.map(async (name) => createPrivateKey(await readFile(join(this.#folder, name), 'utf8'))),
    )
    return new Map(keys.map((key) => [keyIdOf(key), key]))
  }

  async makeRoot(): Promise<KeyObject> {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    await this.#write(publicRootFile, publicKey.export({ type: 'spki', format: 'pem' }).toString())
    await this.#write(rootFile, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
    return privateKey
  }

  /** A new key: ECDSA P-256 for packages, which is what npm's clients know, Ed25519 for the rest. */
  async makeKey(role: KeyRole): Promise<KeyObject> {
    const { privateKey } =
      role === 'package' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519')
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    await this.#write(`${role}.${randomBytes(4).toString('hex')}.pem`, pem)
    return privateKey
  }

  /** Appears whole or not at all, readable by the registry's user alone. */
  async #write(name: string, content: string): Promise<void> {
    const path = join(this.#folder, name)
    const handle = await open(`${path}.part`, 'w', 0o600)
    try {
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(`${path}.part`, path)
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Told by the caller, like everything else that is no envelope.
    return undefined
  }
}
