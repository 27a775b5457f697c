import { library } from '../../.ci/library.ts'

export default library({
  entry: {
    index: 'src/index.ts',
    script: 'src/script.ts',
    postman: 'src/postman.ts',
    worker: 'src/worker/worker.ts',
  },
  declared: { index: 'src/index.ts', script: 'src/script.ts', postman: 'src/postman.ts' },
  external: [/^node:/, /^@ez\/core/],
})
