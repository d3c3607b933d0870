import { createRequire } from 'node:module'
import { parseArgs } from 'node:util'
import { BuildError } from '../build/build-error.ts'
import { nearest } from '../manifest/nearest.ts'
import { PackageError } from '../findings/finding.ts'
import { type Command, UsageError } from './command.ts'
import { printable } from './printable.ts'
import { languageOf } from './text/language.ts'
import { systemSentence } from './text/system-error.ts'
import { alternatives, sentencesOf, speak, t } from './text/text.ts'

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string }

/** Each is loaded when it is asked for: webpack is slow to load, and most need none. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  new: async () => (await import('./commands/new.ts')).newCommand,
  dev: async () => (await import('./commands/dev.ts')).devCommand,
  build: async () => (await import('./commands/build.ts')).buildCommand,
  test: async () => (await import('./commands/test.ts')).testCommand,
  check: async () => (await import('./commands/check.ts')).checkCommand,
  explain: async () => (await import('./commands/explain.ts')).explainCommand,
  contracts: async () => (await import('./commands/contracts.ts')).contractsCommand,
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
  if (name !== undefined && ['--version', '-v'].includes(name)) return say(version, 0)
  await speak(languageOf(process.env))
  if (name === undefined) return say(t('usage'), 2)
  if (['--help', '-h', 'help'].includes(name)) return say(t('usage'), 0)
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!load) {
    const meant = alternatives(nearest(name, Object.keys(commands)))
    return say(`dcesop: ${t('main.unknown', { name, meant: meant || 'none' })}`, 2)
  }
  let options: Command['options'] = {}
  try {
    const command = await load()
    options = { ...command.options, help: { type: 'boolean', short: 'h' } }
    const end = command.runsProgram && rest.includes('--') ? rest.indexOf('--') : rest.length
    const { values, positionals } = parseArgs({ args: rest.slice(0, end), allowPositionals: true, options })
    if (values['help']) return say(usageOf(name), 0)
    if (positionals.length > 1) throw new UsageError(t('main.word', { word: positionals[1] as string }))
    const program = end < rest.length ? { program: rest.slice(end + 1) } : {}
    const typed = values as Record<string, string | boolean>
    return await command.run({ target: positionals[0] ?? '.', values: typed, ...program })
  } catch (error) {
    if (error instanceof PackageError) return refuse(error)
    if (error instanceof BuildError) return say(error.message, 1)
    if (isParseError(error)) return say(`dcesop ${name}: ${wrongOption(error, Object.keys(options))}`, 2)
    if (error instanceof UsageError) return say(`dcesop ${name}: ${error.message}`, 2)
    if (isSystemError(error)) return say(`dcesop ${name}: ${systemSentence(error)}`, 2)
    throw error
  }
}

/** The lines of one command, with what belongs to them. */
function usageOf(name: string): string {
  const [, ...parts] = t('usage').split(/\n(?=\n? *dcesop )/)
  const own = parts.filter((part) => part.trimStart().split(/\s+/)[1] === name).map((part) => part.split('\n\n')[0])
  return own.map((part) => part?.replace(/^\n/, '')).join('\n')
}

/** Node tells how to escape the word, which nobody wants who misspelt it. */
function wrongOption({ message, code }: NodeJS.ErrnoException, options: readonly string[]): string {
  // Such as '-h, --help' or '--template <value>'.
  const word = /'(?:-\w, )?(-[^' ]*)/.exec(message)?.[1]
  if (word === undefined) return message
  if (code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION')
    return t(message.includes('does not take') ? 'main.noValue' : 'main.value', { option: word })
  const all = options.map((one) => `--${one}`)
  const meant = alternatives(nearest(word, all))
  return meant === '' ? t('main.options', { word, all: all.join(', ') }) : t('main.option', { word, meant })
}

function refuse({ findings }: PackageError): number {
  console.error(printable(sentencesOf(findings)))
  for (const rule of new Set(findings.map((finding) => finding.rule))) console.error(t('main.more', { rule }))
  return 1
}

function say(text: string, status: number): number {
  ;(status === 0 ? console.log : console.error)(printable(text))
  return status
}

function isParseError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS')
}

/** Of a file or a program: the sentence names it, a stack helps nobody. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return typeof error === 'object' && error !== null && 'syscall' in error
}
