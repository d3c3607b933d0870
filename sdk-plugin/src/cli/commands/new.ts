import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { type Command, textOf, UsageError } from '../command.ts'
import { isTemplate, templates, writeTemplate } from '../template.ts'

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
    if (typed.target === '.') throw new UsageError('Name the folder of the new plugin.')
    const dir = path.resolve(typed.target)
    const template = textOf(typed, 'template') ?? 'page'
    const id = textOf(typed, 'id') ?? path.basename(dir)
    const publisher = textOf(typed, 'publisher')?.replace(/^@/, '') ?? 'my-company'
    if (!isTemplate(template))
      throw new UsageError(`There is no template "${template}"; there are ${templates.join(', ')}.`)
    if (!idPattern.test(id))
      throw new UsageError(
        `"${id}" is no plugin id: lower case, digits and single hyphens, at most 40 characters. Give one with --id.`,
      )
    if (!publisherPattern.test(publisher)) throw new UsageError(`"${publisher}" is no npm scope.`)
    if (await hasFiles(dir)) throw new UsageError(`${dir} is not empty.`)
    await writeTemplate(dir, { template, id, publisher, sdk: textOf(typed, 'sdk') })
    const folder = path.relative(process.cwd(), dir)
    console.log(`wrote ${folder} (${template}). Next:\n\n  cd ${folder}\n  npm install\n  npm test\n  npm run dev`)
    return 0
  },
}

async function hasFiles(dir: string): Promise<boolean> {
  const found = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return found.length > 0
}
