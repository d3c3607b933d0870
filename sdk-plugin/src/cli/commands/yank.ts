import semver from 'semver'
import type { YankClass } from '../../signing/registry/snapshot.ts'
import { type Command, textOf, UsageError } from '../command.ts'
import { askRegistry } from '../npm/ask-registry.ts'
import { registryAccess } from '../npm/npmrc.ts'
import { t } from '../text/text.ts'

const classes: readonly YankClass[] = ['withdrawn', 'defect', 'security', 'legal']
const usage = () => t('yank.usage', { classes: classes.join('|') })

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
    const wrong = mistakeIn({ reason, kind, deadline, isUndo })
    if (wrong !== undefined) throw new UsageError(`${wrong}\n${usage()}`)
    const { url, token } = await registryAccess('.', name.split('/')[0] as string, textOf(typed, 'registry'))
    if (url === undefined || token === undefined) throw new UsageError(t('registry.access'))
    const body = isUndo ? { reason } : { class: kind, reason, ...(deadline === undefined ? {} : { deadline }) }
    await askRegistry(url, `/-/dcesop/v1/plugins/${encodeURIComponent(name)}/versions/${version}/yank`, {
      method: isUndo ? 'DELETE' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    console.log(isUndo ? t('yank.undone', { name, version }) : t('yank.done', { name, version, kind: kind ?? '' }))
    return 0
  },
}

interface Wish {
  readonly reason: string | undefined
  readonly kind: string | undefined
  readonly deadline: string | undefined
  readonly isUndo: boolean
}

function mistakeIn({ reason, kind, deadline, isUndo }: Wish): string | undefined {
  if (!reason) return t('yank.reason')
  if (isUndo) return kind === undefined && deadline === undefined ? undefined : t('yank.undoAlone')
  if (kind === undefined) return t('yank.noClass', { classes: classes.join(', ') })
  if (!isClass(kind)) return t('yank.class', { kind, classes: classes.join(', ') })
  if (deadline !== undefined && !/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(deadline)) return t('yank.deadline', { deadline })
  return undefined
}

function isClass(text: string | undefined): text is YankClass {
  return classes.some((one) => one === text)
}

/** `@acme/dcesop-radio@1.0.0`, or a plugin's id in place of the name. */
function versionOf(text: string): { name: string; version: string } {
  const at = text.lastIndexOf('@')
  const [name, version] = [text.slice(0, at), text.slice(at + 1)]
  if (at > 0 && semver.valid(version) === version) return { name, version }
  throw new UsageError(`${t('yank.version')}\n${usage()}`)
}
