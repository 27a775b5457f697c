import { library } from '../../.ci/library.ts'

export default library({
  entry: ['src/index.ts', 'src/lint.ts'],
  removeNodeProtocol: false,
  platform: 'node',
  external: [/^@ez\//, 'pyodide'],
})
