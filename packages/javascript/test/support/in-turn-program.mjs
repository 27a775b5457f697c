// Runs many different modules in turn, at the place where it stands; prints what went wrong.
import { prepare } from '@ez/core'
import { javascriptScript } from '@ez/javascript'

const wrong = []
for (let turn = 0; turn < 4; turn += 1)
  for (let index = 0; index < 12; index += 1) {
    const source = `export default () => console.log(${index})`
    try {
      const preRequest = [javascriptScript({ source, timeoutMs: 30_000 })]
      const { trace } = await prepare({ method: 'GET', url: 'https://a.example/', preRequest })
      const said = trace.find(({ id }) => id === 'log')?.value
      if (said !== String(index)) wrong.push(`${index}: ${said}`)
    } catch (error) {
      wrong.push(`${index}: ${error.message}`)
    }
  }
console.log(JSON.stringify(wrong))
