import { compact, library } from '../../.ci/library.ts'

export default library({
  entry: { index: 'src/index.ts', verify: 'src/verify/verify.ts' },
  removeNodeProtocol: false,
  treeshake: true,
  external: [/^@ez\/core/],
  plugins: [compact],
  esbuildOptions(options) {
    options.minifySyntax = true
  },
})
