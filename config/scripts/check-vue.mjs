// Type checks the program that has Vue components. The native compiler reads none: for it, each has its TypeScript lying beside it.
import { API } from '@typescript/native/unstable/sync'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { componentsOf } from './lib/components.mjs'
import { root } from './lib/paths.mjs'

const config = path.resolve(root, process.argv[2])
const componentOf = componentsOf(config)

const fs = {
  fileExists: (file) => (componentOf(file) ? true : undefined),
  readFile: (file) => componentOf(file)?.text,
  getAccessibleEntries(folder) {
    if (!existsSync(folder)) return undefined
    const entries = readdirSync(folder, { withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name)
    const made = files.map((name) => `${name}.ts`).filter((name) => componentOf(path.join(folder, name)))
    const directories = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
    return { files: [...files, ...made], directories }
  },
}

const api = new API({ cwd: root, fs })
const { program } = api.updateSnapshot({ openProjects: [config] }).getProject(config)
const found = [
  ...program.getConfigFileParsingDiagnostics(),
  ...program.getProgramDiagnostics(),
  ...program.getGlobalDiagnostics(),
  ...program.getSyntacticDiagnostics(),
  ...program.getSemanticDiagnostics(),
]
api.close()
const lines = found.map(lineOf).filter(Boolean)
for (const line of lines) console.log(line)
process.exitCode = lines.length > 0 ? 1 : 0

/** As the compiler itself tells it; undefined for what is not to be told. */
function lineOf(diagnostic) {
  const { fileName, pos, code } = diagnostic
  const says = `error TS${code}: ${textOf(diagnostic)}`
  if (!fileName) return says
  const made = componentOf(fileName)
  const start = made ? made.startOf(diagnostic) : pos
  return start === undefined ? undefined : `${placeOf(made?.component ?? fileName, start)}: ${says}`
}

function textOf({ text, messageChain = [] }, indent = '') {
  return [indent + text, ...messageChain.map((next) => textOf(next, `${indent}  `))].join('\n')
}

function placeOf(file, start) {
  const before = readFileSync(file, 'utf8').slice(0, start).split('\n')
  return `${path.relative(root, file)}(${before.length},${before.at(-1).length + 1})`
}
