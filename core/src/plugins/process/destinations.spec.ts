import type { LookupFunction } from 'node:net'
import { minimalManifest } from '@dcesop/sdk-plugin/testing'
import { destinationOf, grantedDestinations, isGranted, publicOnly } from './destinations.ts'

const grants = (...resources: string[]) =>
  grantedDestinations(
    minimalManifest({
      permissions: {
        requests: resources.map((resource) => ({ cap: 'http:egress' as const, resource, reasonKey: 'demo.title' })),
      },
    }),
  )
const allows = (granted: string, wanted: string) => {
  const destination = destinationOf(wanted)
  return destination !== undefined && isGranted(grants(granted), destination)
}

it.each([
  ['api.example.net', 'api.example.net:443'],
  ['api.example.net', 'api.example.net:80'],
  ['API.example.net', 'Api.Example.NET:443'],
  ['api.example.net:8443', 'api.example.net:8443'],
  ['api.example.net:80', 'api.example.net:80'],
  ['10.0.0.7:9000', '10.0.0.7:9000'],
  ['10.0.0.7:9000', '0x0a000007:9000'],
  ['[fd00::7]:9000', '[fd00:0::7]:9000'],
])('a grant of %s opens %s', (granted, wanted) => expect(allows(granted, wanted)).toBe(true))

it.each([
  ['api.example.net', 'api.example.net:8080'],
  ['api.example.net', 'www.api.example.net:443'],
  ['api.example.net', 'api.example.net.evil.net:443'],
  ['api.example.net:443', 'api.example.net:80'],
  ['api.example.net:8443', 'api.example.net:443'],
  ['api.example.net', 'user@api.example.net:443'],
  ['api.example.net', 'evil.net/@api.example.net:443'],
  ['*', 'api.example.net:443'],
  ['10.0.0.7:9000', '[::ffff:10.0.0.7]:9000'],
])('a grant of %s does not open %s', (granted, wanted) => expect(allows(granted, wanted)).toBe(false))

describe('a granted name', () => {
  const resolve = (...addresses: string[]) => {
    const names: LookupFunction = (_name, _options, done) =>
      done(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      )
    return new Promise<unknown>((settle) => {
      publicOnly(names)('api.example.net', { all: true }, (error, found) => settle(error?.message ?? found))
    })
  }

  it('leads to public addresses', async () => {
    expect(await resolve('203.0.113.7', '2001:db8::7')).toHaveLength(2)
  })

  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '100.64.0.1',
    '169.254.169.254',
    '172.31.0.1',
    '192.168.1.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::7f00:1',
    'fd12::1',
    'fe80::1',
    'ff02::1',
  ])('is refused when one of its addresses is %s', async (address) => {
    expect(await resolve('203.0.113.7', address)).toBe(`"api.example.net" leads to ${address}, which is not public.`)
  })
})
