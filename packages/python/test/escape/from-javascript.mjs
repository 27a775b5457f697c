// @ts-check
// Runs under the flags of the child, closes its world as the child does, and tries what JavaScript could.
import childProcess from 'node:child_process'
import dgram from 'node:dgram'
import dns from 'node:dns'
import fs, { readFileSync, writeSync } from 'node:fs'
import http from 'node:http'
import http2 from 'node:http2'
import https from 'node:https'
import inspector from 'node:inspector'
import { createRequire } from 'node:module'
import net from 'node:net'
import tls from 'node:tls'
import { pathToFileURL } from 'node:url'
import worker from 'node:worker_threads'

const host = process
const port = Number(process.argv[3])
const early = { fetch: globalThis.fetch, WebSocket: globalThis.WebSocket }
const { closeNetwork, limitMemory, pinSources, shimBinding, stripGlobals } = await import(
  pathToFileURL(`${process.argv[2]}/closed-world.mjs`).href
)
const { watchDoors } = await import(pathToFileURL(`${process.argv[2]}/doors.mjs`).href)
const { Memory } = WebAssembly
pinSources()
const memory = limitMemory()
shimBinding()
closeNetwork()
watchDoors().close()
const ownMemory = new Memory({ initial: 1 })
const require = createRequire(import.meta.url)
stripGlobals()

/** Rejects when the connection fails, resolves when it stands. @param {import('node:events').EventEmitter} socket */
const settled = (socket) =>
  new Promise((resolve, reject) => {
    socket.on('connect', resolve).on('response', resolve).on('error', reject)
  })

/** @type {Record<string, () => unknown>} */
const attempts = {
  'read a file': () => readFileSync('/etc/passwd'),
  'list a folder': () => fs.readdirSync('/'),
  'write a file': () => fs.writeFileSync('/tmp/ez-escaped', 'x'),
  'write beside the runtime': () => fs.writeFileSync(`${host.argv[2]}/x`, 'x'),
  'the environment': () => host.env.EZ_TEST_SECRET ?? refused(),
  'the global process': () => Reflect.get(globalThis.process, 'env') ?? refused(),
  'code by Function': () => Object.getPrototypeOf(() => {}).constructor('return 1')(),
  'code by eval': () => Reflect.get(globalThis, 'eval')('1'),
  'code by an async function': () => Object.getPrototypeOf(async () => {}).constructor('return 1')(),
  'code by a generator': () => Object.getPrototypeOf(function* () {}).constructor('yield 1')(),
  'a child process': () => childProcess.spawnSync('id'),
  'a child process, by require': () => require('node:child_process').execFileSync('id'),
  'a worker': () => new worker.Worker('1', { eval: true }),
  'the inspector': () => inspector.open(0),
  'a binding of Node': () => Reflect.get(host, 'binding')('tcp_wrap'),
  'an add-on': () => Reflect.get(host, 'dlopen')({ exports: {} }, '/lib/x.node'),
  'a TCP connection': () => settled(net.connect(port, '127.0.0.1')),
  'a TCP connection by its class': () => new net.Socket().connect(port, '127.0.0.1'),
  'a pipe': () => settled(net.connect('/tmp/x.sock')),
  'a TLS connection': () => settled(tls.connect(port, '127.0.0.1')),
  'a server': () => net.createServer().listen(0),
  'a datagram': () => dgram.createSocket('udp4').send('x', port, '127.0.0.1'),
  'http.get': () => settled(http.get(`http://127.0.0.1:${port}/`)),
  'https.get': () => settled(https.get(`https://127.0.0.1:${port}/`)),
  'http2.connect': () => settled(http2.connect(`http://127.0.0.1:${port}/`)),
  'fetch that was kept': () => early.fetch(`http://127.0.0.1:${port}/`),
  'fetch of the global object': () => Reflect.get(globalThis, 'fetch')(`http://127.0.0.1:${port}/`),
  'WebSocket of the global object': () =>
    Reflect.construct(Reflect.get(globalThis, 'WebSocket'), [`ws://127.0.0.1:${port}/`]),
  'a name look-up': () => dns.promises.lookup('localhost'),
  'a name look-up by a resolver': () => new dns.promises.Resolver().resolve4('localhost'),
  'undo the closing': () => Object.defineProperty(net.Socket.prototype, 'connect', { value: () => 'open' }),
  'a native module': () => new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])),
  'a native module, compiled later': () => WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])),
  'memory of its own': () => new WebAssembly.Memory({ initial: 1 }),
  'grow past the limit': () => {
    memory.setLimit(1 << 20)
    return ownMemory.grow(100)
  },
}

/** @returns {never} */
function refused() {
  throw new Error('refused')
}

/** @type {Record<string, string>} */
const outcomes = {}
for (const [name, attempt] of Object.entries(attempts))
  try {
    outcomes[name] = `ESCAPED: ${await attempt()}`
  } catch {
    outcomes[name] = 'blocked'
  }
writeSync(1, JSON.stringify(outcomes))
Reflect.get(host, 'reallyExit').call(host, 0)
