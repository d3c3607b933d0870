import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { type Command, textOf, UsageError } from '../command.ts'
import { isTemplate, packageManager, templates, writeTemplate } from '../template.ts'
import { t } from '../text/text.ts'

const idPattern = /^(?=.{1,40}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/
const publisherPattern = /^(?=.{1,60}$)[a-z0-9][a-z0-9._-]*$/

export const newCommand: Command = {
  options: {
    template: { type: 'string' },
    id: { type: 'string' },
    publisher: { type: 'string' },
    sdk: { type: 'string' },
  },
  async run(typed) {
    if (typed.target === '.') throw new UsageError(t('new.folder'))
    const dir = path.resolve(typed.target)
    const template = textOf(typed, 'template') ?? 'page'
    const id = textOf(typed, 'id') ?? path.basename(dir)
    const publisher = textOf(typed, 'publisher')?.replace(/^@/, '') ?? 'my-company'
    if (!isTemplate(template)) throw new UsageError(t('new.template', { template, templates: templates.join(', ') }))
    if (!idPattern.test(id)) throw new UsageError(t('new.id', { id }))
    if (!publisherPattern.test(publisher)) throw new UsageError(t('new.publisher', { publisher }))
    if (await hasFiles(dir)) throw new UsageError(t('new.notEmpty', { folder: dir }))
    const manager = packageManager(process.env)
    await writeTemplate(dir, { template, id, publisher, sdk: textOf(typed, 'sdk'), manager })
    const folder = path.relative(process.cwd(), dir)
    const next = [`cd ${shellWord(folder)}`, `${manager} install`, `${manager} test`, `${manager} run dev`]
    console.log(t('new.done', { folder, template, next: next.join('\n  ') }))
    return 0
  },
}

/** To be typed as it stands, in the shell of the system. */
function shellWord(text: string): string {
  if (/^[\p{L}\p{N}._/\\:@+-]+$/u.test(text)) return text
  return process.platform === 'win32' ? `"${text}"` : `'${text.replaceAll("'", String.raw`'\''`)}'`
}

async function hasFiles(dir: string): Promise<boolean> {
  const found = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return found.length > 0
}
