import { createPublicKey } from 'node:crypto'
import { signEnvelope } from '../../signing/dsse.ts'
import { keyIdOf } from '../../signing/keys.ts'
import { type Command, textOf, UsageError } from '../command.ts'
import { askRegistry } from '../npm/ask-registry.ts'
import { registryAccess } from '../npm/npmrc.ts'
import { readKey } from './pack.ts'
import { t } from '../text/text.ts'

const keyProofType = 'application/vnd.dcesop.key-proof+json'

export const registerKeyCommand: Command = {
  options: { registry: { type: 'string' }, publisher: { type: 'string' }, before: { type: 'string' } },
  async run(typed) {
    const publisher = textOf(typed, 'publisher')?.replace(/^@/, '')
    if (publisher === undefined || typed.target === '.') throw new UsageError(t('registerKey.usage'))
    const { url, token } = await registryAccess('.', `@${publisher}`, textOf(typed, 'registry'))
    if (url === undefined || token === undefined) throw new UsageError(t('registry.access'))
    const key = await readKey(typed.target)
    const before = textOf(typed, 'before')
    const keys = before === undefined ? [key] : [key, await readKey(before)]
    const call = { headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } }
    const { username: account } = await askRegistry(url, '/-/whoami', call)
    const claim = { publisher, account, keyid: keyIdOf(key), at: new Date().toISOString() }
    const proof = signEnvelope(keyProofType, Buffer.from(JSON.stringify(claim)), keys)
    const publicKey = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString()
    const body = JSON.stringify({ publicKey, proof })
    const keysPath = `/-/dcesop/v1/publishers/${encodeURIComponent(publisher)}/keys`
    const { keyid } = await askRegistry(url, keysPath, { ...call, method: 'POST', body })
    if (keyid !== claim.keyid) throw new UsageError(t('registerKey.other', { url, key: claim.keyid }))
    console.log(t(before === undefined ? 'registerKey.waits' : 'registerKey.replaces', { key: claim.keyid }))
    return 0
  },
}
