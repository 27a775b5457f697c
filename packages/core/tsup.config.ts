import { readdirSync, readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { defineConfig, type Options } from 'tsup'
import { library } from '../../.ci/library.ts'
import { writeNotices } from '../../.ci/notices.mjs'

const source = resolve('src')
const entries = {
  index: 'src/index.ts',
  keys: 'src/keys.ts',
  received: 'src/received.ts',
  sign: 'src/sign.ts',
  steps: 'src/steps/index.ts',
  'structured-fields': 'src/structured-fields.ts',
  testing: 'src/testing.ts',
}

// Folders of one entry alone; all others are rooms that entries share.
const ownFolders = ['crypto', 'received', 'steps', 'testing']
const rooms = readdirSync(source, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !ownFolders.includes(entry.name))
  .map(({ name }) => name)

const isInRoom = (file: string): boolean =>
  rooms.some((room) => relative(source, file).replaceAll('\\', '/').startsWith(`${room}/`))

type Plugin = NonNullable<Options['esbuildPlugins']>[number]

/** Takes what is in rooms from `rooms.js`, where every entry finds it. */
const shareRooms: Plugin = {
  name: 'share-rooms',
  setup(build) {
    build.onResolve({ filter: /^\.\.?\// }, ({ path, importer, kind }) =>
      kind !== 'entry-point' && isInRoom(resolve(dirname(importer), path))
        ? { path: './rooms.js', external: true, sideEffects: false }
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
        .map((path) => `export * from '${path.replaceAll('\\', '/')}'`)
        .join('\n'),
      resolveDir: source,
      loader: 'ts',
    }))
  },
}

// Without spaces esbuild would leave out the marks of what a bundler may drop; as names they stay.
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
  plugins: [readMarks],
  // One import of each module, and nothing that is used by none.
  treeshake: { moduleSideEffects: false },
  // An application stores every byte of it; names stay, so that stack traces can be read.
  esbuildOptions(options) {
    options.minifyWhitespace = true
  },
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
