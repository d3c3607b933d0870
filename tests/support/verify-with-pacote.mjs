// node verify-with-pacote.mjs REGISTRY SPEC KEYSETS: reads a manifest as npm does, once for each set of keys, its signatures checked
// with these keys and no others.
import pacote from 'pacote'

const [registry, spec, keySets] = process.argv.slice(2)
const results = []
for (const keys of JSON.parse(keySets)) {
  const pinned = keys.map((key) => ({
    ...key,
    pemkey: `-----BEGIN PUBLIC KEY-----\n${key.key}\n-----END PUBLIC KEY-----`,
  }))
  const options = { registry: `${registry}/`, verifySignatures: true, [`//${new URL(registry).host}/:_keys`]: pinned }
  const { name, code, _signatures: signatures } = await pacote.manifest(spec, options).catch((error) => error)
  results.push(code === undefined ? { name, signatures } : { code })
}
console.log(JSON.stringify(results))
