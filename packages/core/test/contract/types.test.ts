import { describe, expectTypeOf, test } from 'vitest'
import type {
  Body,
  BodyTemplate,
  EditableRequest,
  Pairs,
  PrepareContext,
  PreparedRequest,
  PreRequestScript,
  Provider,
  prepare,
  RequestTemplate,
  ResolvedRequest,
  ScriptContext,
  Secret,
  SignContext,
  Signer,
  secret,
  signRequest,
  TraceStep,
} from '../../src/index.ts'

describe('the contract', () => {
  test('of the pipeline', () => {
    expectTypeOf<typeof prepare>().toBeCallableWith({ method: 'GET', url: 'https://api.example.com/' })
    expectTypeOf<typeof prepare>().returns.resolves.toEqualTypeOf<PreparedRequest>()
    expectTypeOf<typeof signRequest>().toBeCallableWith(new Request('https://api.example.com/'), [])
    expectTypeOf<ReturnType<typeof secret>>().toEqualTypeOf<Secret>()
    expectTypeOf<PrepareContext['clock']>().toEqualTypeOf<(() => Date) | undefined>()
  })

  test('of templates: exactly one kind of body', () => {
    expectTypeOf<{ json: unknown }>().toExtend<BodyTemplate>()
    expectTypeOf<{ form: [string, undefined][] }>().toExtend<BodyTemplate>()
    expectTypeOf<{ body: string }>().not.toExtend<BodyTemplate>()
    expectTypeOf<{ a: 1; b: undefined }>().toExtend<NonNullable<RequestTemplate['query']>>()
    expectTypeOf<{ a: { nested: true } }>().not.toExtend<NonNullable<RequestTemplate['query']>>()
    expectTypeOf<NonNullable<RequestTemplate['preRequest']>[number]>().toEqualTypeOf<
      PreRequestScript | Signer
    >()
  })

  test('of templates and contexts: what is written can be changed, and what is frozen still fits', () => {
    const template: RequestTemplate = { method: 'GET', url: 'https://api.example.com/', preRequest: [] }
    template.headers = { accept: 'application/json' }
    template.preRequest?.push({} as Signer)
    template.time = {}
    template.time.timeZone = 'UTC'
    const context: PrepareContext = {}
    context.variables = {}
    context.variables.host = 'api.example.com'
    expectTypeOf<RequestTemplate['preRequest']>().toEqualTypeOf<(PreRequestScript | Signer)[] | undefined>()
    expectTypeOf<
      Readonly<{ method: string; url: string; headers: Pairs; query: Pairs; body: Readonly<{ form: Pairs }> }>
    >().toExtend<RequestTemplate>()
    expectTypeOf<
      Readonly<{ variables: Readonly<Record<string, unknown>>; allowedHosts: readonly string[] }>
    >().toExtend<PrepareContext>()
  })

  test('of what is sealed: read-only', () => {
    expectTypeOf<ResolvedRequest['headers']>().toEqualTypeOf<Pairs>()
    expectTypeOf<ResolvedRequest['body']>().toEqualTypeOf<Body | null>()
    expectTypeOf<PreparedRequest>().toExtend<ResolvedRequest>()
    expectTypeOf<PreparedRequest['trace']>().toEqualTypeOf<readonly TraceStep[]>()
    expectTypeOf<[string, string][]>().toExtend<Pairs>()
    expectTypeOf<Pairs>().not.toExtend<[string, string][]>()
  })

  test('of steps', () => {
    expectTypeOf<Signer['specVersion']>().toEqualTypeOf<1>()
    expectTypeOf<Parameters<PreRequestScript['run']>>().toEqualTypeOf<
      [request: EditableRequest, context: ScriptContext]
    >()
    expectTypeOf<ScriptContext>().toExtend<SignContext>()
    expectTypeOf<ReturnType<Provider['create']>>().toEqualTypeOf<Signer | PreRequestScript>()
    expectTypeOf<Parameters<EditableRequest['headers']['set']>[1]>().toEqualTypeOf<string | Secret>()
  })
})
