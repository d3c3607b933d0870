import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import ts from 'typescript'

// The one that vue-tsc has.
const { createParsedCommandLine, createVueLanguagePlugin, shouldReportDiagnostics, SourceMap } = createRequire(
  import.meta.resolve('vue-tsc'),
)('@vue/language-core')

/**
 * Vue components as the TypeScript that Vue's own tools make of them, each under its name with `.ts`.
 * @param config path of the program's configuration
 * @returns what gives a file's text and where in its component a range of it comes from; undefined for a file that is none of these
 */
export function componentsOf(config) {
  const { options, vueOptions } = createParsedCommandLine(ts, ts.sys, config)
  const plugin = createVueLanguagePlugin(ts, options, vueOptions, (id) => id)
  const known = new Map()
  return (file) => {
    if (!file.endsWith('.vue.ts')) return undefined
    if (!known.has(file)) known.set(file, translate(plugin, file.slice(0, -'.ts'.length)))
    return known.get(file)
  }
}

function translate(plugin, component) {
  if (!existsSync(component)) return undefined
  const snapshot = ts.ScriptSnapshot.fromString(readFileSync(component, 'utf8'))
  const script = plugin.typescript.getServiceScript(plugin.createVirtualCode(component, 'vue', snapshot))
  // One in JavaScript is not checked.
  if (script?.extension !== '.ts') return undefined
  const { snapshot: made, mappings } = script.code
  return {
    component,
    text: made.getText(0, made.getLength()),
    /** Undefined for what is said of a part that nobody wrote, or that Vue's tools know better. */
    startOf({ pos, end, code }) {
      const isSaid = (data) => shouldReportDiagnostics(data, 'ts', String(code))
      const [range] = new SourceMap(mappings).toSourceRange(pos, end, true, isSaid)
      return range?.[0]
    },
  }
}
