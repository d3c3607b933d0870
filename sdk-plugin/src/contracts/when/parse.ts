import jsep from 'jsep'

const operators = ['||', '&&', '==', '!=', '<=', '>=', '<', '>', 'in'] as const
export type Operator = (typeof operators)[number]

/** What an extension's `when` says, read. */
export type When =
  | { readonly kind: 'value'; readonly value: string | number | boolean | null }
  | { readonly kind: 'list'; readonly items: readonly When[] }
  | { readonly kind: 'path'; readonly names: readonly string[] }
  | { readonly kind: 'not'; readonly of: When }
  | { readonly kind: Operator; readonly left: When; readonly right: When }

/** Roots of paths: what the page hands over, and who looks at it. */
const roots = ['context', 'user']
/** Deeper than anybody writes, and no work for the stack. */
const mostNested = 20
/** As strong as `<`, as in JavaScript. */
const inPrecedence = 7
jsep.addBinaryOp('in', inPrecedence)

/**
 * Reads `context.kind == 'fibre' && !('agent' in user.roles)`: comparisons, `in`, `&&`, `||`, `!`, brackets, lists, texts, numbers,
 * and paths into `context` and `user`. Nothing else, so nothing can be called.
 * @throws Error with a sentence that says what is wrong
 */
export function parseWhen(text: string): When {
  return whenOf(jsep(text) as jsep.CoreExpression, 0)
}

function whenOf(node: jsep.CoreExpression, depth: number): When {
  if (depth > mostNested) throw new Error('it is nested too deeply')
  const inner = (of: jsep.Expression | null) => (of ? whenOf(of as jsep.CoreExpression, depth + 1) : refuse(','))
  switch (node.type) {
    case 'Literal':
      if (node.value instanceof RegExp) return refuse(node.raw)
      return { kind: 'value', value: node.value }
    case 'ArrayExpression':
      return { kind: 'list', items: node.elements.map(inner) }
    case 'MemberExpression':
      return { kind: 'path', names: namesOf(node) }
    case 'UnaryExpression':
      return node.operator === '!' ? { kind: 'not', of: inner(node.argument) } : negative(node)
    case 'BinaryExpression': {
      const kind = operators.find((one) => one === node.operator) ?? refuse(node.operator)
      return { kind, left: inner(node.left), right: inner(node.right) }
    }
    case 'Identifier':
      return refuse(node.name)
    case 'Compound':
      throw new Error(node.body.length === 0 ? 'it is empty' : 'it is more than one expression')
    default:
      return refuse(nameOf(node.type))
  }
}

function negative({ operator, argument }: jsep.UnaryExpression): When {
  const { value } = argument as Partial<jsep.Literal>
  return operator === '-' && typeof value === 'number' ? { kind: 'value', value: -value } : refuse(operator)
}

/** `context.services.technology`, by names alone. */
function namesOf(given: jsep.Expression): string[] {
  const node = given as jsep.CoreExpression
  if (node.type === 'Identifier') return roots.includes(node.name) ? [node.name] : refuse(node.name)
  if (node.type !== 'MemberExpression') return refuse(nameOf(node.type))
  if (node.computed) return refuse('[')
  if (node.optional) return refuse('?.')
  return [...namesOf(node.object), (node.property as jsep.Identifier).name]
}

/** `CallExpression` as people call it. */
function nameOf(type: string): string {
  const names: Readonly<Record<string, string>> = {
    CallExpression: 'a call',
    ConditionalExpression: '?',
    ThisExpression: 'this',
    SequenceExpression: ',',
  }
  return names[type] ?? type
}

function refuse(what: string): never {
  throw new Error(`"${what}" is not expected`)
}
