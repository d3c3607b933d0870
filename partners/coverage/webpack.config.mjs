import { ChunkIntegrityPlugin, containerName } from '@dcesop/sdk-plugin/build'
import { ModuleFederationPlugin } from '@module-federation/enhanced/webpack'
import { VueLoaderPlugin } from 'vue-loader'

/**
 * The remote without the SDK's configuration. What a host asks of it: the container's name, `remoteEntry.js` at the top, one
 * exposed module for each unit of the manifest, Vue from the shell, and integrity of what is loaded later.
 */
export default ({ pluginDir, manifest, outDir, mode }) => {
  const name = containerName(manifest.id, manifest.version)
  return {
    context: pluginDir,
    mode,
    entry: {},
    output: {
      path: outDir,
      uniqueName: name,
      publicPath: 'auto',
      clean: true,
      chunkFilename: '[name].[contenthash:8].js',
    },
    module: {
      rules: [{ test: /\.vue$/, loader: 'vue-loader', options: { compilerOptions: { hoistStatic: false } } }],
    },
    plugins: [
      new VueLoaderPlugin(),
      new ModuleFederationPlugin({
        name,
        filename: 'remoteEntry.js',
        exposes: { './coverage-page': './ui/coverage-page.js' },
        shared: { vue: { singleton: true, strictVersion: true, requiredVersion: '^3.5.0', import: false } },
        shareStrategy: 'loaded-first',
        manifest: false,
        dts: false,
        experiments: { externalRuntime: true },
      }),
      new ChunkIntegrityPlugin(),
    ],
  }
}
