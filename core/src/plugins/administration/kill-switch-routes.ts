import { Problem } from '@dcesop/sdk-plugin'
import { seenText } from '@dcesop/sdk-plugin/http'
import type { Server } from '@hapi/hapi'
import { askedBy } from '../../audit/actor.ts'
import { addRoute, type CoreRequest, identityOf } from '../../http/core-route.ts'
import type { AuditPort, CoreRoutes, StepUpPort } from '../../ports.ts'
import type { Enforcer } from '../enforcement/enforcer.ts'
import type { KillOrder, KillSwitch } from '../kill-switch/kill-switch.ts'
import type { Operations } from '../lifecycle/operations.ts'
import { servesAll } from '../lifecycle/lanes.ts'
import type { LifecycleParts } from '../lifecycle/parts.ts'
import { closed, pluginId, version } from './schemas.ts'

export interface KillSwitchRouteParts {
  readonly killSwitch: KillSwitch
  readonly enforcer: Enforcer
  readonly operations: Operations
  readonly parts: LifecycleParts
  readonly audit: AuditPort
  readonly stepUp: StepUpPort
}

const reason = seenText(500)
const order = closed({ plugin: pluginId, version, reason }, ['plugin', 'reason'])
const params = closed({ id: { type: 'string', pattern: '^[0-9a-f-]{36}$' } })
const access = { permission: 'platform.plugins:manage' } as const

interface OrderBody {
  readonly plugin: string
  readonly version?: string
  readonly reason: string
}
type Identified = CoreRequest<{ Params: { id: string }; Query: unknown; Payload: unknown }>

/** Two administrators stop a plugin, or one version of it, everywhere and at once; two let it run again. No registry is asked. */
export function killSwitchRoutes(parts: KillSwitchRouteParts): CoreRoutes {
  const { killSwitch, stepUp } = parts
  return {
    register(server: Server) {
      addRoute(server, {
        method: 'GET',
        path: '/api/admin/kill-switch',
        summary: 'Orders of the kill switch, newest first, with their signed records and the key that signs them.',
        access: { permission: 'platform.plugins:read' },
        handler: async () => ({ orders: (await killSwitch.list()).map(viewOf), publicKey: killSwitch.publicKey }),
      })
      addRoute<{ Payload: OrderBody }>(server, {
        method: 'POST',
        path: '/api/admin/kill-switch',
        summary: 'Proposes to stop a plugin or one of its versions; another administrator confirms.',
        access,
        body: order,
        async handler(request, h) {
          const { plugin, version = null, reason: why } = request.payload
          const identity = identityOf(request)
          await stepUp.require(identity, 'kill-switch.propose', { ...request.payload })
          const made = await killSwitch.propose(identity.subject, { plugin, version, reason: why })
          await record(request, 'kill-switch.propose', made, parts)
          return h.response(viewOf(made)).code(201)
        },
      })
      addRoute<{ Params: { id: string } }>(server, {
        method: 'POST',
        path: '/api/admin/kill-switch/{id}/confirm',
        summary:
          'Confirms what another administrator proposed: the stop, or its release; `If-Match` says which. It is carried out at once.',
        access,
        params,
        handler: (request) => confirm(request, parts),
      })
      addRoute<{ Params: { id: string }; Payload: { reason: string } }>(server, {
        method: 'POST',
        path: '/api/admin/kill-switch/{id}/release',
        summary: 'Proposes to let it run again; another administrator confirms.',
        access,
        params,
        body: closed({ reason }),
        async handler(request) {
          const { id } = request.params
          const identity = identityOf(request)
          await stepUp.require(identity, 'kill-switch.release', { id, ...request.payload })
          const made = await killSwitch.proposeRelease(identity.subject, id, request.payload.reason)
          await record(request, 'kill-switch.release', made, parts)
          return viewOf(made)
        },
      })
    },
  }
}

async function confirm(request: Identified, parts: KillSwitchRouteParts) {
  const { killSwitch, stepUp, enforcer, audit } = parts
  const { id } = request.params
  const identity = identityOf(request)
  const seen = request.raw.req.headers['if-match']
  await stepUp.require(identity, 'kill-switch.confirm', { id })
  let made: KillOrder
  try {
    made = await killSwitch.confirm(identity.subject, id, seen)
  } catch (error) {
    const why = error instanceof Problem ? error.code : 'internal_error'
    await audit.append({
      ...askedBy(request),
      action: 'kill-switch.confirm',
      resource: id,
      outcome: 'failed',
      reason: why,
    })
    throw error
  }
  await record(request, 'kill-switch.confirm', made, parts)
  await (made.state === 'active' ? enforcer.run() : enforcer.refuseKilled())
  const problem = made.state === 'released' ? await bringBack(made, parts) : undefined
  const status = parts.parts.slots.get(made.plugin)
  const plugin = status ? { id: status.id, version: status.version, state: status.state } : null
  return { ...viewOf(made), now: plugin, ...(problem ? { problem } : {}) }
}

/** Starts what was only stopped by the order. @returns why it did not start */
async function bringBack(
  { plugin }: KillOrder,
  { parts, operations }: KillSwitchRouteParts,
): Promise<string | undefined> {
  const desired = await parts.desired.get(plugin)
  const slot = parts.slots.get(plugin)
  if (!desired?.enabled || !slot || servesAll(parts, slot, desired)) return undefined
  try {
    await operations.enable(plugin)
    return undefined
  } catch (error) {
    if (error instanceof Problem) return error.detail
    throw error
  }
}

function record(request: Pick<Identified, 'raw'>, action: string, made: KillOrder, { audit }: KillSwitchRouteParts) {
  const { _id: order, plugin, version, state, proposal, releaseProposal, records } = made
  const signed = records.at(-1)
  const why = (state === 'releasing' || state === 'released' ? releaseProposal : proposal)?.reason ?? ''
  const details = {
    order,
    version: version ?? '*',
    state,
    reason: why,
    ...(signed ? { record: JSON.stringify(signed) } : {}),
  }
  return audit.append({ ...askedBy(request), action, resource: plugin, outcome: 'allowed', details })
}

function viewOf({ _id, ...made }: KillOrder) {
  return { id: _id, ...made }
}
