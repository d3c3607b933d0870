import { Problem } from '@dcesop/sdk-plugin'
import semver from 'semver'
import { addRoute } from '../../http/json-route.ts'
import { publicUrlOf } from '../../http/public-url.ts'
import type { Routes } from '../../http/server.ts'
import { parseName, tarballName } from '../../packages/names.ts'
import type { Catalogue, CatalogueState, CatalogueVersion } from '../catalogue/catalogue.ts'
import type { Offered } from './offered.ts'
import { resolvePlan } from './plan.ts'
import type { Question } from './puzzle.ts'

export interface ResolveRoutesDeps {
  readonly catalogue: Catalogue
  readonly offered: Offered
  /** From the least to the most stable. */
  readonly channels: readonly string[]
  readonly publicUrl: string | null
}

const plugin = { type: 'string', pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$', maxLength: 40 }
const version = { type: 'string', maxLength: 128 }
const channel = { type: 'string', maxLength: 40 }
const region = { type: 'string', pattern: '^[a-z][a-z0-9-]{0,39}$' }
const closed = (required: readonly string[], properties: Record<string, object>) => ({
  type: 'object',
  additionalProperties: false,
  required: [...required],
  properties,
})
const body = closed(['instance', 'wish'], {
  instance: closed(['dcesop', 'sdk', 'node', 'regions', 'installed'], {
    dcesop: version,
    sdk: version,
    node: version,
    regions: { type: 'array', items: region, uniqueItems: true, maxItems: 50 },
    installed: { type: 'array', items: closed(['plugin', 'version'], { plugin, version, channel }), maxItems: 1000 },
  }),
  wish: closed([], {
    install: {
      type: 'array',
      items: closed(['plugin'], { plugin, range: version, channel }),
      maxItems: 100,
    },
    remove: { type: 'array', items: plugin, uniqueItems: true, maxItems: 100 },
  }),
  channel,
})

/** A plugin, and the channel that it follows; that of the whole question when left out. */
interface Following {
  readonly plugin: string
  readonly channel?: string
}

interface Asked {
  readonly instance: {
    readonly dcesop: string
    readonly sdk: string
    readonly node: string
    readonly regions: readonly string[]
    readonly installed: readonly (Following & { readonly version: string })[]
  }
  readonly wish: {
    readonly install?: readonly (Following & { readonly range?: string })[]
    readonly remove?: readonly string[]
  }
  readonly channel?: string
}

interface Checked extends Pick<Asked, 'instance'> {
  readonly wish: Pick<Question, 'install' | 'remove'>
  readonly followed: readonly string[]
}

/** What an instance would have to install for a wish, or why it cannot. */
export function resolveRoutes({ catalogue, offered, channels, publicUrl }: ResolveRoutesDeps): Routes {
  return (server) => {
    addRoute(server, {
      method: 'POST',
      path: '/-/dcesop/v1/resolve',
      access: 'anyone',
      reading: true,
      maxBytes: 256 * 1024,
      body,
      async handler(call) {
        const { instance, wish: wanted, channel: common = channels.at(-1) as string } = call.body as Asked
        const { install = [], remove = [] } = wanted
        const wish = { install: install.map(({ plugin: id, range = '*' }) => ({ plugin: id, range })), remove }
        const others = otherChannels([...instance.installed, ...install], common)
        check({ instance, wish, followed: [common, ...others.values()] }, channels)
        const state = await catalogue.current()
        const candidates = offered.to({ regions: instance.regions, channel: common, others }, state)
        const known = instance.installed.filter((entry) => candidates.find(entry.plugin))
        const { dcesop, sdk, node } = instance
        const answer = resolvePlan(candidates, {
          engines: { dcesop, sdk, node },
          installed: new Map(known.map((entry) => [entry.plugin, entry.version])),
          ...wish,
        })
        // What the registry does not have was installed in another way, and is not its business.
        const unknown = instance.installed.filter((entry) => !known.includes(entry)).map((entry) => entry.plugin)
        if (!answer.ok) return { ...answer, unknown }
        const byId = byPlugin(state)
        const base = publicUrlOf(call.request.raw.req, publicUrl)
        const steps = answer.steps.map((step) => ({
          ...step,
          ...whereIs(byId.get(`${step.plugin}@${step.version}`), base),
        }))
        return { ...answer, steps, unknown, logSize: state.head.size }
      },
    })
  }
}

/** By plugin, where it is not the common one; what is wished has the last word. */
function otherChannels(all: readonly Following[], common: string): Map<string, string> {
  const asked = new Map(all.flatMap((one) => (one.channel === undefined ? [] : [[one.plugin, one.channel] as const])))
  return new Map([...asked].filter(([, one]) => one !== common))
}

/** @throws Problem 400 */
function check({ instance, wish, followed }: Checked, channels: readonly string[]): void {
  const { dcesop, sdk, node, installed } = instance
  const numbers = [dcesop, sdk, node, ...installed.map((entry) => entry.version)]
  const wrong = numbers.find((number) => semver.valid(number) === null)
  if (wrong !== undefined)
    throw new Problem(400, 'invalid_request', `${JSON.stringify(wrong.slice(0, 50))} is not a version.`)
  const twice = installed.find((entry, at) => installed.findIndex(({ plugin: id }) => id === entry.plugin) !== at)
  if (twice) throw new Problem(400, 'invalid_request', `"${twice.plugin}" is installed in one version only.`)
  const range = wish.install.find((entry) => semver.validRange(entry.range) === null)?.range
  if (range !== undefined)
    throw new Problem(400, 'invalid_request', `${JSON.stringify(range.slice(0, 50))} is not a range of versions.`)
  if (!followed.every((one) => channels.includes(one)))
    throw new Problem(400, 'invalid_request', `Channels are: ${channels.join(', ')}.`)
  const both = wish.install.find((entry) => wish.remove.includes(entry.plugin))
  if (both) throw new Problem(400, 'invalid_request', `"${both.plugin}" cannot be installed and removed at once.`)
}

function byPlugin({ packages }: CatalogueState): Map<string, CatalogueVersion> {
  const all = [...packages.values()].flat()
  return new Map(all.flatMap((one) => (one.manifest ? [[`${one.manifest.id}@${one.version}`, one]] : [])))
}

function whereIs(found: CatalogueVersion | undefined, base: string): object {
  if (!found) return {}
  const name = parseName(found.package)
  const tarball = `${base}/${name.full}/-/${tarballName(name, found.version)}`
  return { package: name.full, integrity: found.dist.integrity, size: found.size, tarball }
}
