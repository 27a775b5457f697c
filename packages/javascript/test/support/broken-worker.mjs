// In the place of dist/worker.js: an engine that breaks. What the run is to see stands in its source.
import { existsSync, writeFileSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'

parentPort.on('message', ({ type, source }) => {
  if (type !== 'run') return
  const { marker, before = [], how, always = false } = JSON.parse(source)
  if (existsSync(marker) && !always) {
    parentPort.postMessage({ type: 'done', edits: [['log', 'second engine']] })
    return
  }
  writeFileSync(marker, '')
  for (const message of before) parentPort.postMessage(message)
  if (how === 'thread') throw new Error('memory access out of bounds')
  parentPort.postMessage({
    type: 'done',
    edits: [],
    failure: { kind: 'broken', message: 'RuntimeError: memory access out of bounds' },
  })
})
parentPort.postMessage({ type: 'ready' })
