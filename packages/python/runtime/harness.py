# Runs one pre-request script in a namespace of its own and reports what it left there. Lives in the interpreter's
# memory snapshot, after request.py. Everything it needs is bound here, beforehand: a script may patch any module.
def _make():
    import base64, builtins, io, json, os, random, sys, types, warnings

    # Imported here for their place in the snapshot: a signing script then finds them loaded.
    import datetime, decimal, email.utils, hashlib, hmac, re, secrets, string, time, urllib.parse, uuid, wsgiref.handlers

    loads, dumps, b64 = json.loads, json.dumps, base64.b64encode
    compile_, exec_, os_write = builtins.compile, builtins.exec, os.write
    most_output = 16 * 1024 * 1024
    # The warning of datetime.utcnow() would be in every trace.
    warnings.simplefilter('ignore')

    def write_all(descriptor, data):
        view = memoryview(data)
        while view:
            view = view[os_write(descriptor, view[:65536]) :]

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

    Request, NotText = _make_request(_ez_exchange)

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
        return {
            'kind': name,
            'text': text[:2000],
            'frames': frames[-20:],
            'memory': isinstance(error, MemoryError),
            'value': isinstance(error, NotText),
        }

    compiled = None, None

    def code_of(source, filename):
        """Compiled once for runs whose text is the same, tokens filled in: it takes longer than a signature."""
        nonlocal compiled
        if compiled[0] != source:
            compiled = source, compile_(source, filename, 'exec', 0, True)
        return compiled[1]

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
            exec_(code_of(job['source'], filename), space)
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
            names = [name for name in space if name not in given and not name.startswith('__')]
            answer['names'] = [name[:200] for name in names[:200]]
            answer['edits'] = edits
        space.clear()
        text = dumps(answer)
        # What leaves the interpreter is no longer in the heap that is measured.
        return text if len(text) <= most_output else dumps({'excess': len(text)})

    return run


_ez_run = _make()
del _make, _make_request, _ez_exchange
