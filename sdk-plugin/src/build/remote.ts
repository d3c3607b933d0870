import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { ModuleFederationPlugin } from '@module-federation/enhanced/webpack'
import MiniCssExtractPlugin from 'mini-css-extract-plugin'
import { VueLoaderPlugin } from 'vue-loader'
import webpack from 'webpack'
import type { PluginManifest } from '../manifest/types.ts'
import { ChunkIntegrityPlugin } from './chunk-integrity.ts'
import { containerName } from '../contracts/feed.ts'
import { minimizer } from './minimizer.ts'

const require = createRequire(import.meta.url)
const sdk = require('../../package.json') as { version: string; dependencies: { vue: string } }

/** Every unit that the manifest's pages and extensions expose, once: `./search` is `ui/search.ts` with a default-exported unit. */
export function exposedUnits(manifest: PluginManifest): string[] {
  const units = [...(manifest.ui?.pages ?? []), ...(manifest.ui?.extensions ?? [])].map((item) => item.expose)
  return [...new Set(units)].sort()
}

/** Webpack configuration of a plugin's federated remote (docs/architecture.md, UI composition). */
export function remoteConfig(
  pluginDir: string,
  manifest: PluginManifest,
  outDir: string,
  mode: 'production' | 'development' = 'production',
): webpack.Configuration {
  const name = containerName(manifest.id, manifest.version)
  return {
    context: pluginDir,
    mode,
    target: 'web',
    entry: {},
    devtool: 'source-map',
    output: {
      path: outDir,
      uniqueName: name,
      publicPath: 'auto',
      clean: true,
      // Module Federation's runtime module has no content hash and throws on [contenthash].
      filename: (data) => (data.chunk?.contentHash?.['javascript'] ? '[name].[contenthash:8].js' : '[name].js'),
      chunkFilename: '[name].[contenthash:8].js',
      crossOriginLoading: 'anonymous',
      // A module that throws throws again when it is asked for again, instead of exporting nothing: the reason stays the same.
      strictModuleErrorHandling: true,
    },
    resolve: { extensions: ['.ts', '.vue', '.mjs', '.js', '.json'] },
    module: { rules: sourceRules(manifest.id) },
    // By use: numbers made of paths would differ with the folder that the plugin and its packages are in.
    optimization: { minimizer: [minimizer()], chunkIds: 'named', moduleIds: 'natural' },
    performance: { hints: false },
    // What concerns the author is told by the build's errors; this tells of the compiler's cache and plugins.
    infrastructureLogging: { level: 'none' },
    cache: mode === 'development' && developmentCache(pluginDir, manifest),
    plugins: [
      new VueLoaderPlugin(),
      new MiniCssExtractPlugin({ filename: '[name].[contenthash:8].css', chunkFilename: '[name].[contenthash:8].css' }),
      new webpack.DefinePlugin({
        __VUE_OPTIONS_API__: 'true',
        __VUE_PROD_DEVTOOLS__: 'false',
        __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
      }),
      new ModuleFederationPlugin({
        name,
        filename: 'remoteEntry.js',
        exposes: Object.fromEntries(exposedUnits(manifest).map((unit) => [`./${unit}`, `./ui/${unit}.ts`])),
        // Nothing shared is bundled: the shell is the only provider, and a range that it cannot meet is an error card.
        shared: {
          vue: { singleton: true, strictVersion: true, requiredVersion: '^3.5.0', import: false },
          '@dcesop/sdk-plugin/ui': {
            singleton: true,
            strictVersion: true,
            requiredVersion: `^${sdk.version}`,
            import: false,
          },
        },
        shareStrategy: 'loaded-first',
        manifest: false,
        dts: false,
        dev: false,
        experiments: { externalRuntime: true, optimization: { target: 'web' } },
      }),
      new ChunkIntegrityPlugin(),
    ],
  }
}

/** Writing the cache takes longer than building a remote once; it pays while an author saves again and again. */
function developmentCache(pluginDir: string, { id }: PluginManifest): webpack.FileCacheOptions {
  return {
    type: 'filesystem',
    // Each build in development has a version of its own, and would find nothing under its own name.
    name: `dcesop_${id}_dev`,
    version: sdk.version,
    cacheDirectory: path.join(modulesFolder(pluginDir), '.cache/webpack'),
  }
}

/** The node_modules that the plugin's packages come from: its own, or the workspace's. */
function modulesFolder(pluginDir: string): string {
  const folders = createRequire(path.join(pluginDir, 'package.json')).resolve.paths('vue') ?? []
  return folders.find((folder) => existsSync(folder)) ?? path.join(pluginDir, 'node_modules')
}

function sourceRules(id: string): webpack.RuleSetRule[] {
  return [
    {
      test: /\.vue$/,
      loader: require.resolve('vue-loader'),
      // Hoisted static nodes become innerHTML with style attributes, which the content security policy blocks.
      options: { compilerOptions: { hoistStatic: false } },
    },
    {
      test: /\.ts$/,
      loader: require.resolve('swc-loader'),
      options: { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } },
    },
    {
      test: /\.css$/,
      use: [
        MiniCssExtractPlugin.loader,
        require.resolve('css-loader'),
        { loader: path.join(import.meta.dirname, 'plugin-layer-loader.cjs'), options: { id } },
      ],
    },
  ]
}
