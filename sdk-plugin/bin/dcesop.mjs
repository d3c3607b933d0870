#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  // Nothing else can be loaded, and nothing imported by name that an older Node does not have.
  const { DCESOP_LANG, LC_ALL, LC_MESSAGES, LANG } = process.env
  const told = {
    es: `dcesop necesita Node 22.18 o posterior; este es ${process.version}.`,
    pt: `dcesop precisa do Node 22.18 ou posterior; este é o ${process.version}.`,
  }
  const language = (
    DCESOP_LANG ||
    LC_ALL ||
    LC_MESSAGES ||
    LANG ||
    Intl.DateTimeFormat().resolvedOptions().locale
  ).slice(0, 2)
  console.error(told[language] || `dcesop needs Node 22.18 or later; this is ${process.version}.`)
  process.exit(2)
}
const { enableCompileCache } = await import('node:module')
// webpack takes longer to compile than a plugin.
enableCompileCache()
const { main } = await import('../src/cli/main.ts')

process.exitCode = await main(process.argv.slice(2))
