// @ts-check
// What a hostile script would try. `gentle` attacks run one after the other in one interpreter, each in a function that
// returns what it got hold of, or raises. `fierce` ones end their interpreter, or may: `codes` are the errors allowed.
// On Node versions other than the repository's own, only those marked `everywhere` run beside the gentle ones.

/** Every attack sees `port`, where a server listens on loopback. */
export const gentle = {
  // First, since the others make proxies of their own.
  'a proxy, or a function of the bridge, that is left in memory': `
import gc
seen, queue, wanted, functions = set(), gc.get_objects(), {}, type(len)
while queue and len(seen) < 200000:
    value = queue.pop()
    if id(value) in seen:
        continue
    seen.add(id(value))
    kind = type(value)
    if kind not in wanted:
        wanted[kind] = any(base.__name__ == 'JsProxy' for base in kind.__mro__)
    if wanted[kind] or kind is functions and 'pyodide' in str(value.__module__):
        return value
    queue.extend(gc.get_referents(value))
raise LookupError`,
  'a proxy, by its class': `
kind = next(kind for kind in object.__subclasses__() if kind.__name__ == 'JsProxy')
return kind()`,
  'the foreign-function interface': `
import ctypes
return ctypes.CDLL(None)`,
  'the same, built in': `
import _ctypes
return _ctypes`,
  'the same, by the loader of what is built in': `
import _imp
from importlib.machinery import BuiltinImporter, ModuleSpec
return _imp.create_builtin(ModuleSpec('_ctypes', BuiltinImporter)).Structure`,
  'the bridge, by the loader of what is built in': `
import _imp
from importlib.machinery import BuiltinImporter, ModuleSpec
return _imp.create_builtin(ModuleSpec('_pyodide_core', BuiltinImporter)).create_proxy`,
  'the bridge, after its name is freed': `
import sys
for name in [name for name in sys.modules if 'pyodide' in name]:
    del sys.modules[name]
from pyodide.ffi import to_js
return to_js([1]).constructor`,
  "the interpreter's own tests": `
import _testcapi
return _testcapi`,
  'a native module': `
import _imp
from importlib.machinery import ExtensionFileLoader, ModuleSpec
loader = ExtensionFileLoader('native', '/lib/python314.zip')
return _imp.create_dynamic(ModuleSpec('native', loader, origin='/lib/python314.zip'))`,
  'write a native module': `
return open('/tmp/native.so', 'wb').write(bytes([0, 97, 115, 109, 1, 0, 0, 0]))`,
  'keep data in a file': `return open('/dev/shm/x', 'w').write('x')`,
  'keep data in a terminal': `return open('/dev/tty', 'w').write('x')`,
  'keep data in a pipe': `
import os
return os.write(os.pipe()[1], b'x')`,
  'keep data in names of hosts': `
import socket
return socket.gethostbyname('new.example')`,
  'keep data in links': `
import os
return os.symlink('x' * 1000, '/tmp/link')`,
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
return socket.getaddrinfo('localhost.example', 80)`,
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
  'a proxy, without its constructor': {
    source: `
kind = next(kind for kind in object.__subclasses__() if kind.__name__ == 'JsProxy')
made = object.__new__(kind)
made.constructor`,
    codes: ['EZ_SCRIPT_FAILED'],
  },
  'the error of a proxy that is not real': {
    source: `
kind = next(kind for kind in object.__subclasses__() if kind.__name__ == 'JsProxy')
made = object.__new__(kind)
for use in (lambda: made.js_error, lambda: made(), lambda: made.new(), lambda: dir(made), lambda: list(made), lambda: made[0]):
    try:
        use()
    except BaseException as error:
        if hasattr(error, 'js_error'):
            result = str(error.js_error.constructor.constructor)
            break
else:
    raise LookupError`,
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
  'write to the host without end': {
    source: `import os\nwhile True: os.write(2, bytes(65536))`,
    codes: ['EZ_SCRIPT_OUTPUT'],
  },
  'a large edit': {
    source: `request.body = 'x' * 20_000_000`,
    codes: ['EZ_SCRIPT_OUTPUT', 'EZ_SCRIPT_MEMORY'],
  },
  'a large edit, before the request is read': {
    source: `request.body = 'x' * 20_000_000\nrequest.resolved()`,
    codes: ['EZ_SCRIPT_OUTPUT', 'EZ_SCRIPT_MEMORY'],
  },
  'a question that is none': {
    source: `import os\nos.write(2, b'nonsense\\n')\nos.read(0, 10)`,
    codes: ['EZ_SCRIPT_FAILED'],
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
