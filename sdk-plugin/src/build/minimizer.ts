import MinimizerPlugin from 'minimizer-webpack-plugin'

/** Minimizes scripts and styles in the build's own process: a worker takes longer to start than a remote to be minimized. */
export function minimizer(): MinimizerPlugin {
  return new MinimizerPlugin({
    minify: [MinimizerPlugin.swcMinify, MinimizerPlugin.esbuildMinifyCss],
    extractComments: false,
    parallel: false,
  })
}
