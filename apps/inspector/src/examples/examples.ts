import { stringify } from 'yaml'
import type { Example, Filled } from './example.ts'
import { fileOf, optionsOf, signedTextOf } from './from-vector.ts'
import { refusalExamples } from './refusals.ts'
import { type Vector, type VectorFile, vectorFiles } from './vectors.ts'

/** What the page offers: for every provider signed requests, refusals, and requests to sign. */
export const examples: readonly Example[] = vectorFiles.flatMap((file) => [
  ...file.vectors.map((vector, index) => signed(file, vector, index)),
  ...refusalExamples.filter(({ of }) => of === file.id).map((refusal) => refused(file, refusal)),
  toSign(file),
])

function signed(file: VectorFile, vector: Vector, index: number): Example {
  return {
    id: index === 0 ? file.id : `${file.id}/${index + 1}`,
    title: `${vector.title}`,
    group: file.group,
    source: vector.source,
    fill: async () => ({
      ...common(file, vector),
      use: 'explain',
      request: (await signedTextOf(file, vector)).text,
      answer: '',
    }),
  }
}

function refused(file: VectorFile, { title, source, answer }: (typeof refusalExamples)[number]): Example {
  const vector = first(file)
  return {
    id: `${file.id}/refused`,
    title: `Refused. ${title}`,
    group: file.group,
    source,
    fill: async () => {
      const { text, stages } = await signedTextOf(file, vector)
      return { ...common(file, vector), use: 'diagnose', request: text, answer: answer(stages) }
    },
  }
}

function toSign(file: VectorFile): Example {
  const vector = first(file)
  return {
    id: `${file.id}/sign`,
    title: `Sign: ${vector.title}`,
    group: file.group,
    source: vector.source,
    fill: async () => ({
      ...common(file, vector),
      use: 'sign',
      request: fileOf(file, vector),
      answer: '',
      credentials: '',
    }),
  }
}

// Verifiers want the secret of somebody else's request: here it is published.
function common(file: VectorFile, vector: Vector): Pick<Filled, 'credentials' | 'scheme' | 'at' | 'nonce'> {
  return {
    credentials: stringify(optionsOf(undefined, vector), { lineWidth: 0 }),
    scheme: file.id === 'aws-sigv4a' ? 'aws-sigv4a' : '',
    at: vector.context.now,
    nonce: vector.context.nonce ?? '',
  }
}

function first({ vectors }: VectorFile): Vector {
  return vectors[0] as Vector
}
