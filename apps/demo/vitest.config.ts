import { defineConfig, mergeConfig } from 'vitest/config'
import { shared } from '../../.ci/vitest/shared.ts'

// Some files put endpoints in the place of the network.
export default mergeConfig(shared, defineConfig({ test: { isolate: true } }))
