import { appendFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import type { JsonSchema } from '../backend/route.ts'
import { compileCheck } from '../http/index.ts'
import { Problem } from '../backend/problem.ts'
import type { Contract, Interaction } from '../package/contract.ts'
import { contractDigest, type ContractNote } from '../package/contract-record.ts'
import { providerOf } from './capabilities.ts'

export type { Contract, Interaction }

/**
 * An implementation of the capability that knows the contract's calls and no others, for `capabilities` of a test host.
 * @throws Error when an example does not fit its own schema: the consumer would be tested with answers that nobody promises
 */
export function contractDouble<T extends object>(contract: Contract): T {
  for (const interaction of contract.interactions) {
    const why = interaction.schema && mismatch(interaction.schema, interaction.answers)
    if (why) throw new Error(`${nameOf(contract, interaction)}: the example does not fit the schema: ${why}`)
  }
  const methods = new Set(contract.interactions.map(({ method }) => method))
  const answer =
    (method: string) =>
    async (...given: unknown[]) => {
      const found = contract.interactions.find(
        (one) => one.method === method && isDeepStrictEqual(one.arguments, given),
      )
      if (!found) throw new Error(`The contract for ${contract.capability} has no ${method}(${JSON.stringify(given)}).`)
      if (found.rejects !== undefined) throw new Problem(422, found.rejects, 'As the contract says.')
      return structuredClone(found.answers)
    }
  return Object.fromEntries([...methods].map((method) => [method, answer(method)])) as T
}

/**
 * Makes each call of the contract at a provider. `dcesop test` records it for the package when the provider is what
 * `host.capability` gave: any other object is not the plugin's backend.
 * @param provider for example `host.capability('customers.directory')`
 * @param states what brings the provider into each state that the contract names
 * @throws Error that lists every call whose answer is not what the consumer relies on
 */
export async function verifyContract(
  contract: Contract,
  provider: object,
  states: Readonly<Record<string, () => Promise<void> | void>> = {},
): Promise<void> {
  const broken: string[] = []
  for (const interaction of contract.interactions) {
    const { given } = interaction
    const prepare = given === undefined ? () => undefined : states[given]
    if (!prepare) throw new Error(`Say how the provider comes into the state "${given}".`)
    await prepare()
    const why = await difference(interaction, provider as Record<string, unknown>)
    if (why !== undefined) broken.push(`${nameOf(contract, interaction)}: ${why}`)
  }
  if (broken.length > 0) throw new Error(broken.join('\n'))
  note(contract, provider)
}

/** For the record of `dcesop test`, which names the file to its specs. */
function note(contract: Contract, provider: object): void {
  const file = process.env['DCESOP_KEPT_CONTRACTS']
  if (!file) return
  const { capability, consumer } = contract
  const plugin = providerOf(provider, capability)
  const kept: ContractNote = { capability, consumer, sha256: contractDigest(contract), ...(plugin && { plugin }) }
  // Specs run in several processes; what is appended at once stays in one piece.
  appendFileSync(file, `${JSON.stringify(kept)}\n`)
}

async function difference(
  { method, arguments: given, answers, schema, rejects }: Interaction,
  provider: Record<string, unknown>,
): Promise<string | undefined> {
  const callable = provider[method]
  if (typeof callable !== 'function') return 'there is no such method'
  try {
    const answer: unknown = await callable.apply(provider, [...given])
    if (rejects !== undefined) return `answers ${JSON.stringify(answer)}, not Problem "${rejects}"`
    if (schema) return mismatch(schema, answer)
    return isDeepStrictEqual(answer, answers) ? undefined : `answers ${JSON.stringify(answer)}`
  } catch (error) {
    if (rejects !== undefined && error instanceof Problem && error.code === rejects) return undefined
    return `throws ${String(error)}`
  }
}

/** What a value lacks, in one sentence; undefined when it fits. */
function mismatch(schema: JsonSchema, value: unknown): string | undefined {
  try {
    compileCheck(schema, 'body')(structuredClone(value))
    return undefined
  } catch (error) {
    const { errors = [] } = error instanceof Problem ? error.options : {}
    return errors.map(({ pointer, message }) => `${pointer ?? ''} ${message}`.trim()).join('; ') || String(error)
  }
}

function nameOf({ consumer, capability }: Contract, { method, given }: Interaction): string {
  return `${consumer} on ${capability}.${method}${given === undefined ? '' : ` with ${given}`}`
}
