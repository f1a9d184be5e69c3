create table payments (
  id uuid primary key,
  amount bigint,
  currency text default 'USD',
  passkey_enc text
);
create table audits (id uuid primary key, payment uuid);
create view refunds as select id from audits;
