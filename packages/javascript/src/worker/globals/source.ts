import { codec } from './codec.ts'
import { fetch } from './fetch.ts'
import { postman } from './postman.ts'
import { prelude } from './prelude.ts'
import { request } from './request.ts'
import { small } from './small.ts'
import { url } from './url.ts'

/** A function of `host` that defines the globals of the sandbox, and gives what a run is started and ended with. */
export const globalsSource: string = `((host) => { 'use strict'
${[prelude, small, request].join('\n')}
})`

const strict = (source: string): string => `'use strict';(${source})`

/** Parts of the globals that are defined when a script first asks for them, by name: functions of the tools. */
export const globalParts: ReadonlyMap<string, string> = new Map([
  ['codec', strict(codec)],
  ['url', strict(url)],
  ['fetch', strict(fetch)],
  ['postman', strict(postman)],
])
