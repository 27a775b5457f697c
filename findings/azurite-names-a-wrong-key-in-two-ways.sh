#!/usr/bin/env bash
# Azurite 3.37.0: a wrong key is "AuthorizationFailure" for blobs and tables, and "AuthenticationFailed" for queues.
#
# Guess: one server, one scheme (Shared Key), one code; the vendor's list of common errors has AuthenticationFailed for a
# signature that does not match, and keeps AuthorizationFailure for one that does and may not.
# What happens: the same wrong key, and the absence of one, is told by two codes, according to the port. The message is that
# of a failed authentication in each of them.
# Why it matters: code and advice that go by the code ("your key is right, ask for the permission") point the wrong way for
# two of three services, and tests against the emulator teach the wrong branch.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts azurite@3.37.0 >/dev/null
cat >try.mjs <<'PROGRAM'
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'

const { version } = JSON.parse(readFileSync('node_modules/azurite/package.json', 'utf8'))
const names = ['blob', 'queue', 'table']
const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address()
    server.close(() => resolve(port))
  })
})
const ports = [await freePort(), await freePort(), await freePort()]
const options = names.flatMap((name, index) => [`--${name}Port`, ports[index], `--${name}Host`, '127.0.0.1'])
const common = ['--inMemoryPersistence', '--disableTelemetry', '--skipApiVersionCheck']
const azurite = spawn(process.execPath, ['node_modules/azurite/dist/src/azurite.js', ...common, ...options])
let output = ''
await new Promise((resolve, reject) => {
  azurite.stdout.on('data', (data) => (output += data) && (output.match(/successfully listening/g) ?? []).length === 3 && resolve())
  azurite.on('exit', () => reject(new Error(output)))
})
const ask = async (name, index) => {
  const date = new Date().toUTCString()
  const headers = { 'x-ms-date': date, 'x-ms-version': '2021-12-02', accept: 'application/json' }
  const table = name === 'table'
  const path = table ? '/devstoreaccount1/Tables' : '/devstoreaccount1'
  const rest = table ? ['', '', date] : [...Array(11).fill(''), `x-ms-date:${date}`, 'x-ms-version:2021-12-02']
  const text = ['GET', ...rest, `/devstoreaccount1${path}`, ...(table ? [] : ['comp:list'])].join('\n')
  const signature = createHmac('sha256', 'a wrong key').update(text).digest('base64')
  const url = `http://127.0.0.1:${ports[index]}${path}${table ? '' : '?comp=list'}`
  const codes = [`SharedKey devstoreaccount1:${signature}`, ''].map(async (authorization) => {
    const response = await fetch(url, { headers: authorization ? { ...headers, authorization } : headers })
    return response.headers.get('x-ms-error-code')
  })
  return [...new Set(await Promise.all(codes))].join(' and ')
}
const seen = await Promise.all(names.map(ask))
azurite.removeAllListeners('exit')
azurite.kill()
console.log(`Azurite ${version}: a wrong key and none: ${names.map((name, index) => `${name} ${seen[index]}`).join(', ')}`)
process.exit(seen.join() === 'AuthorizationFailure,AuthenticationFailed,AuthorizationFailure' ? 0 : 1)
PROGRAM
node try.mjs
