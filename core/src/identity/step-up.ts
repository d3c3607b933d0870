import { Problem, type Clock, type Identity } from '@dcesop/sdk-plugin'
import type { SlowDown } from '@dcesop/sdk-plugin/internal/sign-in'
import canonicalizeModule from 'canonicalize'
import type { Connection } from 'mongoose'
import { actorOf, type Trace } from '../audit/actor.ts'
import { collectionOf } from '../data/core-db.ts'
import type { AuditPort, StepUpPort } from '../ports.ts'
import type { Accounts } from './accounts.ts'
import { mostSkewMs } from './clock-skew.ts'
import type { Proof } from './proof.ts'
import { digest } from './secrets.ts'

// The package is CommonJS with a default: depending on the loader the function is the module or its default.
const canonicalize = canonicalizeModule as unknown as ((input: unknown) => string | undefined) & {
  default?: (input: unknown) => string | undefined
}

interface Grant {
  /** Digest of session, operation and canonical parameters. */
  readonly _id: string
  readonly expiresAt: Date
}

/** The proof offered: one of the two. */
export interface StepUpInput {
  readonly operation: string
  readonly parameters: Readonly<Record<string, unknown>>
  readonly totp?: string
  readonly password?: string
}

export interface StepUpDeps {
  readonly connection: Connection
  readonly accounts: Accounts
  readonly proof: Proof
  readonly slowDown: SlowDown
  readonly audit: AuditPort
  readonly clock: Clock
  readonly grantMs: number
}

/** Grants of re-authentication: for one operation with exactly its parameters, once, for a few minutes (A2). */
export class StepUp implements StepUpPort {
  readonly #deps: StepUpDeps
  readonly #grants

  constructor(deps: StepUpDeps) {
    this.#deps = deps
    this.#grants = collectionOf<Grant>(deps.connection, 'step_up_grants')
  }

  async prepare(): Promise<void> {
    await this.#grants.createIndex({ expiresAt: 1 }, { expireAfterSeconds: 0 })
  }

  /** @throws Problem 403 `step_up_failed` for a wrong proof, which counts as a failed sign-in; 429 after too many */
  async grant(identity: Identity, input: StepUpInput, trace: Trace): Promise<void> {
    const { accounts, slowDown, clock, grantMs } = this.#deps
    const key = `step-up:${identity.subject}`
    await slowDown.begin(key)
    const account = await accounts.byId(identity.subject)
    const proven = account !== null && (await this.#proves(account, input))
    await this.#record(identity, proven ? 'step-up.grant' : 'step-up.fail', proven, input.operation, trace)
    if (!proven) throw new Problem(403, 'step_up_failed', 'The code or password is wrong.')
    await slowDown.succeed(key)
    const expiresAt = new Date(clock.now().getTime() + grantMs)
    await this.#grants.updateOne(
      { _id: grantId(identity, input.operation, input.parameters) },
      { $set: { expiresAt } },
      { upsert: true },
    )
  }

  async require(identity: Identity, operation: string, parameters: Readonly<Record<string, unknown>>): Promise<void> {
    const grant = await this.#grants.findOneAndDelete({ _id: grantId(identity, operation, parameters) })
    const leftMs = grant ? grant.expiresAt.getTime() - this.#deps.clock.now().getTime() : 0
    if (leftMs > 0 && leftMs <= this.#deps.grantMs + mostSkewMs) return
    throw new Problem(403, 'step_up_required', 'Confirm that it is you before this operation.', {
      extensions: { operation, parameters },
    })
  }

  #proves(account: Parameters<Proof['totp']>[0], input: StepUpInput): Promise<boolean> {
    if (input.totp !== undefined) return this.#deps.proof.totp(account, input.totp)
    return this.#deps.proof.password(account, input.password ?? '')
  }

  #record(identity: Identity, action: string, proven: boolean, operation: string, trace: Trace): Promise<void> {
    return this.#deps.audit.append({
      action,
      outcome: proven ? 'allowed' : 'denied',
      actor: actorOf(identity),
      ...trace,
      details: { operation },
    })
  }
}

/** RFC 8785 makes equal parameters equal text. */
function grantId(identity: Identity, operation: string, parameters: unknown): string {
  const text = (canonicalize.default ?? canonicalize)({ sessionId: identity.sessionId, operation, parameters })
  if (text === undefined) throw new TypeError('Step-up parameters must be JSON.')
  return digest(text)
}
