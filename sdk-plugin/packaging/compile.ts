import { compileScript, parse as parseSfc } from '@vue/compiler-sfc'
import { init, parse as parseModule } from 'es-module-lexer'
import { transform } from 'esbuild'

/** What a source file becomes, or undefined for a file that is taken as it is. */
export interface Compiled {
  /** Path beside the source, for example `badge.vue.js`. */
  readonly file: string
  readonly code: string
}

/**
 * Compiles one source file to a JavaScript module of its own: stack traces name the file that they would name in the workspace.
 * @param file path of the source, which decides how it is read
 */
export async function compileSource(file: string, text: string): Promise<Compiled | undefined> {
  if (file.endsWith('.d.ts')) return undefined
  if (file.endsWith('.ts')) return { file: compiledPath(file), code: await toModule(text) }
  if (file.endsWith('.vue')) return { file: compiledPath(file), code: await toModule(scriptOf(file, text)) }
  if (file.endsWith('.json')) return { file: compiledPath(file), code: `export default ${text}` }
  return undefined
}

/** Where the module of a source file is; Node reads neither TypeScript in packages nor components anywhere. */
export function compiledPath(file: string): string {
  if (file.endsWith('.ts')) return `${file.slice(0, -'.ts'.length)}.js`
  return /\.(vue|json)$/.test(file) ? `${file}.js` : file
}

/** What the compiler names the declarations of a source file, where it writes any. */
export function declarationOf(file: string): string | undefined {
  if (file.endsWith('.d.ts')) return undefined
  if (file.endsWith('.ts')) return `${file.slice(0, -'.ts'.length)}.d.ts`
  return file.endsWith('.vue') ? `${file}.d.ts` : undefined
}

async function toModule(typescript: string): Promise<string> {
  const { code } = await transform(typescript, { loader: 'ts', format: 'esm', target: 'es2023' })
  await init
  let written = ''
  let end = 0
  for (const { n: name, s: from, e: to, d: dynamic } of parseModule(code)[0]) {
    if (!name?.startsWith('.')) continue
    const quote = dynamic >= 0 ? `'` : ''
    written += `${code.slice(end, from)}${quote}${compiledPath(name)}${quote}`
    end = to
  }
  return written + code.slice(end)
}

function scriptOf(file: string, text: string): string {
  const { descriptor, errors } = parseSfc(text, { filename: file })
  if (errors.length > 0) throw new Error(`${file}: ${errors.map(String).join('\n')}`)
  if (descriptor.styles.length > 0) throw new Error(`${file}: the styles of the library are in src/ui/styles.`)
  // Hoisted static nodes become innerHTML with style attributes, which the content security policy blocks.
  const templateOptions = { compilerOptions: { hoistStatic: false } }
  return compileScript(descriptor, { id: file, inlineTemplate: true, hoistStatic: false, templateOptions }).content
}
