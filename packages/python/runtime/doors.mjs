// @ts-check
// The doors of the interpreter: what it imports from JavaScript, and the file system that it keeps there. Closed once
// it has started: a script needs none of them, and what passes through them is outside the heap that is measured.

/** Built-in modules that reach past Python: into memory, into JavaScript, into the interpreter's own tests. */
const removedModules = new Set([
  ...['_ctypes', '_pyodide_core', '_remote_debugging', '_testbuffer', '_testcapi', '_testclinic'],
  ...['_testclinic_limited', '_testinternalcapi', '_testlimitedcapi', '_xxtestfuzz', 'xxsubtype'],
])

const notImplemented = -52
const readOnly = 69

/** @returns {never} */
function refuse() {
  throw new Error('not available to scripts')
}

/**
 * The imports that stay open: those of the C library, and the few that pass the texts of a job and of its answer.
 * Whatever else the interpreter has from JavaScript ends it when it is called: who has no proxy, or one that is not
 * real, gets nowhere.
 */
const open =
  /^(?:__syscall_\w+|fd_\w+|clock_\w+|environ_\w+|random_get|proc_exit|exit|__assert_fail|_abort_js|__call_sighandler|emscripten_(?:date_now|get_now|get_heap_max|resize_heap|runtime_keepalive_\w+)|_emscripten_(?:get_progname|runtime_keepalive_clear)|_(?:tzset|timegm|mktime|localtime|gmtime|setitimer|mmap|munmap|msync)_js|_Py_\w+|_PyEM_TrampolineCall_JS|_maybe_poll_async|_try_fcntl64|getprotobyname|JsvArray_Get|js2python_js|_python2js_ascii|JsvError_Check|JsvNoValue_Check)$/

/** What some closed imports answer, as the C library expects it; the others end the interpreter. */
const answers = new Map([
  ...[
    'accept4',
    'bind',
    'connect',
    'listen',
    'recvfrom',
    'recvmsg',
    'sendmsg',
    'sendto',
    'socket',
    'pipe',
  ].map((name) => /** @type {const} */ ([`__syscall_${name}`, () => notImplemented])),
  ['_emscripten_system', () => notImplemented],
  // Each new name would be kept for ever.
  ['getaddrinfo', () => -4],
  ['getnameinfo', () => -6],
  ['_emscripten_lookup_name', () => 0],
  // No native module, and no function found by its name.
  ['_dlopen_js', () => 0],
  ['_dlsym_js', () => 0],
])

/** Takes hold of the interpreter's imports and exports when it is instantiated. */
export function watchDoors() {
  const { instantiate } = WebAssembly
  let closed = false
  /** @type {{ memory: WebAssembly.Memory, PyImport_Inittab: WebAssembly.Global, sbrk(more: number): number } | undefined} */
  let exports
  let leastMemory = 0

  /** @param {Record<string, any>} imports */
  function putDoors(imports) {
    for (const name of answers.keys())
      if (!(name in imports)) throw new Error(`the interpreter no longer imports ${name}`)
    for (const [name, behind] of Object.entries(imports)) {
      const answer = answers.get(name) ?? refuse
      if (typeof behind !== 'function' || (answer === refuse && open.test(name))) continue
      const door = (/** @type {unknown[]} */ ...passed) => (closed ? answer() : behind(...passed))
      imports[name] = Object.assign(door, behind)
    }
  }

  WebAssembly.instantiate = /** @type {any} */ (
    async (/** @type {any} */ source, /** @type {any} */ imports) => {
      if (imports?.env === undefined) return instantiate(source, imports)
      putDoors(imports.env)
      const made = /** @type {any} */ (await instantiate(source, imports))
      exports = made.instance.exports
      const { memory } = made.instance.exports
      const missing = Math.ceil((leastMemory - memory.buffer.byteLength) / 65536)
      if (missing > 0) memory.grow(missing)
      return made
    }
  )

  return {
    /** @param {number} bytes that the heap has from the start */
    setLeastMemory(bytes) {
      leastMemory = bytes
    },
    /** The heap of the interpreter, and the bytes of it that were ever given out. */
    heap() {
      if (exports === undefined) return refuse()
      return { heap: new Uint8Array(exports.memory.buffer), used: exports.sbrk(0) }
    },
    /** Takes modules out of the list of those that are built in; with them no finder can make them again. */
    removeModules() {
      if (exports === undefined) return refuse()
      dropEntries(new Uint32Array(exports.memory.buffer), exports.PyImport_Inittab.value)
    },
    close() {
      closed = true
      for (const name of ['compile', 'compileStreaming', 'instantiate', 'instantiateStreaming'])
        pinRefusal(name)
      for (const name of ['Module', 'Instance', 'Memory', 'Table']) pinRefusal(name)
    },
  }
}

/** @param {string} name */
function pinRefusal(name) {
  Object.defineProperty(WebAssembly, name, { value: refuse, writable: false, configurable: false })
}

/**
 * The list is pairs of a name and a function, up to a zero. The interpreter works with a copy of the one that it
 * exports, so that every place that reads like it is changed.
 *
 * @param {Uint32Array} words
 * @param {number} exported address of the variable that points to the list
 */
function dropEntries(words, exported) {
  const bytes = new Uint8Array(words.buffer)
  const start = /** @type {number} */ (words[exported / 4]) / 4
  const nameAt = (/** @type {number} */ address) =>
    new TextDecoder().decode(bytes.subarray(address, bytes.indexOf(0, address)))
  /** @type {number[]} */
  const all = []
  for (let at = start; words[at] !== 0; at += 2) all.push(...words.subarray(at, at + 2))
  const kept = all.filter((_, index) => !removedModules.has(nameAt(/** @type {number} */ (all[index & ~1]))))
  if (all.length - kept.length !== 2 * removedModules.size)
    throw new Error('the interpreter no longer has all the modules that are removed')
  const [first, second, third] = all
  for (
    let at = words.indexOf(/** @type {number} */ (first));
    at >= 0;
    at = words.indexOf(/** @type {number} */ (first), at + 1)
  ) {
    if (words[at + 1] !== second || words[at + 2] !== third) continue
    words.set(kept, at)
    words.fill(0, at + kept.length, at + all.length)
  }
}

/**
 * Makes the file system read-only, but for `/dev/null`: its files are kept outside the heap.
 *
 * @param {any} files the file system of Emscripten
 */
export function closeFiles(files) {
  const { ErrnoError, open } = files
  const refuseWriting = () => {
    throw new ErrnoError(readOnly)
  }
  files.open = (/** @type {string} */ path, /** @type {number} */ flags, /** @type {number} */ mode) =>
    ((flags & 0o3) !== 0 || (flags & 0o1100) !== 0) && path !== '/dev/null'
      ? refuseWriting()
      : open.call(files, path, flags, mode)
  for (const name of ['mkdir', 'mknod', 'symlink', 'rename', 'rmdir', 'unlink', 'truncate', 'ftruncate'])
    files[name] = refuseWriting
  for (const name of ['chmod', 'fchmod', 'lchmod', 'chown', 'fchown', 'lchown', 'utime', 'mount', 'unmount'])
    files[name] = refuseWriting
}
