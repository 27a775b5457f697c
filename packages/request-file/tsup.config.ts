import { library } from '../../.ci/library.ts'

export default library({
  entry: {
    index: 'src/index.ts',
    curl: 'src/curl/index.ts',
    http: 'src/http/index.ts',
    postman: 'src/postman/index.ts',
    bruno: 'src/bruno/index.ts',
    ez: 'src/ez/index.ts',
    response: 'src/response/index.ts',
    signed: 'src/signed/index.ts',
  },
  splitting: true,
  treeshake: true,
  external: [/^@ez\/core/, 'yaml'],
})
