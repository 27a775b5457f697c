import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: {
    alias: { '@ez/core/crypto': fileURLToPath(new URL('./src/crypto/node.ts', import.meta.url)) },
  },
})
