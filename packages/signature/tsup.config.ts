import { library } from '../../.ci/library.ts'

export default library({
  entry: { index: 'src/index.ts', verify: 'src/verify/verify.ts' },
  removeNodeProtocol: false,
  treeshake: true,
  external: [/^@ez\/core/],
  // An application stores every byte of it; names stay, so that stack traces can be read.
  esbuildOptions(options) {
    options.minifySyntax = true
    options.minifyWhitespace = true
  },
})
