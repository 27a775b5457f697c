// @ts-check
// One interpreter in a process of its own. Started by the pool as
//   node --permission --disallow-code-generation-from-strings … main.mjs <pyodide folder> run|build [snapshot]
// With `build` it writes a memory snapshot as one frame and ends; with `run` it answers one job after the other.
import { readFileSync, writeSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import {
  closeNetwork,
  limitMemory,
  pinSources,
  plainStreams,
  shimBinding,
  stripGlobals,
} from './closed-world.mjs'
import { readFrame, writeFrame } from './frames.mjs'

const [folder, mode, snapshot] = /** @type {[string, string, string?]} */ (process.argv.slice(2))
// Python reads its own name from here, and a script sees it: not where this machine keeps its files.
process.argv.splice(1, process.argv.length, 'python')
const exit = /** @type {(code: number) => never} */ (/** @type {any} */ (process).reallyExit.bind(process))
const sources = pinSources()
const memory = limitMemory()
shimBinding()
plainStreams()
closeNetwork()

// Node would print the line of Pyodide that failed, which is a megabyte long.
process.on('uncaughtException', (error) => {
  writeSync(2, `${error?.stack ?? error}`.slice(-2000))
  exit(1)
})

const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`).href)
const python = await loadPyodide({
  indexURL: folder,
  jsglobals: Object.freeze(Object.create(null)),
  stdout() {},
  stderr() {},
  ...(mode === 'build' ? { _makeSnapshot: true } : {}),
  ...(snapshot === undefined ? {} : { _loadSnapshot: readFileSync(snapshot) }),
})
if (snapshot === undefined)
  for (const file of ['request.py', 'harness.py'])
    python.runPython(readFileSync(new URL(file, import.meta.url), 'utf8'))
if (mode === 'build') {
  writeFrame(python.makeMemorySnapshot())
  exit(0)
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()
const mostLog = 64 * 1024

/** @type {Uint8Array[]} */
let log = []
let logged = 0
/** @type {Uint8Array[]} */
let question = []
/** @type {Uint8Array | undefined} */
let reply
let deadline = Number.POSITIVE_INFINITY

python.setStdout({
  write(/** @type {Uint8Array} */ bytes) {
    if (logged < mostLog) log.push(bytes.slice(0, mostLog - logged))
    logged += bytes.length
    return bytes.length
  },
})
python.setStderr({
  write(/** @type {Uint8Array} */ bytes) {
    question.push(bytes.slice())
    return bytes.length
  },
})
python.setStdin({
  read(/** @type {Uint8Array} */ buffer) {
    if (reply === undefined) {
      if (question.length === 0) return 0
      writeFrame(concatenated([encoder.encode('{"ask":'), ...question, encoder.encode('}')]))
      question = []
      reply = readFrame() ?? exit(0)
    }
    const part = reply.subarray(0, buffer.length)
    buffer.set(part)
    reply = part.length === reply.length ? undefined : reply.subarray(part.length)
    return part.length
  },
})
// Python looks here every few instructions. The parent kills what runs too long; this is for when the parent is gone.
python.setInterruptBuffer({
  get 0() {
    return performance.now() > deadline ? exit(1) : 0
  },
  set 0(_) {},
})
const run = python.globals.get('_ez_run')
python.globals.get('_ez_close')()
for (const name of ['_ez_run', '_ez_close']) python.globals.delete(name)
stripGlobals()

/** @param {Uint8Array[]} parts */
function concatenated(parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let position = 0
  for (const part of parts) {
    whole.set(part, position)
    position += part.length
  }
  return whole
}

writeFrame(encoder.encode('{"ready":true}'))
for (;;) {
  const frame = readFrame() ?? exit(0)
  const text = decoder.decode(frame)
  const job = JSON.parse(text)
  sources.setClock(job.now)
  sources.setSeed(job.pin)
  memory.setLimit(job.memory)
  deadline = performance.now() + job.timeout
  log = []
  logged = 0
  let answer
  try {
    answer = run(JSON.stringify(job.script))
  } catch (error) {
    // Python catches what a script throws: this is the interpreter itself, and it is lost.
    writeFrame(encoder.encode(JSON.stringify({ fatal: `${error}`.slice(0, 500) })))
    exit(1)
  }
  writeFrame(
    concatenated([
      encoder.encode(
        `{"logged":${logged},"log":${JSON.stringify(decoder.decode(concatenated(log)))},"result":`,
      ),
      encoder.encode(answer),
      encoder.encode('}'),
    ]),
  )
}
