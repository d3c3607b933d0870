import type { Passwords, SlowDown } from '@dcesop/sdk-plugin/internal/sign-in'
import type { ServiceIdentifier } from 'inversify'
import type { AuditLog } from '../audit/audit-log.ts'
import type { Strangers } from '../audit/strangers.ts'
import type { Config } from '../config/config.ts'
import type { MongoPlatform } from '../data/platform.ts'
import type { RateLimits } from '../http/rate-limits.ts'
import type { AccountPasswords } from '../identity/account-passwords.ts'
import type { Accounts } from '../identity/accounts.ts'
import type { Cookies } from '../identity/cookies.ts'
import type { MachineTokens } from '../identity/machine-tokens.ts'
import type { Preferences } from '../identity/preferences.ts'
import type { Proof } from '../identity/proof.ts'
import type { SessionStore } from '../identity/session-store.ts'
import type { Sessions } from '../identity/sessions.ts'
import type { SignIn } from '../identity/sign-in.ts'
import type { StepUp } from '../identity/step-up.ts'
import type { HostLog } from '../observability/log.ts'
import type { RequestMetrics } from '../observability/request-metrics.ts'
import type { PluginHost } from '../plugins/host-types.ts'
import type { Policy } from '../policy/policy.ts'
import type { Authenticator, Clock } from '../ports.ts'
import type { SocketHub } from '../realtime/hub.ts'

function token<T>(name: string): ServiceIdentifier<T> {
  return Symbol.for(`dcesop.${name}`)
}

/** What the container holds, each by a typed identifier. */
export const tokens = {
  config: token<Config>('config'),
  log: token<HostLog>('log'),
  clock: token<Clock>('clock'),
  data: token<MongoPlatform>('data'),
  policy: token<Policy>('policy'),
  audit: token<AuditLog>('audit'),
  strangers: token<Strangers>('strangers'),
  accounts: token<Accounts>('accounts'),
  passwords: token<Passwords>('passwords'),
  accountPasswords: token<AccountPasswords>('account-passwords'),
  proof: token<Proof>('proof'),
  slowDown: token<SlowDown>('slow-down'),
  sessionStore: token<SessionStore>('session-store'),
  sessions: token<Sessions>('sessions'),
  machineTokens: token<MachineTokens>('machine-tokens'),
  cookies: token<Cookies>('cookies'),
  authenticator: token<Authenticator>('authenticator'),
  signIn: token<SignIn>('sign-in'),
  stepUp: token<StepUp>('step-up'),
  preferences: token<Preferences>('preferences'),
  limits: token<RateLimits>('limits'),
  realtime: token<SocketHub>('realtime'),
  metrics: token<RequestMetrics>('metrics'),
  plugins: token<PluginHost>('plugins'),
}
