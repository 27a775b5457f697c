// Runs one script and comes to its end, with interpreters still there.
import { readFileSync } from 'node:fs'
import { prepare } from '@ez/core'
import { pythonScript } from '@ez/python'

const preRequest = [pythonScript({ source: "result = 'done'" })]
const { headers } = await prepare({
  method: 'GET',
  url: 'https://api.example.com/',
  headers: { result: '{%result%}' },
  preRequest,
})
const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').trim().split(' ')
console.log(headers[0]?.[1], children[0])
