import { defineConfig } from 'vitest/config'

// Every test file has interpreters of its own: one file at a time keeps the machine usable.
export default defineConfig({ test: { fileParallelism: false, testTimeout: 60_000, hookTimeout: 120_000 } })
