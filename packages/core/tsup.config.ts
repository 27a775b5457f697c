import { defineConfig, type Options } from 'tsup'
import { writeNotices } from '../../.ci/notices.mjs'

const entries = [
  'src/index.ts',
  'src/steps/index.ts',
  'src/received.ts',
  'src/testing.ts',
  'src/keys.ts',
  'src/structured-fields.ts',
]

const common: Options = {
  format: 'esm',
  removeNodeProtocol: false,
  target: 'es2022',
  platform: 'neutral',
  treeshake: { moduleSideEffects: false },
  external: [/^node:/, '@ez/core/crypto'],
  noExternal: ['@noble/hashes'],
}

export default defineConfig([
  {
    ...common,
    // Every module is an entry, so that index.js holds no code of its own and bundlers leave out what is not used.
    entry: ['src/**/*.ts'],
    clean: ['!node/**'],
    dts: { entry: [...entries, 'src/crypto/node.ts'] },
    metafile: true,
    onSuccess: async () => writeNotices('dist'),
  },
  {
    ...common,
    // Node bundles nothing, and loads a few files three times as fast as a hundred.
    entry: entries,
    outDir: 'dist/node',
    clean: true,
  },
])
