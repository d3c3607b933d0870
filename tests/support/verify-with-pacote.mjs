// node verify-with-pacote.mjs REGISTRY SPEC KEYS: reads a manifest as npm does, its signatures checked with these keys and no others.
import pacote from 'pacote'

const [registry, spec, keys] = process.argv.slice(2)
const pinned = JSON.parse(keys).map((key) => ({
  ...key,
  pemkey: `-----BEGIN PUBLIC KEY-----\n${key.key}\n-----END PUBLIC KEY-----`,
}))
const options = { registry: `${registry}/`, verifySignatures: true, [`//${new URL(registry).host}/:_keys`]: pinned }
const { name, code, _signatures: signatures } = await pacote.manifest(spec, options).catch((error) => error)
console.log(JSON.stringify(code === undefined ? { name, signatures } : { code }))
