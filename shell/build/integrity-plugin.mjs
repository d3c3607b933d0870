import MiniCssExtractPlugin from 'mini-css-extract-plugin'
import webpack from 'webpack'

/**
 * Makes webpack's own loader ask `globalThis.__DCESOP_SRI__(url)` for the integrity of each lazy script and style sheet.
 * The function throws for a file that nobody vouched for.
 */
export class IntegrityPlugin {
  /** @param {import('webpack').Compiler} compiler */
  apply(compiler) {
    compiler.hooks.compilation.tap('IntegrityPlugin', (compilation) => {
      webpack.runtime.LoadScriptRuntimeModule.getCompilationHooks(compilation).createScript.tap(
        'IntegrityPlugin',
        (source) => `${source}\nscript.crossOrigin = 'anonymous';\nscript.integrity = globalThis.__DCESOP_SRI__(script.src);`,
      )
      MiniCssExtractPlugin.getCompilationHooks(compilation).beforeTagInsert.tap(
        'IntegrityPlugin',
        (source, varNames) =>
          `${source}\n${varNames.tag}.crossOrigin = 'anonymous';\n${varNames.tag}.integrity = globalThis.__DCESOP_SRI__(${varNames.tag}.href);`,
      )
    })
  }
}
