create table tenants (
  id uuid primary key,
  name varchar(40) not null unique,
  plan text not null default 'free' check (plan in ('free', 'paid')),
  created_at timestamp not null default current_timestamp
);
create table credentials (
  id integer primary key,
  tenant_id uuid not null references tenants (id) on delete cascade,
  environment text not null,
  secret blob,
  size integer generated always as (length(secret)) stored,
  constraint secret_is_there check (length(secret) > 0),
  unique (tenant_id, environment)
);
create index by_environment on credentials (environment, tenant_id);
create view sandboxes as select * from credentials where environment = 'sandbox';
