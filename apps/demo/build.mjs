// Builds the demo and the packages that it uses into `dist`, as they would be installed: with esbuild alone, so that
// it takes half a second and runs on every Node that the packages support. Types are left to `pnpm build`.
import { cpSync, mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const demo = fileURLToPath(new URL('.', import.meta.url))
const packages = resolve(demo, '../../packages')
const target = join(demo, 'dist')
const common = /** @type {const} */ ({ format: 'esm', platform: 'node', target: 'node20', logLevel: 'error' })

rmSync(target, { recursive: true, force: true })
const manifests = manifestsFor(demo)
await buildDemo()
for (const [folder, manifest] of manifests) await buildPackage(folder, manifest)

/** The packages of this repository that a folder's package needs to run, with their manifests. @param {string} folder */
function manifestsFor(folder, found = new Map()) {
  for (const name of Object.keys(manifestOf(folder).dependencies ?? {})) {
    const own = join(packages, name.replace('@ez/', ''))
    if (!name.startsWith('@ez/') || found.has(own)) continue
    found.set(own, manifestOf(own))
    manifestsFor(own, found)
  }
  return found
}

/** @param {string} folder */
function manifestOf(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}

/** Every module stays a file of its own, at the depth that its paths to other files are written for. */
function buildDemo() {
  const beside = {
    name: 'beside',
    setup(/** @type {import('esbuild').PluginBuild} */ { onResolve }) {
      onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ kind, path }) =>
        kind === 'entry-point' ? undefined : { path: path.replace(/\.ts$/, '.js'), external: true },
      )
    },
  }
  const entryPoints = ['./src/**/*.ts']
  return build({
    ...common,
    absWorkingDir: demo,
    entryPoints,
    outdir: target,
    bundle: true,
    packages: 'external',
    plugins: [beside],
  })
}

/** Builds by the package's own configuration, and puts beside it what else is published and installed with it. */
async function buildPackage(/** @type {string} */ folder, /** @type {Record<string, any>} */ manifest) {
  const own = join(target, 'node_modules', manifest.name)
  mkdirSync(own, { recursive: true })
  writeFileSync(join(own, 'package.json'), JSON.stringify(manifest))
  for (const file of manifest.files)
    if (file !== 'dist' && !file.startsWith('!'))
      cpSync(join(folder, file), join(own, file), { recursive: true })
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    if (manifests.has(join(packages, name.replace('@ez/', '')))) continue
    const link = join(own, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(realpathSync(join(folder, 'node_modules', name)), link, 'junction')
  }
  for (const options of [await configurationOf(folder)].flat())
    await build({
      ...common,
      absWorkingDir: folder,
      entryPoints: options.entry,
      outdir: join(own, options.outDir ?? 'dist'),
      bundle: true,
      splitting: options.splitting ?? true,
      packages: 'external',
      external: (options.external ?? []).filter((/** @type {unknown} */ name) => typeof name === 'string'),
      // Marks are kept for the minifier, which is left out here.
      plugins: (options.esbuildPlugins ?? []).filter((/** @type {any} */ { name }) => name !== 'keep-marks'),
    })
}

/** What `tsup.config.ts` says; the tools that it imports are not needed for that. @param {string} folder */
async function configurationOf(folder) {
  const file = join(folder, 'tsup.config.ts')
  const withoutTools = {
    name: 'without-tools',
    setup(/** @type {import('esbuild').PluginBuild} */ { onLoad, onResolve }) {
      onResolve({ filter: /^[\w@]/ }, ({ kind, path }) =>
        kind === 'entry-point' || path.startsWith('node:') ? undefined : { path, namespace: 'without-tools' },
      )
      onLoad({ filter: /.*/, namespace: 'without-tools' }, () => ({
        contents: 'export const defineConfig = (options) => options, dts = 0, minifySync = 0, rolldown = 0',
      }))
    },
  }
  const { outputFiles } = await build({
    ...common,
    entryPoints: [file],
    bundle: true,
    write: false,
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(file).href) },
    plugins: [withoutTools],
  })
  // As tsup does: what a configuration reads, it names from the folder of its package.
  process.chdir(folder)
  const code = Buffer.from(outputFiles[0]?.contents ?? '').toString('base64')
  return (await import(`data:text/javascript;base64,${code}`)).default
}
