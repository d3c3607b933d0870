import { type Attempts, Passwords, SlowDown } from '@dcesop/sdk-plugin/internal/sign-in'
import type { Container } from 'inversify'
import type { Config } from '../config/config.ts'
import { collectionOf } from '../data/core-db.ts'
import { AccountPasswords } from '../identity/account-passwords.ts'
import { Accounts } from '../identity/accounts.ts'
import { HostAuthenticator } from '../identity/authenticator.ts'
import { Cookies } from '../identity/cookies.ts'
import { MachineTokens } from '../identity/machine-tokens.ts'
import { neverBack } from '../identity/never-back.ts'
import { Preferences } from '../identity/preferences.ts'
import { Proof } from '../identity/proof.ts'
import { SessionStore } from '../identity/session-store.ts'
import { Sessions } from '../identity/sessions.ts'
import { SignIn } from '../identity/sign-in.ts'
import { StepUp } from '../identity/step-up.ts'
import { tokens } from './tokens.ts'

const minute = 60_000

/** Directory, sessions and proofs: the built-in adapter of the identity ports. */
export function bindIdentity(container: Container, { identity, http }: Config): void {
  container.bind(tokens.accounts).toResolvedValue((data) => new Accounts(data.core), [tokens.data])
  container.bind(tokens.passwords).toConstantValue(new Passwords(identity.argon2))
  container.bind(tokens.cookies).toConstantValue(new Cookies(http.publicOrigin?.startsWith('https:') === true))
  container.bind(tokens.sessionStore).toResolvedValue((data) => new SessionStore(data.core), [tokens.data])
  container
    .bind(tokens.slowDown)
    .toResolvedValue(
      (data, clock) => new SlowDown(collectionOf<Attempts>(data.core, 'sign_in_attempts'), clock),
      [tokens.data, tokens.clock],
    )
  container
    .bind(tokens.preferences)
    .toResolvedValue((data, clock) => new Preferences(data.core, clock), [tokens.data, tokens.clock])
  container
    .bind(tokens.proof)
    .toResolvedValue(
      (accounts, passwords, clock) => new Proof(accounts, passwords, clock),
      [tokens.accounts, tokens.passwords, tokens.clock],
    )
  container.bind(tokens.sessions).toResolvedValue(
    (store, accounts, policy, clock, audit, log) =>
      new Sessions({
        store,
        accounts,
        policy,
        clock: neverBack(clock),
        log,
        limits: { idleMs: identity.idleMinutes * minute, absoluteMs: identity.absoluteHours * 60 * minute },
        cacheMs: identity.sessionCacheMs,
        ended: ({ id, accountId }, reason) => {
          if (reason === 'signed_out') return
          const actor = { subject: accountId, kind: 'system', sessionId: id } as const
          audit
            .append({ action: 'session.end', outcome: 'allowed', actor, reason })
            .catch((err: unknown) => log.error({ err }, 'the end of a session was not recorded'))
        },
      }),
    [tokens.sessionStore, tokens.accounts, tokens.policy, tokens.clock, tokens.audit, tokens.log],
  )
  container.bind(tokens.machineTokens).toResolvedValue(
    (data, accounts, clock) =>
      new MachineTokens({
        connection: data.core,
        accounts,
        clock: neverBack(clock),
        lifetimeMs: identity.machineTokenMinutes * minute,
        cacheMs: identity.sessionCacheMs,
      }),
    [tokens.data, tokens.accounts, tokens.clock],
  )
  container
    .bind(tokens.authenticator)
    .toResolvedValue(
      (cookies, sessions, machines) => new HostAuthenticator(cookies, sessions, machines),
      [tokens.cookies, tokens.sessions, tokens.machineTokens],
    )
  container
    .bind(tokens.accountPasswords)
    .toResolvedValue(
      (accounts, passwords, proof, slowDown, sessions, policy, audit, clock) =>
        new AccountPasswords({ accounts, passwords, proof, slowDown, sessions, policy, audit, clock }),
      [
        tokens.accounts,
        tokens.passwords,
        tokens.proof,
        tokens.slowDown,
        tokens.sessions,
        tokens.policy,
        tokens.audit,
        tokens.clock,
      ],
    )
  container
    .bind(tokens.signIn)
    .toResolvedValue(
      (accounts, proof, slowDown, sessions, accountPasswords, clock, audit) =>
        new SignIn({ accounts, proof, slowDown, sessions, accountPasswords, clock: neverBack(clock), audit }),
      [
        tokens.accounts,
        tokens.proof,
        tokens.slowDown,
        tokens.sessions,
        tokens.accountPasswords,
        tokens.clock,
        tokens.audit,
      ],
    )
  container.bind(tokens.stepUp).toResolvedValue(
    (data, accounts, proof, slowDown, audit, clock) =>
      new StepUp({
        connection: data.core,
        accounts,
        proof,
        slowDown,
        audit,
        clock: neverBack(clock),
        grantMs: identity.stepUpMinutes * minute,
      }),
    [tokens.data, tokens.accounts, tokens.proof, tokens.slowDown, tokens.audit, tokens.clock],
  )
}
