import { CommandError } from '../errors.ts'
import type { Document } from 'bson'
import type { Command, CommandContext } from './command.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { flag } from './arguments.ts'

const DEFAULTS: Document = {
  featureCompatibilityVersion: { version: '8.0' },
  enableTestCommands: true,
  transactionLifetimeLimitSeconds: 60,
  ttlMonitorEnabled: true,
  ttlMonitorSleepSecs: 60,
  maxTransactionLockRequestTimeoutMillis: 5,
  cursorTimeoutMillis: 600_000,
  authenticationMechanisms: [],
  requireApiVersion: false,
  quiet: false,
  logLevel: 0,
}

const IGNORED = new Set(['getParameter', 'setParameter', 'comment', 'lsid', 'allParameters'])

function names(context: CommandContext): string[] {
  return Object.keys(context.body).filter((name) => !name.startsWith('$') && !IGNORED.has(name))
}

function valueOf(context: CommandContext, name: string): unknown {
  return context.server.parameters.has(name) ? context.server.parameters.get(name) : (DEFAULTS[name] as unknown)
}

export const getParameter: Command = {
  name: 'getParameter',
  adminOnly: true,
  run(context) {
    const asked: unknown = context.body.getParameter
    const all =
      asked === '*' || (typeof asked === 'object' && asked !== null && flag((asked as Document).allParameters))
    const wanted = all ? Object.keys(DEFAULTS) : names(context).filter((name) => name in DEFAULTS)
    if (wanted.length === 0) throw new CommandError(72, 'InvalidOptions', 'no option found to get')
    const details = typeof asked === 'object' && asked !== null && flag((asked as Document).showDetails)
    return Object.fromEntries(
      wanted.map((name) => {
        const value = valueOf(context, name)
        return [name, details ? { value, settableAtRuntime: true, settableAtStartup: true } : value]
      }),
    )
  },
}

export const setParameter: Command = {
  name: 'setParameter',
  adminOnly: true,
  run(context) {
    const [name, ...more] = names(context)
    if (name === undefined || more.length > 0 || !(name in DEFAULTS))
      throw new CommandError(72, 'InvalidOptions', 'attempted to set unrecognized parameter')
    const was = valueOf(context, name)
    const value: unknown = context.body[name]
    if (typeof DEFAULTS[name] === 'number' && !(isNumeric(value) && Number.isSafeInteger(toNumber(value))))
      throw new CommandError(2, 'BadValue', `Invalid value for parameter ${name}: an integer is expected`)
    context.server.parameters.set(name, context.body[name])
    return { was }
  },
}

export const configureFailPoint: Command = {
  name: 'configureFailPoint',
  adminOnly: true,
  run(context) {
    const { configureFailPoint: name, mode, data } = context.body
    if (typeof name !== 'string')
      throw new CommandError(
        14,
        'TypeMismatch',
        "BSON field 'configureFailPoint' is the wrong type, expected type 'string'",
      )
    return {
      count: context.server.failPoints.configure(
        name,
        typeof mode === 'string' ? mode : (mode as Document),
        (data ?? {}) as Document,
      ),
    }
  },
}
