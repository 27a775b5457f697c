// @ts-check
// One interpreter in a process of its own. Started by the pool as
//   node --permission --disallow-code-generation-from-strings … main.mjs <pyodide folder> run|build [snapshot]
// With `build` it writes a memory snapshot as one frame and ends; with `run` it answers one job after the other.
import childProcess from 'node:child_process'
import crypto from 'node:crypto'
import fs, { readdirSync, readFileSync, writeSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import {
  closeNetwork,
  limitMemory,
  pinSources,
  plainStreams,
  shimBinding,
  stripGlobals,
} from './closed-world.mjs'
import { Collected } from './collected.mjs'
import { derive } from './derive.mjs'
import { closeFiles, watchDoors } from './doors.mjs'
import { readFrame, writeFrame } from './frames.mjs'
import { openSnapshot, packed } from './snapshot.mjs'

const [folder, mode, snapshot] = /** @type {[string, string, string?]} */ (process.argv.slice(2))
// Python reads its own name from here, and a script sees it: not where this machine keeps its files.
process.argv.splice(1, process.argv.length, 'python')
const exit = /** @type {(code: number) => never} */ (/** @type {any} */ (process).reallyExit.bind(process))
const residentMemory = process.memoryUsage.rss
const sources = pinSources()
const memory = limitMemory()
const doors = watchDoors()
shimBinding()
plainStreams()
closeNetwork()

// Node would print the line of Pyodide that failed, which is a megabyte long.
process.on('uncaughtException', (error) => {
  writeSync(2, `${error?.stack ?? error}`.slice(-2000))
  exit(1)
})

// What Pyodide asks `require` for. Where there is none it imports the same, and a library for web sockets with it.
Reflect.set(globalThis, 'require', (/** @type {string} */ name) =>
  Reflect.get({ fs, crypto, child_process: childProcess, ws: {} }, name),
)
const saved = snapshot === undefined ? undefined : openSnapshot(snapshot, doors.heap)
if (saved) doors.setLeastMemory(saved.heapLength)
const wheel = /** @type {string} */ (
  readdirSync(new URL('.', import.meta.url)).find((name) => name.startsWith('tzdata-'))
)
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`).href)
const python = await loadPyodide({
  indexURL: folder,
  jsglobals: Object.freeze(Object.create(null)),
  stdout() {},
  stderr() {},
  ...(mode === 'build' ? { _makeSnapshot: true } : {}),
  ...(saved === undefined ? {} : { _loadSnapshot: saved.view }),
})
python.FS.writeFile('/lib/tzdata.zip', readFileSync(new URL(wheel, import.meta.url)))
if (saved === undefined) {
  doors.removeModules()
  for (const file of ['library.py', 'request.py', 'harness.py', 'close.py'])
    python.runPython(readFileSync(new URL(file, import.meta.url), 'utf8'))
}
if (mode === 'build') {
  writeFrame(packed(python.makeMemorySnapshot()))
  exit(0)
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()
const log = new Collected(64 * 1024)
let logged = 0
// As much as a script may write to its request.
const question = new Collected(16 * 1024 * 1024)
/** @type {Uint8Array | undefined} */
let reply
let deadline = Number.POSITIVE_INFINITY
let mostResident = Number.POSITIVE_INFINITY
let nextLook = 0

/**
 * Tells the parent why the interpreter ends, and ends.
 *
 * @param {{ fatal: string } | { excess: 'output' | 'memory' | 'time' }} reason
 * @returns {never}
 */
function give(reason) {
  writeFrame(encoder.encode(JSON.stringify(reason)))
  return exit(1)
}

python.setStdout({
  write(/** @type {Uint8Array} */ bytes) {
    log.add(bytes)
    logged += bytes.length
    return bytes.length
  },
})
python.setStderr({
  write(/** @type {Uint8Array} */ bytes) {
    return question.add(bytes) ? bytes.length : give({ excess: 'output' })
  },
})
python.setStdin({
  read(/** @type {Uint8Array} */ buffer) {
    if (reply === undefined) {
      const asked = lastLine(question.bytes)
      if (asked.length === 0) return 0
      reply = answerTo(asked)
      question.clear()
    }
    const part = reply.subarray(0, buffer.length)
    buffer.set(part)
    reply = part.length === reply.length ? undefined : reply.subarray(part.length)
    return part.length
  },
})
// Python looks here every few instructions. The parent kills what runs too long, and on Linux what takes too much
// memory; this is for when the parent is gone, and for the memory on other systems.
python.setInterruptBuffer({
  get 0() {
    const now = performance.now()
    if (now > deadline) give({ excess: 'time' })
    if (now > nextLook) {
      nextLook = now + 50
      if (residentMemory() > mostResident) give({ excess: 'memory' })
    }
    return 0
  },
  set 0(_) {},
})
const run = python.globals.get('_ez_run')
python.globals.get('_ez_close')()
for (const name of ['_ez_run', '_ez_close']) python.globals.delete(name)
closeFiles(python.FS)
doors.close()
stripGlobals()

/**
 * The last line of what a script wrote for the host; what stands before it is not the request's.
 *
 * @param {Uint8Array} bytes
 */
function lastLine(bytes) {
  const end = bytes.at(-1) === 10 ? bytes.length - 1 : bytes.length
  return bytes.subarray(bytes.lastIndexOf(10, end - 1) + 1, end)
}

/** @param {Uint8Array} asked */
function answerTo(asked) {
  const start = decoder.decode(asked.subarray(0, 10))
  if (start === '{"derive":') return encoder.encode(`${derive(JSON.parse(decoder.decode(asked)).derive)}\n`)
  writeFrame(concatenated([encoder.encode('{"ask":'), asked, encoder.encode('}')]))
  return readFrame() ?? exit(0)
}

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

const resident = residentMemory()
writeFrame(encoder.encode(JSON.stringify({ ready: true, resident })))
for (;;) {
  const frame = readFrame() ?? exit(0)
  const job = JSON.parse(decoder.decode(frame))
  sources.setClock(job.now)
  sources.setSeed(job.pin)
  memory.setLimit(job.memory)
  deadline = performance.now() + job.timeout
  mostResident = resident + job.memory + job.slack
  log.clear()
  question.clear()
  reply = undefined
  logged = 0
  let answer
  try {
    answer = run(JSON.stringify(job.script))
  } catch (error) {
    // Python catches what a script throws: this is the interpreter itself, and it is lost.
    answer = give({ fatal: `${error}`.slice(0, 500) })
  }
  writeFrame(
    concatenated([
      encoder.encode(`{"logged":${logged},"log":${JSON.stringify(decoder.decode(log.bytes))},"result":`),
      encoder.encode(answer),
      encoder.encode('}'),
    ]),
  )
}
