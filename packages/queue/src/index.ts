export type {
  Job,
  JobDescription,
  JobLimit,
  JobRow,
  JobState,
  KeyCounts,
  RowEnd,
  RowResult,
} from './contract/job.ts'
export type { JobQueue } from './contract/job-queue.ts'
export type { OpenJob, RowSender, SendingRow, SentRow } from './contract/sender.ts'
export type { CollectOptions } from './jobs/collect.ts'
export { collectResults } from './jobs/collect.ts'
export { cancelJob, findJob, pauseJob, removeJob, resumeJob } from './jobs/control.ts'
export type { JobStatus, KeyStatus } from './jobs/describe.ts'
export { describeJob } from './jobs/describe.ts'
export type { EnqueueOptions } from './jobs/enqueue.ts'
export { enqueueJob } from './jobs/enqueue.ts'
export type { Trust } from './jobs/trust.ts'
export { fingerprintOf } from './jobs/trust.ts'
export { openQueue } from './open-queue.ts'
export type { CreateWorkerOptions, QueueWorker, WorkerEvents } from './worker/create-worker.ts'
export { createWorker } from './worker/create-worker.ts'
export type { SendOutcome } from './worker/send-outcome.ts'
export { judgeSend } from './worker/send-outcome.ts'
export type { SendWithOptions } from './worker/send-with.ts'
export { sendWith } from './worker/send-with.ts'
