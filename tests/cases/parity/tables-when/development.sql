create table payments (
  id uuid primary key,
  amount integer not null,
  currency text default 'KES',
  passkey_enc blob
);
create table refunds (id uuid primary key);
create index by_amount on payments (amount);
