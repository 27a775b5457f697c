import { fileURLToPath } from 'node:url'
import { defineConfig, mergeConfig } from 'vitest/config'
import { shared } from '../../.ci/vitest/shared.ts'

export default mergeConfig(
  shared,
  defineConfig({
    resolve: {
      alias: { '#crypto': fileURLToPath(new URL('./src/crypto/node.ts', import.meta.url)) },
    },
  }),
)
