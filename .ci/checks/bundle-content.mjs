// What a bundle holds: a provider holds no other provider, a browser bundle nothing of Node, a bundle for Node no
// polyfill.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { finish } from './report.mjs'

const problems = []
let bundles = 0
for (const name of readdirSync('packages')) {
  const root = join('packages', name)
  // A branch that was left may leave a folder of ignored files behind.
  if (!existsSync(join(root, 'package.json'))) continue
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  if (manifest.keywords?.includes('ez-provider') && !manifest.dependencies)
    for (const [entry, target] of Object.entries(manifest.exports))
      if (typeof target === 'object') await checkBundles(name, entry, join(root, target.default))
}
finish('bundle content', problems, `${bundles} bundles`)

// A vendor that is described as data takes the language of descriptions.
/** @param {string} name @param {string} other */
function takes(name, other) {
  if (other !== 'signature') return false
  const { dependencies = {}, peerDependencies = {} } = JSON.parse(
    readFileSync(`packages/${name}/package.json`, 'utf8'),
  )
  return '@ez/signature' in { ...dependencies, ...peerDependencies }
}

/** @param {string} name @param {string} entry @param {string} file */
async function checkBundles(name, entry, file) {
  for (const platform of /** @type {const} */ (['browser', 'node'])) {
    const { metafile } = await build({
      stdin: { contents: `export * from './${file}'`, resolveDir: '.' },
      bundle: true,
      format: 'esm',
      platform,
      metafile: true,
      write: false,
      logLevel: 'silent',
      tsconfigRaw: '{}',
      external: platform === 'browser' ? ['node:*'] : [],
    })
    bundles += 1
    const where = `${name} ${entry} for ${platform}`
    const inputs = Object.values(metafile.outputs).flatMap((output) => Object.keys(output.inputs))
    const imports = Object.values(metafile.outputs).flatMap((output) =>
      output.imports.map(({ path }) => path),
    )
    for (const input of inputs) {
      const [, other] = /(?:^|\/)packages\/([^/]+)\/dist\//.exec(input) ?? []
      if (other !== undefined && other !== name && other !== 'core' && !takes(name, other))
        problems.push(`${where}: it holds ${input} of another package.`)
      if (platform === 'node' && /core\/dist\/crypto\/portable|noble/.test(input))
        problems.push(`${where}: it holds the portable crypto.`)
    }
    for (const path of imports)
      if (platform === 'browser' && path.startsWith('node:')) problems.push(`${where}: it imports ${path}.`)
  }
}
