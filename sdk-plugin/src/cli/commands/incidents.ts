import { existsSync } from 'node:fs'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { readSourceJson } from '../../build/read-source.ts'
import type { IncidentKind } from '../../contracts/incidents.ts'
import { type Command, textOf, UsageError } from '../command.ts'
import { askRegistry } from '../npm/ask-registry.ts'
import { registryAccess } from '../npm/npmrc.ts'

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

const words: Readonly<Record<IncidentKind, string>> = {
  process_ended: 'quarantine: its process ended too often',
  start_interrupted: 'not started again: the host stopped while it started',
  canary_errors: 'trial taken back: too many requests failed',
  canary_slow: 'trial taken back: slower than its budget',
  canary_screens: 'trial taken back: its screens failed',
  screens_failed: 'screens off for somebody: they failed again and again',
  killed: 'killed by two administrators',
}

/** What hosts told the registry about the versions of a plugin that they stopped. */
export const incidentsCommand: Command = {
  options: { registry: { type: 'string' }, json: { type: 'boolean' } },
  async run(typed) {
    const name = typed.target === '.' ? await packageHere() : typed.target
    const { url, token } = await registryAccess('.', name.split('/')[0] as string, textOf(typed, 'registry'))
    if (url === undefined || token === undefined)
      throw new UsageError('Name the registry with --registry URL, and sign in: npm login --registry URL')
    const told = await askRegistry(url, `/-/dcesop/v1/plugins/${encodeURIComponent(name)}/incidents`, {
      headers: { authorization: `Bearer ${token}` },
    })
    if (!isTold(told)) throw new UsageError(`${url} does not list incidents; is it a DCESOP registry?`)
    console.log(typed.values['json'] ? JSON.stringify(told, null, 2) : linesOf(told).join('\n'))
    return 0
  },
}

/** @throws UsageError or PackageError */
async function packageHere(): Promise<string> {
  if (!existsSync('package.json'))
    throw new UsageError('Name the plugin, or call it in the folder of one: dcesop incidents [PLUGIN]')
  const { name } = await readSourceJson(path.resolve(), 'package.json')
  return String(name)
}

function isTold(answer: object): answer is Told {
  return 'counts' in answer && Array.isArray(answer.counts) && 'latest' in answer && Array.isArray(answer.latest)
}

function linesOf({ package: name, counts, latest }: Told): string[] {
  if (counts.length === 0) return [`${name}: no host reported anything in the last 90 days`]
  return [
    name,
    '',
    ...table([
      ['VERSION', 'TIMES', 'LAST', 'WHAT HAPPENED'],
      ...counts.map(({ version, kind, count, last }) => [version, String(count), last, inWords(kind)]),
    ]),
    '',
    ...table([
      ['AT', 'VERSION', 'HOST', 'KIND'],
      ...latest.map(({ at, version, instance, kind }) => [at, version, instance, kind]),
    ]),
  ]
}

/** A registry that is newer than this command may know kinds that it does not. */
function inWords(kind: string): string {
  return Object.hasOwn(words, kind) ? words[kind as IncidentKind] : kind
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
