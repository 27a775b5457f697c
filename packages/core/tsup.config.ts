import { readdirSync, readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { defineConfig, type Options } from 'tsup'
import { compact, library } from '../../.ci/library.ts'
import { writeNotices } from '../../.ci/notices.mjs'

const source = resolve('src')
// One entry for each plain step, which request files name by it.
const stepEntries = Object.fromEntries(
  readdirSync('src/steps')
    .filter((file) => file.endsWith('.ts') && !['index.ts', 'credential.ts'].includes(file))
    .map((file) => [`steps/${file.slice(0, -3)}`, `src/steps/${file}`]),
)
const entries = {
  index: 'src/index.ts',
  keys: 'src/keys.ts',
  received: 'src/received.ts',
  sign: 'src/sign.ts',
  steps: 'src/steps/index.ts',
  'structured-fields': 'src/structured-fields.ts',
  testing: 'src/testing.ts',
  ...stepEntries,
}

// Folders of one entry alone; all others are rooms that entries share.
const ownFolders = ['crypto', 'received', 'steps', 'testing']
const rooms = readdirSync(source, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !ownFolders.includes(entry.name))
  .map(({ name }) => name)

const isInRoom = (file: string): boolean =>
  rooms.some((room) => relative(source, file).replaceAll('\\', '/').startsWith(`${room}/`))

const isStep = (file: string): boolean => !relative(resolve(source, 'steps'), file).startsWith('..')

type Plugin = NonNullable<Options['esbuildPlugins']>[number]

/** Takes what is in rooms from `rooms.js`, where every entry finds it. */
const shareRooms: Plugin = {
  name: 'share-rooms',
  setup(build) {
    // All plain steps are those of the entries of one step each.
    build.onResolve({ filter: /^\.\/[\w-]+\.ts$/ }, ({ path, importer }) =>
      importer === resolve('src/steps/index.ts')
        ? { path: `./steps/${path.slice(2, -3)}.js`, external: true, sideEffects: false }
        : undefined,
    )
    build.onResolve({ filter: /^\.\.?\// }, ({ path, importer, kind }) =>
      kind !== 'entry-point' && isInRoom(resolve(dirname(importer), path))
        ? { path: isStep(importer) ? '../rooms.js' : './rooms.js', external: true, sideEffects: false }
        : undefined,
    )
  },
}

/** Makes one module of all rooms; its exports are for the entries alone. */
const allRooms: Plugin = {
  name: 'all-rooms',
  setup(build) {
    build.onLoad({ filter: /[\\/]src[\\/]index\.ts$/ }, () => ({
      contents: rooms
        .flatMap((room) =>
          readdirSync(resolve(source, room), { recursive: true }).map((file) => `./${room}/${file}`),
        )
        .filter((path) => path.endsWith('.ts'))
        .sort()
        .map((path) => `export * from '${path.replaceAll('\\', '/')}'`)
        .join('\n'),
      resolveDir: source,
      loader: 'ts',
    }))
  },
}

// The minifier leaves out the marks of what a bundler may drop; as names they stay.
const mark = '/* @__PURE__ */'

const keepMarks: Plugin = {
  name: 'keep-marks',
  setup(build) {
    build.onLoad({ filter: /\.[jt]s$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll(mark, '__PURE__ +'),
      loader: path.endsWith('.ts') ? 'ts' : 'js',
    }))
  },
}

const readMarks: NonNullable<Options['plugins']>[number] = {
  name: 'read-marks',
  renderChunk: (code) => ({ code: code.replaceAll('__PURE__+', mark) }),
}

const common: Options = {
  format: 'esm',
  removeNodeProtocol: false,
  target: 'es2022',
  platform: 'neutral',
  splitting: false,
  external: [/^node:/, '#crypto'],
  noExternal: ['@noble/hashes'],
  esbuildPlugins: [keepMarks],
  plugins: [compact, readMarks],
  // One import of each module, and nothing that is used by none.
  treeshake: { moduleSideEffects: false },
}

export default defineConfig([
  {
    ...common,
    // Beside the two ways to hash there is one build for every runtime; `imports` in package.json chooses.
    entry: { 'crypto/node': 'src/crypto/node.ts', 'crypto/portable': 'src/crypto/portable.ts' },
    metafile: true,
    onSuccess: async () => writeNotices('dist'),
  },
  { ...common, entry: { rooms: 'src/index.ts' }, esbuildPlugins: [allRooms, keepMarks] },
  library({
    ...common,
    clean: false,
    entry: entries,
    esbuildPlugins: [shareRooms, keepMarks],
    declared: { ...entries, 'crypto/node': 'src/crypto/node.ts' },
  }),
])
