# What the standard library lacks here: letters of strftime that would be sent as nothing, key derivation, time zones.
# Lives in the interpreter's memory snapshot, and is run before the rest.
def _make_exchange():
    import os

    os_write, os_read = os.write, os.read

    def exchange(question):
        """Asks the host: the question leaves by standard error as a line, the answer comes by standard input."""
        view = memoryview(b'\n' + question.encode('utf-8', 'surrogatepass') + b'\n')
        while view:
            view = view[os_write(2, view[:65536]) :]
        parts = []
        while not parts or not parts[-1].endswith(b'\n'):
            part = os_read(0, 65536)
            if not part:
                raise RuntimeError('the host did not answer')
            parts.append(part)
        return b''.join(parts).decode()

    return exchange


_ez_exchange = _make_exchange()


def _mend_strftime():
    import re, time

    plain = time.strftime
    placeholders = re.compile(r'%[-_0^#+]*[0-9]*[EO]?.?', re.DOTALL)
    moment = (2000, 1, 1, 0, 0, 0, 5, 1, 0)
    cures = {
        'P': "Write strftime('%p').lower() instead.",
        'k': 'Write %_H instead.',
        'l': 'Write %_I instead.',
        'f': 'A datetime knows it: write moment.strftime(...) instead of time.strftime(...).',
        'N': 'Write %f, the microseconds of a datetime, instead.',
        'L': 'Write %f, the microseconds of a datetime, without its last three digits instead.',
    }
    known = {}

    def refused(placeholder):
        if placeholder not in known:
            if len(known) > 1000:
                known.clear()
            known[placeholder] = plain('.' + placeholder, moment).startswith('.')
        return not known[placeholder]

    def strftime(format, /, *moment):
        for placeholder in placeholders.findall(format):
            if refused(placeholder):
                cure = cures.get(placeholder[-1], 'Put the text together yourself.')
                raise ValueError(f'strftime: {placeholder} is not known here, and nothing would be written. {cure}')
        return plain(format, *moment)

    strftime.__doc__ = plain.__doc__
    strftime.__module__ = 'time'
    time.strftime = strftime


def _add_derivations(exchange):
    import base64, hashlib, json

    loads, dumps, b64, unb64 = json.loads, json.dumps, base64.b64encode, base64.b64decode
    names = {
        **{name: name for name in ('md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512')},
        **{f'sha3_{size}': f'sha3-{size}' for size in (224, 256, 384, 512)},
        **{'blake2b': 'blake2b512', 'blake2s': 'blake2s256'},
    }
    most_length = 1024 * 1024

    def derived(password, salt, length, **question):
        if not 0 < length <= most_length:
            raise ValueError(f'the key length must be between 1 and {most_length} bytes')
        texts = {'password': b64(bytes(memoryview(password))).decode(), 'salt': b64(bytes(memoryview(salt))).decode()}
        answer = loads(exchange(dumps({'derive': {**question, **texts, 'length': length}})))
        if 'error' in answer:
            raise ValueError(answer['error'])
        return unb64(answer['key'])

    def pbkdf2_hmac(hash_name, password, salt, iterations, dklen=None):
        """Password based key derivation function 2 (RFC 8018) with HMAC as pseudorandom function."""
        name = hash_name.lower().replace('-', '_')
        if name not in names:
            raise ValueError(f'unsupported hash type {hash_name}')
        if iterations < 1:
            raise ValueError('iteration value must be greater than 0.')
        if iterations > 2**31 - 1:
            raise OverflowError('iteration value is too great.')
        length = hashlib.new(name).digest_size if dklen is None else dklen
        return derived(password, salt, length, kind='pbkdf2', digest=names[name], iterations=iterations)

    def scrypt(password, *, salt, n, r, p, maxmem=0, dklen=64):
        """scrypt password-based key derivation function (RFC 7914)."""
        if n < 2 or n & (n - 1):
            raise ValueError('n must be a power of 2.')
        if maxmem < 0:
            raise ValueError('maxmem must be positive.')
        return derived(password, salt, dklen, kind='scrypt', n=n, r=r, p=p, memory=maxmem or 32 * 1024 * 1024)

    for function in (pbkdf2_hmac, scrypt):
        function.__module__ = 'hashlib'
        setattr(hashlib, function.__name__, function)
    hashlib.__all__ = (*hashlib.__all__, *(name for name in ('pbkdf2_hmac', 'scrypt') if name not in hashlib.__all__))


def _add_zones():
    import sys

    sys.path.append('/lib/tzdata.zip')
    # Read here once, so that the snapshot holds what it takes to read one.
    import importlib.resources, zoneinfo  # noqa: F401

    zoneinfo.ZoneInfo('Europe/Berlin')


def _restore():
    import sys, time

    # Pyodide puts functions of its own in their place, which need its bridge to JavaScript.
    time.sleep = getattr(time.sleep, '__wrapped__', time.sleep)
    sys.excepthook = sys.__excepthook__


_restore()
_mend_strftime()
_add_derivations(_ez_exchange)
_add_zones()
del _make_exchange, _restore, _mend_strftime, _add_derivations, _add_zones
