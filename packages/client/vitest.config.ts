import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { shared } from '../../.ci/vitest/shared.ts'

export default defineConfig({
  ...shared,
  // Some files choose the connections of the whole process.
  test: { ...shared.test, isolate: true },
  // Tests run the sources, not what was built of them.
  resolve: {
    alias: { '#dispatcher': fileURLToPath(new URL('src/transport/dispatcher/index.ts', import.meta.url)) },
  },
})
