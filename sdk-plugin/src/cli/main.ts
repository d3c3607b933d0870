import { createRequire } from 'node:module'
import { parseArgs } from 'node:util'
import { BuildError } from '../build/build-error.ts'
import { PackageError } from '../package/findings.ts'
import { type Command, UsageError } from './command.ts'

const usage = `dcesop: build, try, check and publish a DCESOP plugin

  dcesop new DIR       [--template page|panel|backend|integration] [--id ID] [--publisher NAME] [--sdk RANGE]
  dcesop dev   [DIR]   [--host URL]; build, watch, and show it in a running shell, to its author alone
  dcesop build [DIR]   bundle backend and remote into DIR/dist
  dcesop test  [DIR]   run its specs on the SDK's test host
  dcesop check [DIR]   manifest, catalogues, user interface
  dcesop explain RULE  why a rule refuses, and what to do
  dcesop pack  [DIR]   [--out DIR] [--key FILE.pem]; build, check, and write <id>-<version>.tgz

  dcesop update [DIR]  [--dry-run]; change the sources as this SDK needs them

  dcesop keygen [FILE.pem]        a publisher's key, publisher.pem when left out
  dcesop register-key FILE.pem    --publisher NAME [--registry URL] [--before OLD.pem]
  dcesop publish [DIR]            --key FILE.pem [--registry URL] [--tag TAG]; pack, sign, npm publish
  dcesop verify FILE              [--keys pinned.json|key.pem] [--registry URL] [--max-age-days N]; a .tgz or a bundle
  dcesop yank NAME@VERSION        --class withdrawn|defect|security|legal --reason TEXT [--deadline TIME] [--registry URL]
                                  --undo --reason TEXT takes it back
  dcesop incidents [PLUGIN]       [--registry URL] [--json]; what hosts reported of its versions

  dcesop --version

DIR is the folder with dcesop.plugin.json; default is the current one.`

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string }

/** Each is loaded when it is asked for: webpack is slow to load, and most need none. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  new: async () => (await import('./commands/new.ts')).newCommand,
  dev: async () => (await import('./commands/dev.ts')).devCommand,
  build: async () => (await import('./commands/build.ts')).buildCommand,
  test: async () => (await import('./commands/test.ts')).testCommand,
  check: async () => (await import('./commands/check.ts')).checkCommand,
  explain: async () => (await import('./commands/explain.ts')).explainCommand,
  pack: async () => (await import('./commands/pack.ts')).packCommand,
  update: async () => (await import('./commands/update.ts')).updateCommand,
  keygen: async () => (await import('./commands/keygen.ts')).keygenCommand,
  'register-key': async () => (await import('./commands/register-key.ts')).registerKeyCommand,
  publish: async () => (await import('./commands/publish.ts')).publishCommand,
  verify: async () => (await import('./commands/verify.ts')).verifyCommand,
  yank: async () => (await import('./commands/yank.ts')).yankCommand,
  incidents: async () => (await import('./commands/incidents.ts')).incidentsCommand,
}

/** Runs one command. Exit status: 0 done, 1 refused with findings, 2 wrong usage, or a file or a registry that cannot be reached. */
export async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv
  if (name === undefined) return say(usage, 2)
  if (['--help', '-h', 'help'].includes(name)) return say(usage, 0)
  if (['--version', '-v'].includes(name)) return say(version, 0)
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!load) return say(`dcesop: "${name}" is not a command.\n\n${usage}`, 2)
  try {
    const command = await load()
    const options = { ...command.options, help: { type: 'boolean', short: 'h' } } as const
    const { values, positionals } = parseArgs({ args: rest, allowPositionals: true, options })
    if (values.help) return say(usage, 0)
    if (positionals.length > 1) throw new UsageError(`"${positionals[1]}" is one word too many.`)
    return await command.run({ target: positionals[0] ?? '.', values: values as Record<string, string | boolean> })
  } catch (error) {
    if (error instanceof PackageError) return refuse(error)
    if (error instanceof BuildError) return say(error.message, 1)
    if (error instanceof UsageError || isParseError(error) || isSystemError(error))
      return say(`dcesop ${name}: ${error.message}`, 2)
    throw error
  }
}

function refuse({ findings }: PackageError): number {
  for (const { rule, evidence, fix } of findings) console.error(`${rule}: ${evidence}\n  ${fix}`)
  for (const rule of new Set(findings.map((finding) => finding.rule))) console.error(`More: dcesop explain ${rule}`)
  return 1
}

function say(text: string, status: number): number {
  ;(status === 0 ? console.log : console.error)(text)
  return status
}

function isParseError(error: unknown): error is Error {
  return error instanceof Error && String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS')
}

/** A file or program that is not there, may not be touched or finds no room: the message names it, a stack helps nobody. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return typeof error === 'object' && error !== null && 'syscall' in error
}
