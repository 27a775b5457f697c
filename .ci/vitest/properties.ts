// Every property test starts from one seed, so that what passes on one machine passes on all. `EZ_SEED=random` looks
// for new cases, and `EZ_SEED=<number>` repeats a run.
import fc from 'fast-check'

const wanted = process.env.EZ_SEED ?? ''
const seed = wanted === 'random' ? fc.sample(fc.integer(), 1)[0] : Number(wanted || 20_260_115)
if (!Number.isInteger(seed)) throw new Error(`EZ_SEED: "${wanted}" is neither a whole number nor "random".`)

fc.configureGlobal({
  seed,
  reporter(details) {
    if (!details.failed) return
    const { seed, errorInstance } = details
    const message = `${fc.defaultReportMessage(details)}\nRepeat it with EZ_SEED=${seed}`
    throw new Error(message, { cause: errorInstance })
  },
})
