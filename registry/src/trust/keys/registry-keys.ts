import { Problem } from '@dcesop/sdk-plugin'
import { createPublicKey, type KeyObject } from 'node:crypto'
import pLimit from 'p-limit'
import type { TrustedKeys } from '@dcesop/sdk-plugin/signing'
import {
  type Envelope,
  keyIdOf,
  type KeyList,
  type KeyRole,
  keyRoles,
  type ListedKey,
  openKeyList,
  signKeyList,
  TrustError,
} from '@dcesop/sdk-plugin/signing'
import type { TrustConfig } from '../../config/config.ts'
import { StartRefused } from '@dcesop/sdk-plugin/host'
import { KeyFiles } from './key-files.ts'

const dayMs = 24 * 60 * 60 * 1000

interface Held {
  readonly envelope: Envelope
  readonly trusted: TrustedKeys
  readonly privateKeys: ReadonlyMap<string, KeyObject>
}

/** The registry's signing keys and the list of them that the root key signed. Changes are files first; see `KeyAnnouncement` for the log. */
export class RegistryKeys {
  readonly #files: KeyFiles
  readonly #config: TrustConfig
  readonly roots: ReadonlyMap<string, KeyObject>
  /** Each change is made to the list that the one before left: of two at once a revocation would be lost. */
  readonly #oneByOne = pLimit(1)
  #held: Held

  private constructor(files: KeyFiles, config: TrustConfig, root: KeyObject, held: Held) {
    this.#files = files
    this.#config = config
    this.roots = new Map([[keyIdOf(root), root]])
    this.#held = held
  }

  /** @throws StartRefused when keys are missing and may not be made, or the list is not good */
  static async open(folder: string, config: TrustConfig): Promise<RegistryKeys> {
    const files = await KeyFiles.open(folder)
    const present = await files.list()
    if (!present) {
      if (!config.generateKeys)
        throw new StartRefused(
          `${folder} holds no keys of the registry. Make them with "npm run registry -- --make-keys --dir FOLDER", take root.pem to a safe place, and start again.`,
        )
      // Of two that start at once, the second finds the keys of the first.
      await files.alone(async () => {
        if (!(await files.list())) await makeAll(files, config)
      })
    }
    const root = await files.publicRoot()
    if (!root) throw new StartRefused(`${folder} has no root.pub.pem.`)
    return new RegistryKeys(files, config, root, await read(files, root))
  }

  get envelope(): Envelope {
    return this.#held.envelope
  }

  get trusted(): TrustedKeys {
    return this.#held.trusted
  }

  /** The key that signs for a role now. @throws Problem 503 when none is good */
  signer(role: KeyRole): KeyObject {
    const now = new Date()
    const good = this.trusted.of(role, now)
    const newest = this.trusted.list.keys
      .filter(({ keyid, until }) => good.has(keyid) && (until === null || new Date(until) > now))
      .sort((left, right) => right.from.localeCompare(left.from))
    const found = newest.map(({ keyid }) => this.#held.privateKeys.get(keyid)).find((key) => key !== undefined)
    if (found) return found
    throw new Problem(503, 'signing_unavailable', `The registry has no ${role} key that is good now.`)
  }

  /** Takes over what another process changed in the folder. */
  reload(): Promise<void> {
    return this.#oneByOne(() => this.#reload())
  }

  async #reload(): Promise<void> {
    const [root] = this.roots.values()
    // Believed already, also when the clock was put back since: it can still be signed anew.
    if ((await this.#files.list())?.payload === this.envelope.payload) {
      this.#held = { ...this.#held, privateKeys: await this.#files.privateKeys() }
      return
    }
    const read_ = await read(this.#files, root as KeyObject)
    if (read_.trusted.list.version < this.trusted.list.version)
      throw new TrustError('rolled_back', 'The list of keys in the folder is older than the one in use.')
    this.#held = read_
  }

  /** A new key for a role; the old one's signatures stay good, and it signs no longer once the overlap is over. */
  rotate(role: KeyRole): Promise<ListedKey> {
    return this.#change(async (root) => {
      const until = new Date(Date.now() + this.#config.overlapDays * dayMs).toISOString()
      const made = listed(role, await this.#files.makeKey(role))
      const { keys } = this.trusted.list
      const ending = keys.map((key) => (key.role === role && key.until === null ? { ...key, until } : key))
      await this.#save(root, { keys: [...ending, made] })
      return made
    })
  }

  /** Nothing that the key signed is believed from now on. When it was the last of its role, a new one is made. */
  revoke(keyid: string, reason: string): Promise<void> {
    return this.#change((root) => this.#revoke(root, keyid, reason))
  }

  async #revoke(root: KeyObject, keyid: string, reason: string): Promise<void> {
    const { keys, revoked } = this.trusted.list
    const key = keys.find((entry) => entry.keyid === keyid)
    if (!key) throw new Problem(404, 'not_found', `The registry has no key ${keyid}.`)
    if (revoked.some((entry) => entry.keyid === keyid)) return
    const others = keys.some(
      ({ role, keyid: id, until }) =>
        role === key.role && until === null && id !== keyid && !revoked.some((entry) => entry.keyid === id),
    )
    const added = others ? [] : [listed(key.role, await this.#files.makeKey(key.role))]
    const entry = { keyid, at: new Date().toISOString(), reason }
    await this.#save(root, { keys: [...keys, ...added], revoked: [...revoked, entry] })
  }

  /**
   * Signs the list anew when half of its time is over, or when it is of a time that has not come, as the clock was put back since:
   * nobody believes it until then. Where the root key is here. @returns whether it did
   */
  async renew(): Promise<boolean> {
    if (!this.#isRenewalDue() || !(await this.#rootIfHere())) return false
    return this.#change(async (root) => {
      if (!this.#isRenewalDue()) return false
      await this.#save(root, {})
      return true
    })
  }

  #isRenewalDue(): boolean {
    const { issuedAt, expires } = this.trusted.list
    const half = (Date.parse(issuedAt) + Date.parse(expires)) / 2
    const now = Date.now()
    return now < Date.parse(issuedAt) || half <= now
  }

  /**
   * Made to the list as it is in the folder, which no other process changes meanwhile.
   * @throws Problem 409 `root_key_away`, or 503 `unavailable`
   */
  #change<Result>(make: (root: KeyObject) => Promise<Result>): Promise<Result> {
    return this.#oneByOne(async () => {
      const root = await this.#root()
      return this.#files.alone(async () => {
        await this.#reload()
        return make(root)
      })
    })
  }

  async #root(): Promise<KeyObject> {
    const root = await this.#rootIfHere()
    if (root) return root
    throw new Problem(
      409,
      'root_key_away',
      'The root key is not here. Change the list of keys where it is, and bring the folder back.',
    )
  }

  /** @throws Problem 409 for another key in its place: a list that it signed would be believed by nobody, this registry included */
  async #rootIfHere(): Promise<KeyObject | undefined> {
    const root = await this.#files.root().catch((cause: Error) => {
      throw new Problem(409, 'root_key_away', `root.pem is no private key (${cause.message}).`, { cause })
    })
    if (!root || this.roots.has(keyIdOf(root))) return root
    throw new Problem(409, 'root_key_away', `root.pem is the key ${keyIdOf(root)}, and not that of root.pub.pem.`)
  }

  async #save(root: KeyObject, change: Partial<KeyList>): Promise<void> {
    const { list } = this.trusted
    await this.#files.saveList(
      signKeyList({ ...list, ...change, version: list.version + 1, ...timesOf(this.#config) }, root),
    )
    await this.#reload()
  }
}

async function makeAll(files: KeyFiles, config: TrustConfig): Promise<void> {
  const root = (await files.root()) ?? (await files.makeRoot())
  const keys: ListedKey[] = []
  for (const role of keyRoles) keys.push(listed(role, await files.makeKey(role)))
  await files.saveList(signKeyList({ version: 1, ...timesOf(config), keys, revoked: [] }, root))
}

async function read(files: KeyFiles, root: KeyObject): Promise<Held> {
  const envelope = await files.list()
  if (!envelope) throw new StartRefused('The list of keys is gone.')
  try {
    const trusted = openKeyList(envelope, new Map([[keyIdOf(root), root]]), { now: new Date() })
    return { envelope, trusted, privateKeys: await files.privateKeys() }
  } catch (error) {
    if (error instanceof TrustError) throw new StartRefused(`The list of keys cannot be used. ${error.message}`)
    throw error
  }
}

function listed(role: KeyRole, key: KeyObject): ListedKey {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64')
  return { keyid: keyIdOf(key), role, spki, from: new Date().toISOString(), until: null }
}

function timesOf({ keyListDays }: TrustConfig): Pick<KeyList, 'issuedAt' | 'expires'> {
  const now = Date.now()
  return { issuedAt: new Date(now).toISOString(), expires: new Date(now + keyListDays * dayMs).toISOString() }
}
