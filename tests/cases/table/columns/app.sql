create table tenants (
  id uuid,
  name text,
  nickname text not null,
  plan text default 'sk_live_4eC39HqLyjWDarjtT1zdp7dc',
  note text default 'none',
  secret text,
  size integer,
  seats integer generated always as (1) stored,
  region text,
  tier text check (tier in ('a', 'c')),
  telephon text
);
