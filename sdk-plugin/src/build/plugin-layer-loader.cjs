const postcss = require('postcss')

/** Address, layer and conditions of an import. */
const importForm = /^(url\((?:"[^"]*"|'[^']*'|[^)]*)\)|"[^"]*"|'[^']*')\s*(?:layer\b(?:\(\s*([^)]*?)\s*\))?)?(.*)$/is

// Puts a plugin's CSS into its own layer below `plugin`, so that it outranks neither the shell's and the library's rules by accident nor
// depends on whether another plugin's came first. An import counts outside of blocks only: it names the layer instead.
module.exports = function pluginLayer(source, map) {
  const layer = `plugin.${this.getOptions().id}`
  // With the map of a component's part, so that a mistake is told by its line in the file.
  const sheet = postcss.parse(source, { from: this.resourcePath, map: { prev: map ?? false } })
  const named = (name) => sheet.nodes.filter((node) => node.type === 'atrule' && node.name.toLowerCase() === name)
  const imports = named('import').map(({ params }) => `@import ${inLayer(params, layer)};\n`)
  for (const node of [...named('import'), ...named('charset')]) node.remove()
  return `${imports.join('')}@layer ${layer} {\n${sheet}\n}`
}

function inLayer(params, layer) {
  return params.replace(importForm, (_all, address, inner, rest) => {
    const name = inner ? `${layer}.${inner}` : layer
    return [address, `layer(${name})`, rest.trim()].filter(Boolean).join(' ')
  })
}
