#!/usr/bin/env -S node --
// "--" ends the options of Node itself: version 20 reads --env-file wherever it stands.
import * as nodeModule from 'node:module'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 19)) {
  // Before anything is loaded that an older Node cannot read.
  process.stderr.write(`ez needs Node 22.19 or newer; this is ${process.versions.node}.\n`)
  process.exit(2)
}

// Halves the start-up from the second run on.
nodeModule.enableCompileCache()

const { main } = await import('./main.ts')
await main(process.argv)
