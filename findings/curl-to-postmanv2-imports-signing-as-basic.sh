#!/usr/bin/env bash
# curl-to-postmanv2 1.8.4 (Postman's import of curl): --aws-sigv4 becomes Basic, and a password ends at its first colon.
#
# Guess: Postman has AWS Signature as a kind of authorization, so curl's option becomes that or is refused; and only the first
# colon of -u parts name and password (curl's manual, RFC 7617, section 2).
# What happens: --aws-sigv4 is left out and the two keys become user name and password of Basic authorization; of
# "key:one:two" the password is "one". --digest is known.
# Why it matters: the imported request sends the secret key itself, in base64, which the command never does; and a password
# that was cut is refused while the command on the same screen works.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts curl-to-postmanv2@1.8.4 >/dev/null
cat >try.mjs <<'PROGRAM'
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'

const { convert } = createRequire(import.meta.url)('curl-to-postmanv2')
const { version } = JSON.parse(readFileSync('node_modules/curl-to-postmanv2/package.json', 'utf8'))
const authOf = (command) =>
  new Promise((resolve, reject) => {
    convert({ type: 'string', data: command }, (error, { result, reason, output }) => {
      if (error || !result) return reject(error ?? new Error(reason))
      const { auth } = output[0].data
      resolve([auth.type, ...auth[auth.type].map(({ value }) => value)].join(' '))
    })
  })
const options = ['--aws-sigv4 aws:amz:eu-west-1:s3 -u AKIDEXAMPLE:example', '-u key:one:two', '--digest -u key:one']
const seen = await Promise.all(options.map((option) => authOf(`curl ${option} https://api.example.com/orders`)))
console.log(`curl-to-postmanv2 ${version}: ${options.map((option, index) => `${option} -> ${seen[index]}`).join('; ')}`)
process.exit(seen.join() === 'basic AKIDEXAMPLE example,basic key one,digest key one' ? 0 : 1)
PROGRAM
node try.mjs
