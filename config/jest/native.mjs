const code = `
// Jest's own parts come this way too, by Node's loader.
if ('_compile' in module) module._compile(require('node:fs').readFileSync(__filename, 'utf8'), __filename)
else module.exports = requireNatively(__filename)
`

/** For what is Node's to load, once for each worker and not once for each spec: packages, and the product's own modules. */
export default { process: () => ({ code }), getCacheKey: () => code }
