create table payments (
  id uuid,
  state text not null default 'hunter3hunter3' check (state in ('open', 'done', 'lost')),
  made_at timestamp,
  tenant integer references tenants (id),
  size integer
);
create index by_state on payments (made_at) where state = 'open';
create table tenants (id integer primary key, name text, region text, unique (name, region));
create table refunds (id uuid primary key, reason text);
