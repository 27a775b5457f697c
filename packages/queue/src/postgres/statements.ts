/**
 * Writes intents. An intent of the worker's own that it asks for again was never sent: its answer was lost. Parameters: worker, ids of jobs, numbers of rows, whether a row may be
 * sent again, seconds of life.
 */
export const beginRows = `
with given as (
  select g.n, j.number as job, j.state as job_state, g.row, g.repeatable
  from unnest($2::text[], $3::int[], $4::boolean[]) with ordinality as g (id, row, repeatable, n)
  left join ez.job j on j.id = g.id
), held as (
  select r.job, r.lane, r.place, r.number, r.state, r.worker, r.attempts, r.data
  from ez.row r join given g on r.job = g.job and r.number = g.row
  order by r.job, r.lane, r.place for update of r
), judged as (
  select g.n, h.job, h.lane, h.place, h.attempts, h.data, case
    when h.state is null then 'drop'
    when h.state >= 2 then 'skip'
    when h.state = 1 and h.worker <> $1 and exists (select from ez.worker w where w.number = h.worker
      and w.seen_at > clock_timestamp() - make_interval(secs => $5)) then 'wait'
    when h.state = 1 and h.worker <> $1 and g.job_state = 'cancelled' then 'doubt'
    when g.job_state <> 'running' then 'drop'
    when h.state = 1 and h.worker <> $1 and not g.repeatable then 'doubt'
    else 'send' end as may
  from given g left join held h on h.job = g.job and h.number = g.row
), begun as (
  update ez.row r set state = 1, worker = $1 from judged d
  where d.may = 'send' and r.job = d.job and r.lane = d.lane and r.place = d.place
)
select may, attempts, case when may = 'send' then data end as data from judged order by n`

/** Ends rows. Parameters: worker, ids of jobs, numbers of rows, states, results. */
export const finishRows = `
with given as (
  select j.number as job, g.row, g.state, g.result
  from unnest($2::text[], $3::int[], $4::smallint[], $5::text[]) as g (id, row, state, result)
  join ez.job j on j.id = g.id
), held as (
  select r.job, r.lane, r.place, r.number, r.state
  from ez.row r join given g on r.job = g.job and r.number = g.row
  order by r.job, r.lane, r.place for update of r
), ended as (
  update ez.row r set state = g.state, worker = null
  from held h join given g on h.job = g.job and h.number = g.row
  where r.job = h.job and r.lane = h.lane and r.place = h.place
    and (h.state < 2 or (h.state = 4 and g.state = 2))
  returning r.job, r.lane, r.number, g.state, g.result, h.state as before
), logged as (
  insert into ez.answer (job, number, state, result) select job, number, state, result from ended
)
insert into ez.tally as t (job, lane, worker, answered, unsent, in_doubt)
select job, lane, $1, count(*) filter (where state = 2), count(*) filter (where state = 3),
  count(*) filter (where state = 4) - count(*) filter (where before = 4)
from ended group by job, lane order by job, lane
on conflict (job, lane, worker) do update set answered = t.answered + excluded.answered,
  unsent = t.unsent + excluded.unsent, in_doubt = t.in_doubt + excluded.in_doubt`

/** Takes intents back. Parameters: worker, ids of jobs, numbers of rows, whether it counts as an attempt. */
export const releaseRows = `
with given as (
  select j.number as job, g.row, g.again
  from unnest($2::text[], $3::int[], $4::boolean[]) as g (id, row, again) join ez.job j on j.id = g.id
), held as (
  select r.job, r.lane, r.place, g.again from ez.row r join given g on r.job = g.job and r.number = g.row
  where r.state = 1 and r.worker = $1 order by r.job, r.lane, r.place for update of r
)
update ez.row r set state = 0, worker = null, attempts = attempts + h.again::int from held h
where r.job = h.job and r.lane = h.lane and r.place = h.place`

/** Adds rows. Parameters: job's number, numbers of rows, lanes, places, data. */
export const insertRows = `
insert into ez.row (job, number, lane, place, data)
select $1, * from unnest($2::int[], $3::int[], $4::int[], $5::text[])`

/** Lanes with rows that have not ended, of jobs that run or were cancelled. */
export const openLanes = `
select j.id as job, l.key, j.state, l.rows, l.fed, coalesce(sum(t.answered + t.unsent + t.in_doubt), 0)::int as ended
from ez.job j join ez.lane l on l.job = j.number
left join ez.tally t on t.job = l.job and t.lane = l.number
where j.state in ('running', 'cancelled')
group by j.number, j.id, l.number, l.key, j.state, l.rows, l.fed
having coalesce(sum(t.answered + t.unsent + t.in_doubt), 0) < l.rows
order by j.number, l.number`

/** Counts by account. Parameter: id of the job. */
export const countRows = `
select l.key, l.rows, coalesce(sum(t.answered), 0)::int as answered, coalesce(sum(t.unsent), 0)::int as unsent,
  coalesce(sum(t.in_doubt), 0)::int as "inDoubt"
from ez.job j join ez.lane l on l.job = j.number
left join ez.tally t on t.job = l.job and t.lane = l.number
where j.id = $1 group by l.number, l.key, l.rows order by l.number`

/**
 * Ended rows in their order. A transaction that is still under way may yet write before what is there: what it could
 * write is left for later. Parameters: id of the job, transaction and number after which to go on, how many.
 */
export const endedRows = `
select a.written::text as written, a.number, a.state, a.result
from ez.answer a join ez.job j on j.number = a.job
where j.id = $1 and (a.written, a.number) > ($2::xid8, $3::int)
  and a.written < pg_snapshot_xmin(pg_current_snapshot())
order by a.written, a.number limit $4`

/** Ends jobs of which all rows have ended. */
export const endJobs = `
update ez.job j set state = 'done' where j.state = 'running' and not exists (
  select from ez.lane l where l.job = j.number and l.rows > (
    select coalesce(sum(t.answered + t.unsent + t.in_doubt), 0) from ez.tally t where t.job = l.job and t.lane = l.number))`
