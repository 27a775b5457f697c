#!/usr/bin/env bash
# Bottleneck 2.19.5: a retried job passes by minTime and by the reservoir.
#
# Guess: a retry (a number returned by the "failed" listener) is a call as any other: it waits until minTime has passed since
# the last start, and takes one from the reservoir, since the vendor counts it too.
# What happens: the retry starts at once, in no order with the other jobs; a job that ran four times took one of the two that
# the reservoir held.
# Why it matters: limits hold while all is well. When a vendor answers 429 and every job retries, the limiter that should slow
# down sends more than its rate.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts bottleneck@2.19.5 >/dev/null
cat >try.mjs <<'PROGRAM'
import { readFileSync } from 'node:fs'
import Bottleneck from 'bottleneck'

const { version } = JSON.parse(readFileSync('node_modules/bottleneck/package.json', 'utf8'))
const runThreeRetries = async (options) => {
  const limiter = new Bottleneck(options)
  limiter.on('failed', async (error, { retryCount }) => (retryCount < 3 ? 0 : undefined))
  const starts = []
  await limiter
    .schedule(async () => {
      starts.push(Date.now())
      throw new Error('429')
    })
    .catch(() => {})
  return { starts, left: await limiter.currentReservoir() }
}
const { starts } = await runThreeRetries({ minTime: 2000 })
const within = starts.length === 4 && starts[3] - starts[0] < 2000
const { starts: runs, left } = await runThreeRetries({ reservoir: 2 })
console.log(`bottleneck ${version}: minTime 2000: ${starts.length} starts ${within ? 'within' : 'not within'} 2000 ms; reservoir 2: ${runs.length} starts, ${left} left`)
process.exit(within && runs.length === 4 && left === 1 ? 0 : 1)
PROGRAM
node try.mjs
