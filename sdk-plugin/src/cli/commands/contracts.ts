import { readdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { readSourceManifest } from '../../build/source-manifest.ts'
import { makeFolder } from '../../host/make-folder.ts'
import { type Command, textOf, UsageError } from '../command.ts'
import { askRegistry } from '../npm/ask-registry.ts'
import { registryAccess } from '../npm/npmrc.ts'
import { t } from '../text/text.ts'

interface Listed {
  readonly consumer: string
  readonly sha256: string
  readonly contract: object
}

/** As this command names its files; whatever else is in the folder is somebody's own. */
const written = /^[a-z0-9.-]+\.[0-9a-f]{12}\.json$/

/** Fetches what consumers rely on in the plugin's capabilities, for its specs to run. */
export const contractsCommand: Command = {
  options: { registry: { type: 'string' } },
  async run(typed) {
    const pluginDir = path.resolve(typed.target)
    const { provides = {} } = await readSourceManifest(pluginDir)
    const { url } = await registryAccess(pluginDir, '', textOf(typed, 'registry'))
    if (url === undefined) throw new UsageError(t('registry.unnamed'))
    const files = new Map<string, string>()
    for (const [capability, version] of Object.entries(provides))
      for (const one of await contractsOf(url, capability, version))
        files.set(
          `${capability}.${one.consumer}.${one.sha256.slice(0, 12)}.json`,
          `${JSON.stringify(one.contract, null, 2)}\n`,
        )
    const folder = path.join(pluginDir, 'consumers')
    makeFolder(folder)
    const old = (await readdir(folder)).filter((name) => written.test(name) && !files.has(name))
    for (const name of old) await rm(path.join(folder, name))
    for (const [name, text] of files) await writeFile(path.join(folder, name), text)
    console.log(t('contracts.done', { count: files.size, folder: path.relative(process.cwd(), folder) || folder }))
    return 0
  },
}

async function contractsOf(url: string, capability: string, version: string): Promise<Listed[]> {
  const at = `/-/dcesop/v1/capabilities/${encodeURIComponent(capability)}/contracts?version=${encodeURIComponent(version)}`
  const { contracts } = await askRegistry(url, at)
  if (Array.isArray(contracts) && contracts.every(isListed)) return contracts
  throw new UsageError(t('contracts.other', { url }))
}

/** What came over the network becomes the name of a file. */
function isListed(one: unknown): one is Listed {
  const { consumer, sha256, contract } = (one ?? {}) as Partial<Record<keyof Listed, unknown>>
  return (
    typeof consumer === 'string' &&
    /^[a-z][a-z0-9-]{0,39}$/.test(consumer) &&
    typeof sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(sha256) &&
    typeof contract === 'object' &&
    contract !== null
  )
}
