// @ts-check
// What a hostile script would try. `gentle` attacks run one after the other in one interpreter, each in a function that
// returns what it got hold of, or raises. `fierce` ones end their interpreter, or may: `codes` are the errors allowed.
// On Node versions other than the repository's own, only those marked `everywhere` run beside the gentle ones.

/** Every attack sees `port`, where a server listens on loopback. */
export const gentle = {
  // First, since the others make proxies of their own.
  'a proxy that is left in memory': `
import gc
from pyodide.ffi import JsProxy
seen, queue = set(), list(gc.get_objects())
while queue:
    value = queue.pop()
    if id(value) in seen or len(seen) > 60000:
        continue
    seen.add(id(value))
    if isinstance(value, JsProxy):
        return value
    queue.extend(gc.get_referents(value))
raise LookupError`,
  'read a file': `return open('/etc/passwd').read()`,
  'read a file by descriptor': `
import os
return os.read(os.open('/proc/self/environ', os.O_RDONLY), 100)`,
  'list the root folder of the host': `
import os
return next(name for name in os.listdir('/') if name in ('root', 'usr', 'work', 'sys', 'boot', 'var', 'etc'))`,
  'read the environment': `
import os
return next(value for name, value in os.environ.items() if name == 'EZ_TEST_SECRET' or 'bin' in value)`,
  'learn where the host keeps its files': `
import os, sys, sysconfig
texts = [*os.environ.values(), sys.executable, *sys.orig_argv, *sys.argv, *sys.path, *map(str, sysconfig.get_paths().values())]
return next(text for text in texts if 'main.mjs' in text or 'node_modules' in text or 'packages' in text.split('/'))`,
  'import js': `
import js
return js.process.version`,
  'import pyodide_js': `
import pyodide_js
return pyodide_js.FS`,
  'pyodide.code.run_js': `
from pyodide.code import run_js
return run_js('process.version')`,
  'code from strings, by the constructor of a constructor': `
from pyodide.ffi import to_js
return to_js([1]).constructor.constructor('return process')()`,
  'the same, by a function and a promise': `
from pyodide.ffi import create_proxy, to_js
return create_proxy(print).constructor.constructor('return this')()`,
  'the same, by an error of JavaScript': `
from pyodide.ffi import JsException, to_js
try:
    to_js([1]).at.call(None)
except JsException as error:
    return error.js_error.constructor.constructor('return process.env')()
raise ValueError`,
  'the global object, by an unbound call': `
from pyodide.ffi import to_js
value = to_js([1]).constructor.prototype.valueOf.call(None)
return value.process.version`,
  'pollute a prototype and reach the host': `
from pyodide.ffi import to_js
plain = to_js({'a': 1})
plain.constructor.prototype.polluted = 'yes'
return plain.constructor.constructor('return process')()`,
  'a stack trace of JavaScript': `
from pyodide.ffi import JsException, create_proxy, to_js
got = []
try:
    to_js([1]).at.call(None)
except JsException as error:
    kind = error.js_error.constructor
    kind.prepareStackTrace = create_proxy(lambda _, sites: got.extend(site.getThis() for site in sites))
    try:
        kind('x').stack
    finally:
        kind.prepareStackTrace = None
return next(value for value in got if value is not None and hasattr(value, 'process')).process`,
  'the frames of the harness': `
import sys
frame = sys._getframe()
while frame:
    for value in frame.f_locals.values():
        if 'JsProxy' in type(value).__name__:
            return value
    frame = frame.f_back
raise LookupError`,
  'mount a folder of the host': `
import pyodide_js
pyodide_js.mountNodeFS('/host', '/')
import os
return os.listdir('/host')`,
  'load a package': `
import pyodide_js
return pyodide_js.loadPackage('micropip')`,
  'start a process': `
import subprocess
return subprocess.run(['id'], capture_output=True).stdout`,
  posix_spawn: `
import os
return os.posix_spawn('/bin/sh', ['sh', '-c', 'id'], {})`,
  fork: `
import os
return os.fork()`,
  execv: `
import os
return os.execv('/bin/sh', ['sh'])`,
  popen: `
import os
return os.popen('id').read()`,
  'signal the parent': `
import os
os.kill(os.getppid(), 0)
return 'reached' if os.getppid() > 1 else (_ for _ in ()).throw(OSError())`,
  'a thread': `
import threading
thread = threading.Thread(target=print)
thread.start()
return thread`,
  'a process pool': `
import multiprocessing
process = multiprocessing.Process(target=print)
process.start()
return process`,
  'a socket': `
import socket
made = socket.create_connection(('127.0.0.1', port), 1)
made.sendall(b'x')
return made`,
  'a socket without blocking': `
import socket
made = socket.socket()
made.setblocking(False)
made.connect_ex(('127.0.0.1', port))
made.send(b'x')
return made`,
  'a datagram': `
import socket
return socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', port))`,
  'a name look-up': `
import socket
found = socket.getaddrinfo('localhost.example', 80)
# Emscripten invents an address for every name; nothing is asked.
assert all(item[4][0].startswith('172.29.') for item in found)
raise OSError`,
  urllib: `
import urllib.request
return urllib.request.urlopen(f'http://127.0.0.1:{port}/', timeout=1).read()`,
  'http.client': `
import http.client
made = http.client.HTTPConnection('127.0.0.1', port, timeout=1)
made.request('GET', '/')
return made.getresponse()`,
  'pyodide.http': `
from pyodide.http import open_url
return open_url(f'http://127.0.0.1:{port}/')`,
  'pyodide.http.pyfetch': `
from pyodide.http import pyfetch
pyfetch(f'http://127.0.0.1:{port}/').send(None)
return 'sent'`,
  'asyncio streams': `
import asyncio
return asyncio.run(asyncio.open_connection('127.0.0.1', port))`,
  'a browser': `
import webbrowser
assert webbrowser.open(f'http://127.0.0.1:{port}/')
return 'opened'`,
  'the frames of the pipe': `
import os
os.write(1, bytes([2, 0, 0, 0]) + b'{}')
os.write(2, b'{"edits":[]}')
raise OSError`,
}

export const fierce = {
  'os.system': {
    everywhere: true,
    source: `import os\nos.system('id > /tmp/escaped')`,
    codes: ['EZ_SCRIPT_FAILED', null],
  },
  'a server': {
    source: `import socket\nmade = socket.socket()\nmade.bind(('127.0.0.1', 0))\nmade.listen()`,
    codes: ['EZ_SCRIPT_FAILED'],
  },
  'run a script of the engine, by ctypes': {
    source: `import ctypes\nctypes.CDLL(None).emscripten_run_script(b'process.exit()')`,
    codes: ['EZ_SCRIPT_FAILED'],
  },
  'a null pointer, by ctypes': {
    source: `import ctypes\nctypes.memset(1 << 31, 0, 1 << 30)`,
    codes: ['EZ_SCRIPT_FAILED'],
  },
  'end the process': { source: `import os\nos._exit(3)`, codes: ['EZ_SCRIPT_FAILED'] },
  abort: { source: `import os\nos.abort()`, codes: ['EZ_SCRIPT_FAILED'] },
  'an endless loop': { source: `while True: pass`, codes: ['EZ_SCRIPT_TIMEOUT'], timeoutMs: 300 },
  'an endless loop that swallows interrupts': {
    everywhere: true,
    source: `while True:\n  try:\n    while True: pass\n  except BaseException: pass`,
    codes: ['EZ_SCRIPT_TIMEOUT'],
    timeoutMs: 300,
  },
  'a regular expression that backtracks': {
    source: `import re\nre.match(r'(a|a)*$', 'a' * 64 + 'b')`,
    codes: ['EZ_SCRIPT_TIMEOUT'],
    timeoutMs: 300,
  },
  'an integer without end': {
    source: `x = 9 ** 9 ** 9`,
    codes: ['EZ_SCRIPT_TIMEOUT', 'EZ_SCRIPT_MEMORY'],
    timeoutMs: 300,
  },
  sleep: { source: `import time\ntime.sleep(1000)`, codes: ['EZ_SCRIPT_TIMEOUT'], timeoutMs: 300 },
  'one large allocation': { source: `x = bytearray(1 << 30)`, codes: ['EZ_SCRIPT_MEMORY'] },
  'many small allocations': {
    everywhere: true,
    source: `x = []\nwhile True: x.append(bytes(100000))`,
    codes: ['EZ_SCRIPT_MEMORY'],
  },
  'catch the memory error and go on': {
    source: `x = []\nwhile True:\n  try: x.append(bytes(100000))\n  except MemoryError: pass`,
    codes: ['EZ_SCRIPT_TIMEOUT', 'EZ_SCRIPT_MEMORY', 'EZ_SCRIPT_FAILED'],
    timeoutMs: 1000,
  },
  'print without end': {
    source: `while True: print('x' * 10000)`,
    codes: ['EZ_SCRIPT_TIMEOUT'],
    timeoutMs: 500,
  },
  'a large result': { source: `result = 'x' * 20_000_000`, codes: ['EZ_SCRIPT_OUTPUT', 'EZ_SCRIPT_MEMORY'] },
  'deep recursion': {
    everywhere: true,
    source: `import sys\nsys.setrecursionlimit(10 ** 8)\ndef f(n): return f(n + 1)\nf(0)`,
    codes: ['EZ_SCRIPT_FAILED', 'EZ_SCRIPT_MEMORY'],
  },
  'deep recursion in C': {
    source: `x = []\nfor _ in range(200000): x = [x]\nrepr(x)`,
    codes: ['EZ_SCRIPT_FAILED'],
  },
  'traps in modules and builtins': {
    source: `
import base64, builtins, hashlib, hmac, json, random, sys, types
def trap(*arguments, **named): raise RuntimeError('trapped')
for module, name in [(hmac, 'new'), (hashlib, 'sha256'), (json, 'dumps'), (json, 'loads'), (base64, 'b64encode'),
                     (builtins, 'exec'), (builtins, 'compile'), (builtins, 'len'), (random, 'seed'), (types, 'ModuleType')]:
    setattr(module, name, trap)
sys.settrace(trap)
sys.setprofile(trap)`,
    codes: ['EZ_SCRIPT_FAILED', null],
  },
}
