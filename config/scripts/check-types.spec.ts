import { globSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'

const root = path.resolve(import.meta.dirname, '../..')

/** The files that a program is made of, as its configuration names them with components. */
function filesOf(config: string): string[] {
  const file = path.join(root, config)
  const { config: parsed } = ts.readConfigFile(file, (name) => ts.sys.readFile(name)) as { config: object }
  const vue = [{ extension: '.vue', isMixedContent: true, scriptKind: ts.ScriptKind.Deferred }]
  return ts.parseJsonConfigFileContent(parsed, ts.sys, path.dirname(file), {}, file, undefined, vue).fileNames
}

it('looks at every file of TypeScript and Vue that is ours', () => {
  const exclude = (name: string) => /(^|\/)(node_modules|dist|\.data)$/.test(name)
  const ours = globSync('*/**/*.{ts,vue}', { cwd: root, exclude })
  expect(ours.length).toBeGreaterThan(1000)
  const programs = ['config/tsconfig.node.json', 'config/tsconfig.vue.json', 'tests/tsconfig.json']
  const looked = new Set(programs.flatMap(filesOf).map((file) => path.relative(root, file)))
  expect(ours.filter((file) => !looked.has(file))).toEqual([])
})
