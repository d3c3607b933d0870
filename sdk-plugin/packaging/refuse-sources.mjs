// npm's own `pack` would pack the sources, which no Node runs from inside node_modules.
console.error('The SDK is packed from what is built: npm run pack -w sdk-plugin')
process.exitCode = 1
