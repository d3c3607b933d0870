// Puts a plugin's CSS into its own layer, so that it can never outrank the shell's and the library's rules by accident.
module.exports = function pluginLayer(source) {
  return `@layer plugin {\n${source}\n}`
}
