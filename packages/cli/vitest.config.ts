import { defineConfig, mergeConfig } from 'vitest/config'
import { shared } from '../../.ci/vitest/shared.ts'

// Some files set the environment and the exit code of the process.
export default mergeConfig(shared, defineConfig({ test: { isolate: true } }))
