import { defineConfig } from 'vitest/config'
import { shared } from '../../.ci/vitest/shared.ts'

export default defineConfig(shared)
