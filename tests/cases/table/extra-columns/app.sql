create table tenants (id uuid, legacy text);
create table users (id uuid, legacy text);
create table posts (id uuid, legacy text);
