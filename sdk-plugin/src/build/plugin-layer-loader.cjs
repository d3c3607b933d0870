// Puts a plugin's CSS into its own layer below `plugin`, so that it outranks neither the shell's and the library's rules by accident nor
// depends on whether another plugin's came first.
module.exports = function pluginLayer(source) {
  return `@layer plugin.${this.getOptions().id} {\n${source}\n}`
}
