/// <reference path="../../dist/script.d.ts" />
const key = crypto.hmac('sha256', String(variables.key), request.body.bytes())
/** @type {string} */
const text = crypto.sha256(key, 'hex')
// @ts-expect-error There is no such algorithm.
crypto.hash('md4', '')
/** @type {unknown} */
const region = variables.get('region', 'eu')
publish('region', region)
publish('signature', `${text} ${context.nonce()} ${String(parameters.region)}`)
for (const [name, value] of request.headers) console.log(name, value)
