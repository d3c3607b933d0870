import { ChunkIntegrityPlugin, minimizer } from '@dcesop/sdk-plugin/build'
import { ModuleFederationPlugin } from '@module-federation/enhanced/webpack'
import MiniCssExtractPlugin from 'mini-css-extract-plugin'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { VueLoaderPlugin } from 'vue-loader'
import webpack from 'webpack'

const require = createRequire(import.meta.url)
const root = join(import.meta.dirname, '..')
const packageJson = (path) => JSON.parse(readFileSync(path, 'utf8'))
const version = (name) => packageJson(require.resolve(`${name}/package.json`)).version
const sdkVersion = packageJson(join(root, '../sdk-plugin/package.json')).version

const typescript = {
  test: /\.ts$/,
  use: {
    loader: 'swc-loader',
    options: { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' }, sourceMaps: true },
  },
}

/** What both builds share. `cache` keeps a second build short. */
function base(name) {
  return {
    name,
    mode: 'production',
    target: 'web',
    context: root,
    devtool: 'source-map',
    performance: { hints: false },
    optimization: { minimizer: [minimizer()] },
    cache: {
      type: 'filesystem',
      cacheDirectory: join(root, '../node_modules/.cache/shell'),
      name,
      buildDependencies: { config: [import.meta.filename] },
    },
    output: {
      path: join(root, 'dist'),
      publicPath: '/',
      // A content hash for the federation entry would make its runtime module throw.
      filename: (data) =>
        data.chunk?.contentHash?.javascript ? 'assets/[name].[contenthash:8].js' : 'assets/[name].js',
      chunkFilename: 'assets/[name].[contenthash:8].js',
      crossOriginLoading: 'anonymous',
      assetModuleFilename: 'assets/[name].[contenthash:8][ext]',
      hashFunction: 'xxhash64',
      uniqueName: `dcesop_${name}`,
    },
  }
}

/** Blocking script of the head: preferences before first paint, trusted types, integrity registry. No federation in it. */
export function bootConfig() {
  return { ...base('boot'), entry: { boot: './src/boot/boot.ts' }, module: { rules: [typescript] } }
}

/** The shell: provides `vue` and the UI library to the plugins' remotes. */
export function shellConfig() {
  const shared = base('shell')
  return {
    ...shared,
    entry: { shell: './src/main.ts' },
    output: { ...shared.output, clean: { keep: /(^|\/)(boot\.|index\.html)/ } },
    resolve: {
      extensions: ['.ts', '.js'],
      // Without this the runtime is bundled twice, once as CommonJS.
      alias: {
        '@module-federation/runtime-core$': require.resolve('@module-federation/runtime-core').replace(/\.cjs$/, '.js'),
      },
    },
    module: {
      rules: [
        typescript,
        // hoistStatic would write inline styles as text, which the content security policy blocks.
        { test: /\.vue$/, loader: 'vue-loader', options: { compilerOptions: { hoistStatic: false } } },
        { test: /\.css$/, use: [MiniCssExtractPlugin.loader, 'css-loader'] },
        { test: /\.woff2$/, type: 'asset/resource' },
      ],
    },
    plugins: [
      new webpack.DefinePlugin({
        __VUE_OPTIONS_API__: true,
        __VUE_PROD_DEVTOOLS__: false,
        __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false,
      }),
      new VueLoaderPlugin(),
      new MiniCssExtractPlugin({
        filename: 'assets/[name].[contenthash:8].css',
        chunkFilename: 'assets/[name].[contenthash:8].css',
      }),
      new ModuleFederationPlugin({
        name: 'dcesop_shell',
        shareStrategy: 'loaded-first',
        shared: {
          vue: { singleton: true, strictVersion: true, requiredVersion: version('vue') },
          '@dcesop/sdk-plugin/ui': {
            singleton: true,
            strictVersion: true,
            version: sdkVersion,
            requiredVersion: sdkVersion,
          },
        },
        dts: false,
        manifest: false,
        experiments: { provideExternalRuntime: true, optimization: { target: 'web', disableSnapshot: true } },
      }),
      new ChunkIntegrityPlugin(),
    ],
  }
}
