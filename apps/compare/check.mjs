// Our own 150 requests by newman and by ez: only what is known, with its reason, may differ.
import { known } from './known.mjs'
import { ownCollection } from './src/collection.mjs'
import { compare } from './src/compare.mjs'
import { newmanFolder } from './src/newman.mjs'

try {
  newmanFolder()
} catch (error) {
  console.log(`skipped: comparison with newman. ${/** @type {Error} */ (error).message.split('\n')[0]}`)
  process.exit()
}
const { collection, environment } = ownCollection()
const results = await compare(JSON.stringify(collection), JSON.stringify(environment))
const used = new Set()
let same = 0
for (const [index, { name, differences }] of results.entries()) {
  const text = JSON.stringify(collection.item[index])
  for (const difference of differences) {
    const one = known.find(({ request, what }) => request.test(text) && what.test(difference))
    if (one) used.add(one)
    else report(`${name}: ${difference}`)
  }
  if (differences.length === 0) same += 1
}
// What is listed must be so.
for (const one of known) if (!used.has(one)) report(`nothing differs as known.mjs says: ${one.reason}`)
if (results.length !== collection.item.length) report(`${results.length} requests were compared`)
console.log(`${same} of ${results.length} requests are the same, ${used.size} differences are known`)

/** @param {string} problem */
function report(problem) {
  console.log(problem)
  process.exitCode = 1
}
