import { secret } from '@ez/core'
import { metrics, SpanKind, trace } from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { expect, onTestFinished, test } from 'vitest'
import { createClient } from '../src/index.ts'
import { openTelemetry } from '../src/telemetry/open-telemetry.ts'
import { answer, closedServer, startServer } from './support/server.ts'
import { FakeTimers } from './support/timers.ts'

test('without an SDK nothing happens', async () => {
  const server = await startServer((_, response) => answer(response, 200))
  const client = createClient({ telemetry: openTelemetry() })
  expect((await client.send({ method: 'GET', url: server.url })).status).toBe(200)
})

test('spans and metrics of each attempt, without a secret', async () => {
  const spans = new InMemorySpanExporter()
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }))
  const points = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter: points, exportIntervalMillis: 60_000 })
  const provider = new MeterProvider({ readers: [reader] })
  metrics.setGlobalMeterProvider(provider)
  onTestFinished(async () => {
    trace.disable()
    metrics.disable()
    await provider.shutdown()
  })

  const server = await startServer((_, response, count) => answer(response, count === 1 ? 503 : 200))
  const client = createClient({
    timers: new FakeTimers(),
    telemetry: openTelemetry(),
    variables: { key: secret('example-key-123456') },
    retry: { limit: 1 },
  })
  await client.send({ name: 'orders', method: 'GET', url: server.url, query: { key: '{{key}}' } })
  const closed = await closedServer()
  await client.send({ method: 'GET', url: closed }).catch(() => undefined)
  const tenant = {
    variables: { tenant: secret('tenant-4711.example.com') },
    fetch: async () => new Response(),
  }
  await client.send({ method: 'GET', url: 'https://{{tenant}}:8443/' }, tenant)

  const finished = spans.getFinishedSpans()
  expect(finished.map(({ name }) => name)).toEqual([
    ...['GET', 'GET', 'send orders'],
    ...['GET', 'GET', 'send'],
    ...['GET', 'send'],
  ])
  const [first, second, send, third] = finished
  expect(first?.kind).toBe(SpanKind.CLIENT)
  expect(first?.attributes).toMatchObject({
    'http.request.method': 'GET',
    'server.address': '127.0.0.1',
    'server.port': Number(new URL(server.url).port),
    'url.full': `${server.url}/?key=***`,
    'http.response.status_code': 503,
    'error.type': '503',
  })
  expect(second?.attributes).toMatchObject({
    'http.response.status_code': 200,
    'http.request.resend_count': 1,
  })
  expect(send?.attributes).toMatchObject({ 'http.response.status_code': 200 })
  expect(third?.attributes).toMatchObject({ 'error.type': 'EZ_NETWORK' })
  expect(finished[6]?.attributes).toMatchObject({
    'server.address': '***',
    'server.port': 8443,
    'url.full': 'https://***:8443/',
  })
  const shown = JSON.stringify(finished.map(({ name, attributes }) => [name, attributes]))
  expect(shown).not.toMatch(/123456|4711/)

  await reader.forceFlush()
  const exported = points.getMetrics().at(-1)?.scopeMetrics[0]?.metrics ?? []
  expect(exported.map(({ descriptor }) => descriptor.name).sort()).toEqual([
    'ez.client.retries',
    'http.client.request.duration',
  ])
})
