import { existsSync } from 'node:fs'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { readSourceJson } from '../../build/read-source.ts'
import { type Command, textOf, UsageError } from '../command.ts'
import { askRegistry } from '../npm/ask-registry.ts'
import { registryAccess } from '../npm/npmrc.ts'
import { printable } from '../printable.ts'
import { messageOf, t } from '../text/text.ts'

interface Told {
  readonly package: string
  readonly counts: readonly {
    readonly version: string
    readonly kind: string
    readonly count: number
    readonly last: string
  }[]
  readonly latest: readonly {
    readonly version: string
    readonly kind: string
    readonly at: string
    readonly instance: string
  }[]
}

/** What hosts told the registry about the versions of a plugin that they stopped. */
export const incidentsCommand: Command = {
  options: { registry: { type: 'string' }, json: { type: 'boolean' } },
  async run(typed) {
    const name = typed.target === '.' ? await packageHere() : typed.target
    const { url, token } = await registryAccess('.', name.split('/')[0] as string, textOf(typed, 'registry'))
    if (url === undefined || token === undefined) throw new UsageError(t('registry.access'))
    const told = await askRegistry(url, `/-/dcesop/v1/plugins/${encodeURIComponent(name)}/incidents`, {
      headers: { authorization: `Bearer ${token}` },
    })
    if (!isTold(told)) throw new UsageError(t('incidents.other', { url }))
    console.log(typed.values['json'] ? JSON.stringify(told, null, 2) : printable(linesOf(told).join('\n')))
    return 0
  },
}

/** @throws UsageError or PackageError */
async function packageHere(): Promise<string> {
  if (!existsSync('package.json')) throw new UsageError(t('incidents.unnamed'))
  const { name } = await readSourceJson(path.resolve(), 'package.json')
  return String(name)
}

function isTold(answer: object): answer is Told {
  return 'counts' in answer && Array.isArray(answer.counts) && 'latest' in answer && Array.isArray(answer.latest)
}

function linesOf({ package: name, counts, latest }: Told): string[] {
  if (counts.length === 0) return [t('incidents.none', { name })]
  return [
    name,
    '',
    ...table([
      [t('incidents.version'), t('incidents.times'), t('incidents.last'), t('incidents.what')],
      ...counts.map(({ version, kind, count, last }) => [version, String(count), last, inWords(kind)]),
    ]),
    '',
    ...table([
      [t('incidents.at'), t('incidents.version'), t('incidents.host'), t('incidents.kind')],
      ...latest.map(({ at, version, instance, kind }) => [at, version, instance, kind]),
    ]),
  ]
}

/** A registry that is newer than this command may know kinds that it does not. */
function inWords(kind: string): string {
  return messageOf(`incident.${kind}`) ?? kind
}

/** Columns as wide as their widest cell; what came over the network moves no cursor. */
function table(rows: readonly (readonly string[])[]): string[] {
  const shown = rows.map((row) => row.map((cell) => stripVTControlCharacters(cell)))
  const widths = (shown[0] ?? []).map((_, column) => Math.max(...shown.map((row) => row[column]?.length ?? 0)))
  return shown.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
