// npm's own `pack` would pack the sources, which no Node runs from inside node_modules.
// npm takes this for the first half of `npm run pack` as well, which packs what is built.
if (!['run', 'run-script'].includes(process.env.npm_command)) {
  console.error('The SDK is packed from what is built: npm run pack -w sdk-plugin')
  process.exitCode = 1
}
