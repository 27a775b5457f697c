#!/usr/bin/env bash
# akamai-edgegrid 4.0.4: an archive of the type application/tar+gzip is hashed as a form of its bytes, and "post" in small
# letters has no hash at all.
#
# Guess: the two types that the client knows as archives, application/gzip and application/tar+gzip, are hashed alike, byte by
# byte; and a method in small letters is the method (the signed text has it in capitals).
# What happens: the second type is known where the body is sent, not where it is hashed: the text "0=31&1=139&2=8" is hashed
# and the bytes are sent. For "post" the content hash is left empty, while the body is sent.
# Why it matters: the vendor's own client is refused with a signature that does not match, with the same file that passes
# under the other type.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts akamai-edgegrid@4.0.4 >/dev/null
cat >try.mjs <<'PROGRAM'
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'

const EdgeGrid = createRequire(import.meta.url)('akamai-edgegrid')
const { version } = JSON.parse(readFileSync('node_modules/akamai-edgegrid/package.json', 'utf8'))
const client = new EdgeGrid('client', 'secret', 'access', 'host.luna.akamaiapis.net')
let parts = []
const info = (seen) => seen.data && (parts = seen.data.split('\t'))
client.enableLogging({ info, debug() {}, warn() {}, error() {} })
const hash = (bytes) => createHash('sha256').update(bytes).digest('base64')
const archive = new Uint8Array([31, 139, 8])
const known = { [hash(archive)]: 'its bytes', [hash('0=31&1=139&2=8')]: '0=31&1=139&2=8', '': 'nothing' }
const look = (method, type, body) => {
  client.auth({ path: '/archives', method, headers: { 'Content-Type': type }, body })
  return { hashed: known[parts[5]], sent: client.request.data, method: parts[0] }
}
const gzip = look('POST', 'application/gzip', archive)
const tar = look('POST', 'application/tar+gzip', archive)
const small = look('post', 'application/json', '{"a":1}')
console.log(`akamai-edgegrid ${version}: hashed of application/gzip ${gzip.hashed}, of application/tar+gzip ${tar.hashed} (sent: ${tar.sent.length} bytes), of "post" ${small.hashed} (signed as ${small.method}, sent ${small.sent})`)
process.exit(gzip.hashed === 'its bytes' && tar.hashed === '0=31&1=139&2=8' && tar.sent === archive && small.hashed === 'nothing' ? 0 : 1)
PROGRAM
node try.mjs
