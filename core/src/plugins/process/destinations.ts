import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import { lookup as systemLookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** Where a connection leads, written as URLs write it: a name in small letters, an IPv4 address, or an IPv6 address. */
export interface Destination {
  readonly host: string
  /** Empty where the usual ports are meant. */
  readonly port: string
}

const usualPorts = ['80', '443']

/** Reads `name`, `name:port`, `1.2.3.4:port` or `[::1]:port`; undefined when it is none of these. */
export function destinationOf(text: string): Destination | undefined {
  if (!/^[^/?#@\\\s]+$/.test(text) || !URL.canParse(`http://${text}`)) return undefined
  const [http, https] = [new URL(`http://${text}`), new URL(`https://${text}`)]
  // Each leaves out its own usual port.
  return { host: http.hostname.replace(/^\[|\]$/g, ''), port: http.port || https.port }
}

/** What a plugin may call: `http:egress` of its manifest, `name` or `name:port`. */
export function grantedDestinations({ permissions }: PluginManifest): Destination[] {
  const resources = (permissions?.requests ?? []).filter(({ cap }) => cap === 'http:egress')
  return resources.flatMap(({ resource }) => destinationOf(resource ?? '') ?? [])
}

export function isGranted(granted: readonly Destination[], { host, port }: Destination): boolean {
  return granted.some((one) => one.host === host && (one.port === '' ? usualPorts.includes(port) : one.port === port))
}

/** A name leads to an address inside the operator's network. */
export class NotPublic extends Error {}

/**
 * A name that leads into the operator's own network is refused, whichever of its addresses does; what was looked at is what is
 * connected to. An address there must be granted as such.
 */
export function publicOnly(lookup: LookupFunction = systemLookup as LookupFunction): LookupFunction {
  return (hostname, options, done) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return done(error, [])
      const addresses = found as Exclude<typeof found, string>
      const inner = addresses.find(({ address }) => !isPublic(address))
      if (inner) return done(new NotPublic(`"${hostname}" leads to ${inner.address}, which is not public.`), [])
      if (options.all) done(null, addresses)
      else done(null, addresses[0]?.address ?? '', addresses[0]?.family)
    })
  }
}

const inside = new BlockList()
// RFC 6890 and what it refers to: this host, private, shared, link-local, benchmarks, multicast and reserved.
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  inside.addSubnet(net, bits)
// The same of IPv6, and the ways of it that carry any IPv4 address.
for (const [net, bits] of [
  ['::', 127],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  inside.addSubnet(net, bits, 'ipv6')

/** IPv4 addresses in IPv6 notation are held against the rules of IPv4. */
function isPublic(address: string): boolean {
  return !inside.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}
