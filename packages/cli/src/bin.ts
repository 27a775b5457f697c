#!/usr/bin/env -S node --
// "--" ends the options of Node itself: version 20 reads --env-file wherever it stands.
import * as nodeModule from 'node:module'

// Halves the start-up from the second run on; Node 20 does not have it.
if ('enableCompileCache' in nodeModule) nodeModule.enableCompileCache()

const { main } = await import('./main.ts')
await main(process.argv)
