# Runs one pre-request script in a namespace of its own and reports what it left there. Lives in the interpreter's
# memory snapshot. Everything it needs is bound here, beforehand: a script may patch any module.
def _make():
    import base64, builtins, io, json, os, random, sys, types, warnings

    # Imported here for their place in the snapshot: a signing script then finds them loaded.
    import datetime, decimal, email.utils, hashlib, hmac, re, secrets, string, time, urllib.parse, uuid, wsgiref.handlers
    import zoneinfo  # noqa: F401

    loads, dumps, b64, unb64 = json.loads, json.dumps, base64.b64encode, base64.b64decode
    compile_, exec_, os_write, os_read = builtins.compile, builtins.exec, os.write, os.read
    # The warning of datetime.utcnow() would be in every trace.
    warnings.simplefilter('ignore')

    def write_all(descriptor, data):
        view = memoryview(data)
        while view:
            view = view[os_write(descriptor, view[:65536]) :]

    def exchange(question):
        """Asks the host: the question leaves by standard error, the answer comes by standard input."""
        write_all(2, question.encode('utf-8', 'surrogatepass') + b'\n')
        parts = []
        while not parts or not parts[-1].endswith(b'\n'):
            part = os_read(0, 65536)
            if not part:
                raise RuntimeError('the host did not answer')
            parts.append(part)
        return b''.join(parts).decode()

    class Log(io.TextIOBase):
        """Standard output, which the host collects for the trace."""

        def __init__(self):
            self._parts, self._size = [], 0

        def writable(self):
            return True

        def write(self, text):
            self._parts.append(text)
            self._size += len(text)
            if self._size > 8192:
                self.end()
            return len(text)

        def end(self):
            data = ''.join(self._parts).encode('utf-8', 'replace')
            self._parts, self._size = [], 0
            write_all(1, data)

    class Pairs:
        """An ordered list of names and values; header names are matched without case."""

        def __init__(self, place, pairs, fold, edits):
            self._place, self._pairs, self._fold, self._edits = place, [tuple(pair) for pair in pairs], fold, edits

        def _same(self, name):
            wanted = self._fold(name)
            return [index for index, pair in enumerate(self._pairs) if self._fold(pair[0]) == wanted]

        def get(self, name, default=None):
            found = self._same(name)
            return self._pairs[found[0]][1] if found else default

        def get_all(self, name):
            return [self._pairs[index][1] for index in self._same(name)]

        def set(self, name, value):
            name, value = str(name), str(value)
            found = self._same(name)
            if found:
                self._pairs[found[0]] = (name, value)
                for index in reversed(found[1:]):
                    del self._pairs[index]
            else:
                self._pairs.append((name, value))
            self._edits.append([self._place, 'set', name, value])

        def append(self, name, value):
            name, value = str(name), str(value)
            self._pairs.append((name, value))
            self._edits.append([self._place, 'append', name, value])

        def delete(self, name):
            name = str(name)
            for index in reversed(self._same(name)):
                del self._pairs[index]
            self._edits.append([self._place, 'delete', name])

        def items(self):
            return list(self._pairs)

        def __getitem__(self, name):
            found = self._same(name)
            if not found:
                raise KeyError(name)
            return self._pairs[found[0]][1]

        def __setitem__(self, name, value):
            self.set(name, value)

        def __delitem__(self, name):
            if not self._same(name):
                raise KeyError(name)
            self.delete(name)

        def __contains__(self, name):
            return bool(self._same(name))

        def __iter__(self):
            return iter([name for name, _ in self._pairs])

        def __len__(self):
            return len(self._pairs)

        def __repr__(self):
            return f'{self._place}: {[name for name, _ in self._pairs]}'

    class Resolved:
        """What would be sent now, in wire form."""

        __slots__ = ('method', 'url', 'headers', 'body')

        def __init__(self, method, url, headers, body):
            self.method, self.url, self.headers, self.body = method, url, headers, body

    class Request:
        """The request that is being prepared."""

        def __init__(self, state, edits):
            self._edits = edits
            self._method, self._url = state['method'], state['url']
            self.headers = Pairs('header', state['headers'], lambda name: str(name).lower(), edits)
            self.query = Pairs('query', state['query'], str, edits)

        @property
        def method(self):
            return self._method

        @method.setter
        def method(self, value):
            self._method = str(value)
            self._edits.append(['method', self._method])

        @property
        def url(self):
            return self._url

        @url.setter
        def url(self, value):
            self._url = str(value)
            self._edits.append(['url', self._url])

        def resolved(self):
            edits = list(self._edits)
            self._edits.clear()
            answer = loads(exchange(dumps({'edits': edits})))
            if 'error' in answer:
                raise RuntimeError(answer['error'])
            body = None if answer['body'] is None else unb64(answer['body'])
            return Resolved(answer['method'], answer['url'], [tuple(pair) for pair in answer['headers']], body)

        @property
        def body(self):
            return self.resolved().body

        @body.setter
        def body(self, value):
            if value is None:
                self._edits.append(['body', 'none', ''])
            elif isinstance(value, (bytes, bytearray)):
                self._edits.append(['body', 'bytes', b64(bytes(value)).decode()])
            elif isinstance(value, str):
                self._edits.append(['body', 'text', value])
            else:
                raise TypeError('request.body takes str, bytes or None; use set_json or set_form for the rest')

        @property
        def text(self):
            body = self.body
            return None if body is None else body.decode('utf-8')

        def json(self):
            return loads(self.text)

        def set_json(self, value):
            self._edits.append(['body', 'json', dumps(value, ensure_ascii=False, separators=(',', ':'), allow_nan=False)])

        def set_form(self, fields):
            pairs = fields.items() if hasattr(fields, 'items') else fields
            self._edits.append(['body', 'form', dumps([[str(name), str(value)] for name, value in pairs])])

    def encoded(value, bytes_too):
        if isinstance(value, bool):
            return ['bool', 'true' if value else 'false']
        if isinstance(value, str):
            return ['str', str.__str__(value)]
        if isinstance(value, int):
            return ['int', int.__repr__(value)]
        if isinstance(value, float):
            return ['float', float.__repr__(value)]
        if bytes_too and isinstance(value, (bytes, bytearray)):
            return ['bytes', b64(bytes(value)).decode()]
        return ['other', type(value).__name__]

    def failure(error, filename):
        frames = []
        walk = error.__traceback__
        while walk is not None:
            code = walk.tb_frame.f_code
            if code.co_filename == filename:
                frames.append([walk.tb_lineno or 0, code.co_name])
            walk = walk.tb_next
        if isinstance(error, SyntaxError) and error.filename == filename:
            frames.append([error.lineno or 0, ''])
            text = error.msg
        else:
            try:
                text = str(error)
            except BaseException:
                text = '(its text cannot be shown)'
        kind = type(error)
        name = kind.__name__ if kind.__module__ in ('builtins', '__main__') else f'{kind.__module__}.{kind.__name__}'
        return {'kind': name, 'text': text[:2000], 'frames': frames[-20:], 'memory': isinstance(error, MemoryError)}

    def run(job_text):
        job = loads(job_text)
        filename = job['filename']
        module = types.ModuleType('__main__')
        space = module.__dict__
        edits = []
        space['__file__'] = filename
        space['parameters'] = job['parameters']
        if job['request'] is not None:
            space['request'] = Request(job['request'], edits)
        given = dict(space)
        log = Log()
        before = sys.modules.get('__main__'), sys.stdout, sys.stderr
        sys.modules['__main__'], sys.stdout, sys.stderr = module, log, log
        random.seed(int(job['seed'], 16))
        answer = {}
        try:
            exec_(compile_(job['source'], filename, 'exec', 0, True), space)
        except SystemExit as stop:
            if stop.code not in (None, 0):
                answer['error'] = failure(stop, filename)
        except BaseException as error:
            answer['error'] = failure(error, filename)
        finally:
            sys.modules['__main__'], sys.stdout, sys.stderr = before
            log.end()
        if 'error' not in answer:
            exported = set(job['exports'])
            values = {}
            for name in {*job['wanted'], *exported}:
                if name in space and space[name] is not given.get(name, answer):
                    values[name] = encoded(space[name], name in exported)
            answer['values'] = values
            answer['names'] = [name for name in space if name not in given and not name.startswith('__')][:200]
            answer['edits'] = edits
        space.clear()
        return dumps(answer)

    return run


_ez_run = _make()


def _make_close():
    # Pyodide's bridge to JavaScript: no script needs it, and none gets it. It is found here, and cut by the host after
    # the start, since a snapshot must hold it.
    import sys

    def belongs(value):
        return type(value).__module__.startswith('_pyodide') or getattr(value, '__module__', '').startswith('_pyodide')

    def bridges(value):
        return any(kind.__name__ == 'JsProxy' for kind in type(value).__mro__)

    modules = [name for name, module in sys.modules.items() if bridges(module)]
    attributes = [
        (module.__dict__, name)
        for module in sys.modules.values()
        if not bridges(module)
        for name, value in list(getattr(module, '__dict__', {}).items())
        if bridges(value)
    ]

    def close():
        for finder in sys.meta_path:
            getattr(finder, 'jsproxies', {}).clear()
        sys.meta_path[:] = [finder for finder in sys.meta_path if not belongs(finder)]
        sys.path_hooks[:] = [hook for hook in sys.path_hooks if not belongs(hook)]
        for name in modules:
            # It refers to itself by these, and the garbage collector does not see it.
            module = sys.modules.pop(name)
            for attribute in ('__loader__', '__spec__'):
                if hasattr(module, attribute):
                    delattr(module, attribute)
        for names, name in attributes:
            names.pop(name, None)
        modules.clear()
        attributes.clear()

    return close


_ez_close = _make_close()
del _make, _make_close
