import type { Compiler } from 'webpack'
import webpack from 'webpack'
import MiniCssExtractPlugin from 'mini-css-extract-plugin'

/**
 * Asks the shell for the integrity of every lazy chunk, script or style, before it is loaded.
 * The shell's `globalThis.__DCESOP_SRI__(url)` throws for a file that the signed feed does not list.
 */
export class ChunkIntegrityPlugin {
  apply(compiler: Compiler): void {
    compiler.hooks.compilation.tap('ChunkIntegrityPlugin', (compilation) => {
      webpack.runtime.LoadScriptRuntimeModule.getCompilationHooks(compilation).createScript.tap(
        'ChunkIntegrityPlugin',
        (source) => `${source}\n${integrityOf('script', 'script.src')}`,
      )
      MiniCssExtractPlugin.getCompilationHooks(compilation).beforeTagInsert.tap(
        'ChunkIntegrityPlugin',
        (source) => `${source}\n${integrityOf('linkTag', 'linkTag.href')}`,
      )
    })
  }
}

function integrityOf(tag: string, url: string): string {
  return `if (globalThis.__DCESOP_SRI__) { ${tag}.integrity = globalThis.__DCESOP_SRI__(${url}); ${tag}.crossOrigin = 'anonymous'; }`
}
