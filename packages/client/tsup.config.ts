import { library } from '../../.ci/library.ts'

export default library({
  entry: {
    index: 'src/index.ts',
    telemetry: 'src/telemetry/open-telemetry.ts',
    // Chosen by the condition "node" of `imports` in package.json.
    dispatcher: 'src/transport/dispatcher/index.ts',
    'no-dispatcher': 'src/transport/dispatcher/none.ts',
  },
  removeNodeProtocol: false,
  external: [/^@ez\/core/, /^@opentelemetry\//, 'p-retry', 'undici', '#dispatcher', /^node:/],
})
