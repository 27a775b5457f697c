/** Grows by one with each change of the tables. */
export const schemaVersion = 1

/** Makes the tables; running it again changes nothing. */
export const tables: string = `
create schema if not exists ez;
create table if not exists ez.version (number int not null);
create table if not exists ez.job (
  number int generated always as identity primary key,
  id text not null unique,
  name text not null,
  started_at text not null,
  definition text not null,
  fingerprint text not null,
  signature text not null,
  repeatable boolean not null,
  variables text[] not null,
  per_second double precision,
  concurrency int,
  state text not null
);
create table if not exists ez.lane (
  job int not null references ez.job (number) on delete cascade,
  number int not null,
  key text not null,
  rows int not null default 0,
  fed int not null default 0,
  primary key (job, number),
  unique (job, key)
);
-- state: 0 waiting, 1 intent, 2 answered, 3 unsent, 4 in doubt
create table if not exists ez.row (
  job int not null,
  number int not null,
  lane int not null,
  place int not null,
  worker int,
  state smallint not null default 0,
  attempts smallint not null default 0,
  data text not null,
  primary key (job, lane, place)
) with (fillfactor = 85);
create unique index if not exists row_number on ez.row (job, number);
create table if not exists ez.answer (
  job int not null,
  written xid8 not null default pg_current_xact_id(),
  number int not null,
  state smallint not null,
  result text not null
);
create index if not exists answer_order on ez.answer (job, written, number);
-- One line for each worker, so that workers do not wait for each other.
create table if not exists ez.tally (
  job int not null references ez.job (number) on delete cascade,
  lane int not null,
  worker int not null,
  answered int not null default 0,
  unsent int not null default 0,
  in_doubt int not null default 0,
  primary key (job, lane, worker)
);
create table if not exists ez.worker (
  number int generated always as identity primary key,
  id text not null unique,
  seen_at timestamptz not null
);
create table if not exists ez.key (
  key text primary key,
  per_second double precision,
  concurrency int,
  learned double precision,
  held_until double precision,
  held_for text
);
insert into ez.version select ${schemaVersion} where not exists (select from ez.version);
`
