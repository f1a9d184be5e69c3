create table users (id uuid);
create table articles (id uuid);
