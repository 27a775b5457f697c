import type { CaseResult, RequestResult } from '../model.ts'

/** The report as data; masked, as the printed one is. */
export function reportData(results: readonly RequestResult[], sent: number): object {
  const cases = results.flatMap((result) => result.cases)
  const failed = cases.filter(({ problems }) => problems.length > 0).length
  return {
    ok: failed === 0,
    sent,
    asExpected: cases.length - failed,
    notAsExpected: failed,
    requests: results.map(({ request, cases: ofRequest }) => ({
      name: request.name,
      title: request.title,
      vendor: request.vendor,
      ...(request.note === undefined ? {} : { note: request.note }),
      cases: ofRequest.map(caseData),
    })),
  }
}

function caseData(result: CaseResult): object {
  const {
    defect,
    expected,
    prepared,
    tampered,
    answer,
    refusedBeforehand,
    code,
    sameAs,
    diagnosis,
    problems,
  } = result
  return {
    case: defect ?? 'right',
    ok: problems.length === 0,
    expected,
    ...(tampered === undefined ? {} : { tampered }),
    // Holds the trace: every stage with its text.
    ...(prepared === undefined ? {} : { request: prepared.toJSON() }),
    ...(answer === undefined ? {} : { response: answer }),
    ...(refusedBeforehand === undefined ? {} : { refusedBeforehand }),
    ...(code === undefined ? {} : { code }),
    ...(sameAs === undefined ? {} : { sameAs }),
    ...(diagnosis === undefined ? {} : { diagnosis }),
    problems,
  }
}
