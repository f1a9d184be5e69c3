create table payments (
  id uuid primary key,
  state text not null default 'hunter2hunter2' check (state in ('open', 'done')),
  made_at timestamp default current_timestamp,
  tenant integer references tenants (id) on delete cascade,
  size integer generated always as (length(state)) stored
);
create index by_state on payments (state, made_at);
create table tenants (id integer primary key, name text unique, region text);
create table refunds (id uuid primary key, reason text default 'none');
create table old_refunds (id uuid);
