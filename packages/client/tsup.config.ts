import { defineConfig } from 'tsup'

const shared = {
  format: 'esm',
  dts: true,
  clean: true,
  target: 'es2022',
  external: [/^@ez\/core/, /^@opentelemetry\//, 'p-retry', 'undici', '#dispatcher', /^node:/],
} as const

export default defineConfig({
  ...shared,
  entry: {
    index: 'src/index.ts',
    telemetry: 'src/telemetry/open-telemetry.ts',
    // Chosen by the condition "node" of `imports` in package.json.
    dispatcher: 'src/transport/dispatcher/index.ts',
    'no-dispatcher': 'src/transport/dispatcher/none.ts',
  },
  platform: 'neutral',
  removeNodeProtocol: false,
})
