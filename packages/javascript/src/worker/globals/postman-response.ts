/** `pm.response`, `pm.expect` and the old names, of scripts that look at an answer. Assertions are those of Postman. */
export const postmanResponse: string = `
let chai
const expectWith = () => {
  if (chai !== undefined) return chai
  chai = requireFrom('')('chai')
  chai.use(responseAssertions)
  return chai
}
const isResponse = (value) => value !== null && value === response
const subject = (assertion) => assertion._obj
const jsonOf = (value) => {
  try { return { value: value.json() } } catch { return undefined }
}
const groups = { info: 1, success: 2, redirection: 3, clientError: 4, serverError: 5 }
const codes = { accepted: 202, badRequest: 400, unauthorized: 401, forbidden: 403, notFound: 404, notAcceptable: 406, rateLimited: 429 }
const responseAssertions = ({ Assertion }, { flag }) => {
  const property = (name, check, wanted) =>
    Assertion.addProperty(name, function () {
      if (!isResponse(subject(this))) throw new TypeError("'" + name + "' is for pm.response")
      this.assert(check(subject(this)), 'expected response to ' + wanted, 'expected response not to ' + wanted)
    })
  for (const [name, group] of entries(groups))
    property(name, ({ code }) => Math.floor(code / 100) === group, 'have a status code ' + group + 'XX')
  for (const [name, wanted] of entries(codes))
    property(name, ({ code }) => code === wanted, 'have status code ' + wanted)
  property('error', ({ code }) => code >= 400, 'have a status code 4XX or 5XX')
  property('withBody', (one) => one.text() !== '', 'have a body')
  property('json', (one) => jsonOf(one) !== undefined, 'be JSON')
  // chai's own words mean other things for other values.
  Assertion.overwriteProperty('ok', (original) => function () {
    if (!isResponse(subject(this))) return original.call(this)
    this.assert(subject(this).code === 200, 'expected response to have status code 200', 'expected response not to have status code 200')
  })
  Assertion.addMethod('status', function (wanted) {
    const { code, status } = subject(this)
    const actual = typeof wanted === 'number' ? code : status
    this.assert(actual === wanted, 'expected response to have status #{exp} but got #{act}', 'expected response not to have status #{act}', wanted, actual)
  })
  Assertion.addMethod('statusCodeClass', function (wanted) {
    const group = Math.floor(subject(this).code / 100)
    this.assert(group === wanted, 'expected response code to be #{exp}XX but got #{act}XX', 'expected response code not to be #{act}XX', wanted, group)
  })
  Assertion.addMethod('header', function (name, value) {
    const { headers } = subject(this)
    if (value === undefined)
      return this.assert(headers.has(name), 'expected response to have header ' + name, 'expected response not to have header ' + name)
    const actual = headers.get(name)
    this.assert(actual === value, 'expected header ' + name + ' to be #{exp} but got #{act}', 'expected header ' + name + ' not to be #{act}', value, actual)
  })
  Assertion.addMethod('body', function (wanted) {
    const text = subject(this).text()
    const good = wanted === undefined ? text !== '' : wanted instanceof RegExp ? wanted.test(text) : text === wanted
    this.assert(good, 'expected response body to be #{exp} but got #{act}', 'expected response body not to be #{act}', wanted, text)
  })
  Assertion.addMethod('jsonBody', function (path, wanted) {
    const found = jsonOf(subject(this))
    if (found === undefined || path === undefined)
      return this.assert(found !== undefined, 'expected response body to be JSON', 'expected response body not to be JSON')
    if (typeof path !== 'string')
      return this.assert(expectWith().util.eql(found.value, path), 'expected response body JSON to equal #{exp}', 'expected response body JSON not to equal #{exp}', path, found.value)
    const at = expectWith().util.getPathInfo(found.value, path)
    const good = at.exists && (wanted === undefined || expectWith().util.eql(at.value, wanted))
    this.assert(good, 'expected ' + path + ' in the response body to be #{exp} but got #{act}', 'expected ' + path + ' in the response body not to be #{act}', wanted, at.value)
  })
  const timed = (name) => (original) => function (milliseconds) {
    if (!flag(this, 'responseTime')) return original.apply(this, arguments)
    const { responseTime } = subject(this)
    const good = name === 'below' ? responseTime < milliseconds : responseTime > milliseconds
    this.assert(good, 'expected response time to be ' + name + ' #{exp} ms but got #{act}', 'expected response time not to be ' + name + ' #{exp} ms', milliseconds, responseTime)
  }
  Assertion.addProperty('responseTime', function () { flag(this, 'responseTime', true) })
  for (const name of ['below', 'above']) Assertion.overwriteMethod(name, timed(name))
  Assertion.addMethod('jsonSchema', () =>
    host('refuse', 'pm.response.to.have.jsonSchema: this is not there. Use tv4.validate, or look at single values.'))
}
const headersOf = (pairs) => {
  const find = (name) => pairs.find(([one]) => one.toLowerCase() === toText(name).toLowerCase())
  const all = () => pairs.map(([key, value]) => ({ key, value }))
  return {
    get: (name) => find(name)?.[1],
    has: (name, value) => { const found = find(name); return found !== undefined && (value === undefined || found[1] === value) },
    one: (name) => { const found = find(name); return found && { key: found[0], value: found[1] } },
    all, toObject: () => Object.fromEntries(pairs), count: () => pairs.length,
    each: (run) => all().forEach(run), map: (run) => all().map(run), filter: (run) => all().filter(run), find: (run) => all().find(run),
  }
}
const makeResponse = ({ status, statusText, headers, text, size, milliseconds }) => {
  const made = {
    code: status, status: statusText, responseTime: milliseconds, responseSize: size, headers: headersOf(headers),
    text: () => text, json: () => parse(text), reason: () => statusText,
    size: () => ({ body: size, header: 0, total: size }),
  }
  accessor(made, 'to', () => expectWith().expect(made).to)
  return made
}
const response = given.response && makeResponse(given.response)
`
