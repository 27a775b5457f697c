import { defineConfig } from 'vitest/config'

// Stopping what does not stop takes its time, more on a busy machine.
export default defineConfig({ test: { testTimeout: 60_000 } })
