import semver from 'semver'
import type { YankClass } from '../../signing/registry/snapshot.ts'
import { type Command, textOf, UsageError } from '../command.ts'
import { askRegistry } from '../npm/ask-registry.ts'
import { registryAccess } from '../npm/npmrc.ts'

const classes: readonly YankClass[] = ['withdrawn', 'defect', 'security', 'legal']
const usage = `dcesop yank NAME@VERSION --class ${classes.join('|')} --reason TEXT [--deadline TIME], or with --undo`

/** Takes a published version out of what is offered, or back; its bytes stay where they are. */
export const yankCommand: Command = {
  options: {
    registry: { type: 'string' },
    class: { type: 'string' },
    reason: { type: 'string' },
    deadline: { type: 'string' },
    undo: { type: 'boolean' },
  },
  async run(typed) {
    const { name, version } = versionOf(typed.target)
    const [reason, kind, deadline] = [textOf(typed, 'reason'), textOf(typed, 'class'), textOf(typed, 'deadline')]
    const isUndo = typed.values['undo'] === true
    if (!reason || (isUndo ? kind !== undefined || deadline !== undefined : !isClass(kind))) throw new UsageError(usage)
    const { url, token } = await registryAccess('.', name.split('/')[0] as string, textOf(typed, 'registry'))
    if (url === undefined || token === undefined)
      throw new UsageError('Name the registry with --registry URL, and sign in: npm login --registry URL')
    const body = isUndo ? { reason } : { class: kind, reason, ...(deadline === undefined ? {} : { deadline }) }
    await askRegistry(url, `/-/dcesop/v1/plugins/${encodeURIComponent(name)}/versions/${version}/yank`, {
      method: isUndo ? 'DELETE' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    console.log(isUndo ? `${name}@${version} is offered again` : `${name}@${version} is yanked (${kind})`)
    return 0
  },
}

function isClass(text: string | undefined): text is YankClass {
  return classes.some((one) => one === text)
}

/** `@acme/dcesop-radio@1.0.0`, or a plugin's id in place of the name. */
function versionOf(text: string): { name: string; version: string } {
  const at = text.lastIndexOf('@')
  const [name, version] = [text.slice(0, at), text.slice(at + 1)]
  if (at > 0 && semver.valid(version) === version) return { name, version }
  throw new UsageError(`Name the version, such as @acme/dcesop-radio@1.0.0. ${usage}`)
}
