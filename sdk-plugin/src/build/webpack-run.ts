import { createRequire } from 'node:module'
import path from 'node:path'
import webpack from 'webpack'
import { BuildError } from './build-error.ts'

// Without it module federation provokes an error of webpack to read its place off the stack, which costs seconds.
process.env['FEDERATION_WEBPACK_PATH'] ??= createRequire(import.meta.url).resolve('webpack')

/** Runs webpack once. @throws BuildError when the build has errors */
export async function runWebpack(configuration: webpack.Configuration): Promise<webpack.Stats> {
  const compiler = webpack(configuration)
  if (!compiler) throw new Error('webpack made no compiler')
  const stats = await new Promise<webpack.Stats>((resolve, reject) => {
    compiler.run((error, result) => {
      if (error || !result) reject(error ?? new Error('webpack gave no result'))
      else resolve(result)
    })
  })
  await new Promise<void>((resolve, reject) => compiler.close((error) => (error ? reject(error) : resolve())))
  if (stats.hasErrors()) throw new BuildError(sentencesOf(stats))
  return stats
}

/** What concerns the author's files, and nothing of the compiler's own: of each file the first error, from which others follow. */
function sentencesOf(stats: webpack.Stats): string {
  const { errors = [] } = stats.toJson({ all: false, errors: true, errorDetails: true })
  const byFile = new Map<string, string>()
  for (const { moduleName, loc, message, details = '' } of errors) {
    const file = moduleName && fileOf(moduleName)
    const where = ['ERROR', file && `in ${file}`, loc].filter(Boolean).join(' ')
    const sentence = [where, withoutStack(message), detailsOf(details)].join('\n').trimEnd()
    if (!byFile.has(file ?? sentence)) byFile.set(file ?? sentence, sentence)
  }
  return [...byFile.values()].join('\n\n')
}

/** A part of a component goes by the name of its file, without the loaders that it went through. */
function fileOf(moduleName: string): string {
  return moduleName.replace(/^.*!/s, '').replace(/\?.*$/s, '')
}

function withoutStack(message: string): string {
  return message.replace(/^Module (?:Error|build failed) \(from .*\):\n+/, '').replace(/^ {4}at .*\n?/gm, '')
}

/**
 * Without where the resolver looked: that the file is not there, and which one is, stands before it. With a stack of the compiler
 * the message comes a second time.
 */
function detailsOf(details: string): string {
  return /^ {4}at /m.test(details) ? '' : details.replace(/^resolve '.*' in '.*'\n(?: .*\n?)*/gm, '')
}

/** The source files that a build contains, absolute; modules that webpack joined into one are named one by one. */
export function sourcesOf(stats: webpack.Stats): string[] {
  const all = { modules: true, nestedModules: true, modulesSpace: Infinity, nestedModulesSpace: Infinity }
  const files = new Set<string>()
  const add = (modules: readonly webpack.StatsModule[] = []) => {
    for (const { nameForCondition, modules: inner } of modules) {
      if (nameForCondition) files.add(nameForCondition)
      add(inner)
    }
  }
  add(stats.toJson({ all: false, ...all }).modules)
  return [...files].filter((file) => path.isAbsolute(file)).sort()
}
