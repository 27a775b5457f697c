# The `request` of a script: what it reads comes from the host, what it edits goes back as a list. Lives in the
# interpreter's memory snapshot; what it needs is bound here, beforehand.
def _make_request(exchange):
    import base64, json

    loads, dumps, b64, unb64 = json.loads, json.dumps, base64.b64encode, base64.b64decode

    class NotText(TypeError):
        """What was written to the request is no text."""

    def text(place, value):
        """A text or a number as text; what else has one, such as None, was not meant to be sent."""
        if isinstance(value, str):
            return str.__str__(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return int.__repr__(value)
        if isinstance(value, float) and value - value == 0:
            return float.__repr__(value)
        shown = repr(value) if value is None or isinstance(value, (bool, float)) else f'of type {type(value).__name__}'
        raise NotText(f'{place} takes text or a number, and what was written is {shown}. Turn it into text first.')

    class Pairs:
        """An ordered list of names and values; header names are matched without case."""

        def __init__(self, place, pairs, fold, edits):
            self._place, self._pairs, self._fold, self._edits = place, [tuple(pair) for pair in pairs], fold, edits
            self._attribute = {'header': 'headers'}.get(place, place)

        def _same(self, name):
            wanted = self._fold(name)
            return [index for index, pair in enumerate(self._pairs) if self._fold(pair[0]) == wanted]

        def get(self, name, default=None):
            found = self._same(name)
            return self._pairs[found[0]][1] if found else default

        def get_all(self, name):
            return [self._pairs[index][1] for index in self._same(name)]

        def _texts(self, name, value):
            name = text(f'the name of a {self._place}', name)
            return name, text(f'request.{self._attribute}[{name!r}]', value)

        def set(self, name, value):
            name, value = self._texts(name, value)
            found = self._same(name)
            if found:
                self._pairs[found[0]] = (name, value)
                for index in reversed(found[1:]):
                    del self._pairs[index]
            else:
                self._pairs.append((name, value))
            self._edits.append([self._place, 'set', name, value])

        def append(self, name, value):
            name, value = self._texts(name, value)
            self._pairs.append((name, value))
            self._edits.append([self._place, 'append', name, value])

        def delete(self, name):
            name = text(f'the name of a {self._place}', name)
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

    def fields_of(name, value):
        name = text('the name of a form field', name)
        return [name, text(f'the form field {name!r}', value)]

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
            self._method = text('request.method', value)
            self._edits.append(['method', self._method])

        @property
        def url(self):
            return self._url

        @url.setter
        def url(self, value):
            self._url = text('request.url', value)
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
                raise NotText('request.body takes str, bytes or None; use set_json or set_form for the rest')

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
            self._edits.append(['body', 'form', dumps([fields_of(name, value) for name, value in pairs])])

    return Request, NotText
