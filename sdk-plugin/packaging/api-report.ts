import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { format } from 'oxfmt'
import ts from 'typescript'
import options from '../../.oxfmtrc.json' with { type: 'json' }

/** Doors that hosts use; what is behind them may change with the host. */
const hostDoors = ['./host', './http', './build', './package.json']

/**
 * The public surface of the SDK as its declarations say, by file name: one page for each door that plugins use.
 * @param folder of the built package
 */
export async function apiReport(folder: string): Promise<Map<string, string>> {
  const { exports } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')) as {
    exports: Record<string, string | { types: string }>
  }
  const doors = Object.entries(exports).flatMap(([door, target]) =>
    typeof target === 'string' || hostDoors.includes(door) ? [] : [[door, path.join(folder, target.types)] as const],
  )
  const program = ts.createProgram(
    doors.map(([, file]) => file),
    {
      module: ts.ModuleKind.Preserve,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      target: ts.ScriptTarget.ES2024,
      skipLibCheck: true,
      noEmit: true,
    },
  )
  const pages = doors.map(async ([door, file]) => {
    const name = `${door === '.' ? 'index' : door.slice(2).replaceAll('/', '-')}.md`
    return [name, await page(door, surfaceOf(program, file))] as const
  })
  return new Map(await Promise.all(pages))
}

async function page(door: string, surface: string[]): Promise<string> {
  const { code, errors } = await format('surface.d.ts', surface.join('\n\n'), options)
  if (errors[0]) throw new Error(`The surface of ${door} cannot be read: ${errors[0].message}`)
  return `# \`@dcesop/sdk-plugin${door.slice(1)}\`\n\n\`\`\`ts\n${code}\`\`\`\n`
}

/** Each exported name with its declarations, sorted. */
function surfaceOf(program: ts.Program, file: string): string[] {
  const checker = program.getTypeChecker()
  const source = program.getSourceFile(file)
  const module = source && checker.getSymbolAtLocation(source)
  if (!module) throw new Error(`${file} is not a module.`)
  return checker
    .getExportsOfModule(module)
    .map((symbol) => {
      const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
      const declarations = (target.declarations ?? []).map(textOf)
      if (declarations.length === 0) throw new Error(`The declaration of "${symbol.name}" behind ${file} is not found.`)
      return `// ${symbol.name}\n${[...new Set(declarations)].join('\n')}`
    })
    .sort()
}

const printer = ts.createPrinter({ removeComments: true })

function textOf(declaration: ts.Declaration): string {
  const file = declaration.getSourceFile()
  if (file.fileName.endsWith('.vue.d.ts') && declaration.kind !== ts.SyntaxKind.InterfaceDeclaration)
    return componentOf(file)
  const isVariable = ts.isVariableDeclaration(declaration)
  return print(isVariable ? declaration.parent.parent : declaration, file)
}

/** What every component has, whatever it takes and gives. */
const common =
  /^(import|export default|declare const _default: typeof __VLS_export;|type __VLS_(WithSlots|PrettifyLocal)<)/

/** A component is its props, events and slots: the aliases that the compiler names in its file. */
function componentOf(file: ts.SourceFile): string {
  return file.statements
    .map((statement) => print(statement, file))
    .filter((text) => !common.test(text))
    .join('\n')
}

function print(node: ts.Node, file: ts.SourceFile): string {
  return printer.printNode(ts.EmitHint.Unspecified, node, file)
}
