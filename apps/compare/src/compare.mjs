// One collection by both, and what differs.
import { differencesOf } from './difference.mjs'
import { runEz } from './ez.mjs'
import { runNewman } from './newman.mjs'
import { startRecorder } from './recorder.mjs'
import { toLoopback } from './to-loopback.mjs'

/**
 * @param {string} collectionText
 * @param {string | undefined} environmentText
 * @returns {Promise<{ name: string, differences: string[] }[]>} one entry for each request of the collection, in order
 */
export async function compare(collectionText, environmentText) {
  const recorder = await startRecorder()
  try {
    const collection = toLoopback(collectionText, recorder.port)
    const environment = environmentText === undefined ? undefined : toLoopback(environmentText, recorder.port)
    const names = await runNewman(collection, environment)
    const reference = recorder.take().filter(isOfCollection)
    const ours = await runEz(collection, environment)
    const own = recorder.take().filter(isOfCollection)
    let next = 0
    return names.map((name, index) => {
      // Requests that ez refused are left out of what it sent.
      const refusal = problemOf(ours.problems, name)
      if (refusal !== undefined) return { name, differences: [`ez did not send it: ${refusal}`] }
      const mine = own[next]
      next += 1
      const theirs = reference[index]
      if (!theirs) return { name, differences: ['newman did not send it'] }
      if (!mine)
        return {
          name,
          differences: [`ez did not send it: ${ours.problems.get('the flow') ?? 'it ended before'}`],
        }
      return { name, differences: differencesOf(theirs, mine) }
    })
  } finally {
    recorder.close()
  }
}

// What scripts send by themselves goes to a path of its own.
const isOfCollection = (/** @type {{ line: string }} */ { line }) => !/ \/of-script\b/.test(line)
const problemOf = (/** @type {Map<string, string>} */ problems, /** @type {string} */ name) =>
  [...problems].find(([one]) => one === name || one.endsWith(` / ${name}`))?.[1]
